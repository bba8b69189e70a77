package gradus.lessons.prompt.data.cli;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.lessons.prompt.data.InstructionTask;
import gradus.lessons.prompt.data.SelfInstruct;
import gradus.lessons.prompt.data.TaskFile;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus data self-instruct`
@Command(
        name = "self-instruct",
        description =
                "Lets a model make up tasks like some seed tasks, and solve them: Self-Instruct, arXiv:2212.10560.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "The answers are kept in <file>.answers: where the command was stopped, the same command goes on.",
            "",
            "Example:",
            "  gradus data self-instruct --model ollama:llama3.2 --count 50 --out tasks.jsonl",
            "  gradus finetune --base runs/mine --data tasks.jsonl --chat-template chatml --method full --out tuned"
        })
final class SelfInstructCommand implements Callable<Integer> {
    @Mixin
    private LoopOptions options = new LoopOptions();

    @Option(
            names = "--seeds",
            paramLabel = "<file>",
            description = "seed tasks as JSONL with instruction, input, output and task_type; default 25 of our own")
    private Path seeds;

    @Option(names = "--count", paramLabel = "<n>", description = "how many new tasks; default 20")
    private int count = 20;

    @Option(names = "--rounds", paramLabel = "<n>", description = "the most times to ask for more tasks; default 20")
    private int rounds = 20;

    @Option(
            names = "--threshold",
            paramLabel = "<f>",
            description = "the largest ROUGE-L that two instructions may have; default 0.7")
    private double threshold = 0.7;

    private final Console console;

    SelfInstructCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SelfInstruct.Settings settings;
        try {
            settings = new SelfInstruct.Settings(count, rounds, threshold, options.seed());
        } catch (ConfigException wrong) {
            throw new UsageException("--" + wrong.getMessage(), wrong);
        }
        List<InstructionTask> shown = seeds == null ? TaskFile.seeds() : TaskFile.read(seeds);
        SelfInstruct.Result result = new SelfInstruct(options.open(), settings)
                .run(shown, task -> console.err().println(task.instruction()));
        if (result.tasks().isEmpty()) {
            throw new DataException("no task of the model could be kept in %s rounds, so %s is not written; dropped: %s"
                    .formatted(result.rounds(), options.out(), result.dropped()));
        }
        TaskFile.write(options.out(), result.tasks());
        console.text()
                .println("%s tasks in %s rounds in %s; dropped: %s"
                        .formatted(result.tasks().size(), result.rounds(), options.out(), result.dropped()));
        return 0;
    }
}
