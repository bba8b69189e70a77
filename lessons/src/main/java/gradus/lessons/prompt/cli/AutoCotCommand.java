package gradus.lessons.prompt.cli;

import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.autocot.AutoCot;
import gradus.lessons.prompt.autocot.AutoCotRules;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.method.ChainOfThought;
import gradus.lessons.prompt.method.FewShotChain;
import gradus.lessons.prompt.method.ZeroShotChain;
import gradus.lessons.retrieve.extract.TextFiles;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus prompt auto-cot`
@Command(
        name = "auto-cot",
        description = {
            "Makes demonstrations of questions alone: clusters them, and takes of each",
            "cluster one that the model answers in a simple way. Then answers the question",
            "by them, as cot --demos does."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt auto-cot \"How many legs have three cats?\" --questions sums.txt --answer number \\",
            "      --model ollama:qwen3:0.6b"
        })
final class AutoCotCommand implements Callable<Integer> {
    @Mixin
    private Asking asking = new Asking();

    @Mixin
    private AnswerOption answer = new AnswerOption();

    @Option(names = "--questions", required = true, paramLabel = "<file>", description = "questions, one a line")
    private Path questions;

    @Option(names = "--clusters", paramLabel = "<n>", description = "how many clusters; default ${DEFAULT-VALUE}")
    private int clusters = 8;

    @Option(
            names = "--embed",
            paramLabel = "<encoder>",
            description = "minilm, a folder of sentence-transformers, or a run of gradus train --task contrastive;"
                    + " default minilm")
    private String embed = SentenceEmbedder.MINI_LM;

    private final Console console;

    AutoCotCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return asking.run(console, "auto-cot", model -> {
            AnswerExtractor extractor = answer.extractor();
            ChainOfThought chain = new ZeroShotChain(
                    model,
                    ZeroShotChain.TRIGGER,
                    answer.isNumber() ? ZeroShotChain.NUMBER_CLOSING : ZeroShotChain.CLOSING,
                    extractor,
                    asking.options(0));
            AutoCotRules rules = answer.isNumber() ? AutoCotRules.arithmetic() : AutoCotRules.general();
            List<String> all = TextFiles.read(questions)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            if (all.isEmpty()) {
                throw new DataException(questions + " has no questions");
            }
            if (clusters < 1 || clusters > all.size()) {
                throw new UsageException("--clusters must be 1 to " + all.size() + ", as many as " + questions
                        + " has questions; got " + clusters);
            }
            AutoCot automatic = new AutoCot(SentenceEmbedder.named(embed), chain, clusters, rules, asking.seed());
            return question -> answered(question, automatic.demonstrations(all), model, extractor);
        });
    }

    private Outcome answered(String question, List<Demonstration> shown, TextModel model, AnswerExtractor extractor) {
        if (shown.isEmpty()) {
            throw new DataException("none of the questions of " + questions + " makes a demonstration: what the model"
                    + " wrote of them is too long, does not end with a full stop, or holds no answer");
        }
        List<Thought> thoughts = new ArrayList<>();
        for (Demonstration each : shown) {
            thoughts.add(new Thought(
                    "demonstration " + (thoughts.size() + 1),
                    "",
                    each.question() + "\n" + each.rationale() + "\n" + each.answer()));
        }
        Outcome outcome = new FewShotChain(model, Selection.all(shown), extractor, asking.options(0)).ask(question);
        thoughts.addAll(outcome.thoughts());
        return new Outcome(outcome.answer(), thoughts);
    }
}
