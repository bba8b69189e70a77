package gradus.train.cli.data;

import gradus.error.ConfigException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.tensor.random.Rng;
import gradus.train.align.AlignmentTask;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.rl.verifiable.Question;
import gradus.train.rl.verifiable.VerifiableTask;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus data answers`
@Command(
        name = "answers",
        description =
                "Writes questions with their right answers, a line each, as 457+268=527: what a model learns before"
                        + " gradus align lets it answer by itself.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "One question of eight is never written: gradus align measures on these.",
            "",
            "Example:",
            "  gradus data answers --task addition --out sums.txt",
            "  gradus train --data sums.txt --out runs/sums",
            "  gradus align --base runs/sums --task addition --out aligned"
        })
final class DataAnswersCommand implements Callable<Integer> {
    @Option(
            names = "--task",
            required = true,
            paramLabel = "<task>",
            description = "addition, sorting, countdown, parity, brackets or is-a")
    private AlignmentTask task;

    @Option(
            names = "--size",
            paramLabel = "<n>",
            description = "of the task: digits, numbers, bits or brackets, or the most letters of a word")
    private Integer size;

    @Option(names = "--out", required = true, paramLabel = "<file>", description = "the text")
    private Path out;

    @Option(names = "--count", paramLabel = "<n>", description = "how many; default 20000")
    private int count = 20_000;

    @Option(names = "--seed", paramLabel = "<n>", description = "of all random numbers; default 1")
    private long seed = 1;

    @Option(names = "--overwrite", description = "replace a file that is there")
    private boolean overwrite;

    private final Console console;

    DataAnswersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw new UsageException("--count must be at least 1; got " + count);
        }
        OutputFile.requireFree(out, overwrite);
        VerifiableTask made = made();
        Rng rng = Rng.of(seed).at("questions");
        try (BufferedWriter writer = Files.newBufferedWriter(out)) {
            for (int number = 0; number < count; number++) {
                Question question = made.question(rng, number);
                writer.write(question.prompt() + question.answer() + "\n");
            }
        } catch (IOException e) {
            throw new ResourceException(out + " cannot be written: " + FileReason.of(e), e);
        }
        console.err().println(String.format(Locale.ROOT, "%,d questions of %s with answers: %s", count, made, out));
        return 0;
    }

    private VerifiableTask made() {
        try {
            return task.of(size);
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }
}
