package gradus.lessons.prompt.data.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.lessons.prompt.data.EvolInstruct;
import gradus.lessons.prompt.data.InstructionTask;
import gradus.lessons.prompt.data.TaskFile;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus data evolve`
@Command(
        name = "evolve",
        description = "Lets a model make tasks harder, and answer them: Evol-Instruct, arXiv:2304.12244.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "The answers are kept in <file>.answers: where the command was stopped, the same command goes on.",
            "",
            "Example:",
            "  gradus data evolve --model ollama:llama3.2 --in tasks.jsonl --out harder.jsonl"
        })
final class EvolveCommand implements Callable<Integer> {
    @Mixin
    private LoopOptions options = new LoopOptions();

    @Option(
            names = "--in",
            paramLabel = "<file>",
            description = "tasks as JSONL with instruction, input, output and task_type; default 25 of our own")
    private Path in;

    @Option(names = "--rounds", paramLabel = "<n>", description = "how often all are rewritten; default 4")
    private int rounds = 4;

    private final Console console;

    EvolveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        EvolInstruct.Settings settings;
        try {
            settings = new EvolInstruct.Settings(rounds, options.seed());
        } catch (ConfigException wrong) {
            throw new UsageException("--" + wrong.getMessage(), wrong);
        }
        List<InstructionTask> tasks = in == null ? TaskFile.seeds() : TaskFile.read(in);
        EvolInstruct.Result result = new EvolInstruct(options.open(), settings)
                .run(tasks, task -> console.err().println(task.instruction()));
        TaskFile.write(options.out(), result.tasks());
        console.text()
                .println("%s tasks, %s of them new, in %s; eliminated: %s"
                        .formatted(
                                result.tasks().size(),
                                result.tasks().size() - tasks.size(),
                                options.out(),
                                result.eliminated()));
        return 0;
    }
}
