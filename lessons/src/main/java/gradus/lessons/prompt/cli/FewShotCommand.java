package gradus.lessons.prompt.cli;

import gradus.error.UsageException;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.demonstration.CompletionForm;
import gradus.lessons.prompt.demonstration.InstructionForm;
import gradus.lessons.prompt.demonstration.LabelProbabilities;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.demonstration.TaskForm;
import gradus.lessons.prompt.method.FewShot;
import gradus.lessons.prompt.method.LabelChoice;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus prompt few-shot`
@Command(
        name = "few-shot",
        description = {
            "In-context learning: shows the model questions with their answers, then the",
            "question. Without --demos it is zero-shot prompting."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt few-shot \"3 + 4\" --demos sums.jsonl --select similar -k 3 --model my-run",
            "  gradus prompt few-shot \"a fine film\" --demos films.jsonl --labels good,bad --calibrate \\",
            "      --model my-model.gguf"
        })
final class FewShotCommand implements Callable<Integer> {
    @Mixin
    private Asking asking = new Asking();

    @Mixin
    private AnswerOption answer = new AnswerOption();

    @Mixin
    private DemonstrationOptions demonstrations = new DemonstrationOptions();

    @Option(
            names = "--instruction",
            paramLabel = "<text>",
            description = "what is to be done, for models that heed instructions; without, the model goes on with a"
                    + " text of questions and answers")
    private String instruction;

    @Option(
            names = "--labels",
            paramLabel = "<a,b>",
            split = ",",
            description = "takes the likeliest of these answers in place of what the model writes; for models that"
                    + " Gradus runs itself")
    private List<String> labels;

    @Option(
            names = "--calibrate",
            description = "of --labels: divides out which labels the model prefers without a question")
    private boolean calibrate;

    private final Console console;

    FewShotCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (calibrate && labels == null) {
            throw new UsageException("--calibrate is for --labels");
        }
        return asking.run(console, "few-shot", this::method);
    }

    private PromptMethod method(TextModel model) {
        TaskForm form = instruction == null ? CompletionForm.defaults() : new InstructionForm(instruction);
        Selection selection = demonstrations.selection(asking.seed()).orElse(Selection.none());
        if (labels == null) {
            return new FewShot(model, form, selection, answer.extractor(), asking.options(0));
        }
        List<String> stripped = labels.stream().map(String::strip).toList();
        LabelProbabilities.check(stripped);
        return new LabelChoice(asking.scorer(model, "--labels"), form, selection, stripped, calibrate);
    }
}
