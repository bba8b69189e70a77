package gradus.lessons.prompt.cli;

import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.template.Chain;
import gradus.lessons.prompt.template.PromptTemplate;
import gradus.lessons.retrieve.extract.TextRows;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus prompt chain`
@Command(
        name = "chain",
        description = {
            "Prompts one after the other: what the model writes for one is filled into",
            "those behind it, under the step's name. The last text is the answer; the",
            "others are shown as thoughts."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "The file, a JSON object a line:",
            "  {\"name\": \"facts\", \"prompt\": \"List what is known.\\n\\n{question}\\n\\nFacts:\"}",
            "  {\"name\": \"answer\", \"prompt\": \"{question}\\n\\nFacts:{facts}\\n\\nAnswer:\"}",
            "",
            "Examples:",
            "  gradus prompt chain \"How many legs have three cats?\" --steps steps.jsonl --model ollama:qwen3:0.6b"
        })
final class ChainCommand implements Callable<Integer> {
    private static final TextRows ROWS = new TextRows("steps", List.of("name", "prompt"), Set.of());
    private static final String QUESTION = "question";

    @Mixin
    private Asking asking = new Asking();

    @Option(
            names = "--steps",
            required = true,
            paramLabel = "<file>",
            description = "the prompts in their order; {question} stands for the question, {NAME} for what an earlier"
                    + " step of that name has written, {{ for a brace")
    private Path steps;

    private final Console console;

    ChainCommand(Console console) {
        this.console = console;
    }

    private record Step(String name, PromptTemplate prompt) {}

    @Override
    public Integer call() {
        return asking.run(console, "chain", this::method);
    }

    private PromptMethod method(TextModel model) {
        Chain chain = Chain.of(model);
        for (Step step : ROWS.read(steps, row -> new Step(row.apply("name"), PromptTemplate.of(row.apply("prompt"))))) {
            Chain before = chain;
            chain = Asking.checked(steps + ": ", () -> before.then(step.name, step.prompt, asking.options(0)));
        }
        Chain whole = chain;
        return question -> Asking.checked(steps + ": ", () -> whole.run(Map.of(QUESTION, question)));
    }
}
