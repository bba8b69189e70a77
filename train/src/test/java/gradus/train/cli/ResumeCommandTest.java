package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ResourceException;
import gradus.train.run.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `gradus train --resume`: what an interrupted run leaves in the end is what one without a pause leaves.
@Timeout(300)
class ResumeCommandTest {
    private static final String[] SETTINGS = {
        "--model.dropout=0.2",
        "--train.emaDecay=0.9",
        "--train.accumulation=2",
        "--train.checkpointEvery=2",
        "--train.evalEvery=6"
    };

    @TempDir
    Path folder;

    private String[] arguments(Path run, int steps) throws Exception {
        List<String> more = new ArrayList<>(List.of(SETTINGS));
        more.addAll(List.of("--steps", "" + steps));
        String[] all = Cli.arguments(Cli.text(folder), run, more.toArray(String[]::new));
        return Arrays.stream(all)
                .filter(argument -> !argument.equals("--train.evalEvery=2"))
                .toArray(String[]::new);
    }

    /// Weights, moments, averages, samples, vocabulary and settings byte for byte but for the date, and the
    /// metrics but for speed and time in them, and so the checkpoint's progress but for their length.
    private static List<String> remains(Path run) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : List.of("model.safetensors", "best.safetensors", "samples.txt", "tokenizer.json")) {
            files.add(run.resolve(name));
        }
        Path last = run.resolve("checkpoints/step-" + newest(run));
        for (String name : List.of("model.safetensors", "optimizer.safetensors", "average.safetensors")) {
            files.add(last.resolve(name));
        }
        List<String> remains = new ArrayList<>(List.of(last.getFileName().toString()));
        for (Path file : files) {
            remains.add(file.getFileName() + Arrays.toString(Files.readAllBytes(file)));
        }
        remains.add(Files.readString(run.resolve("config.json")).replaceFirst("\"date\" : \"[^\"]*\"", ""));
        remains.add(Files.readString(last.resolve("progress.json")).replaceFirst("\"logPosition\" : \\d+", ""));
        Files.readAllLines(run.resolve("metrics.jsonl"))
                .forEach(line -> remains.add(
                        line.replaceFirst("\"tokensPerSecond\":[^,}]*", "").replaceFirst("\"time\":[^,}]*", "")));
        return remains;
    }

    private List<String> straight(int steps) throws Exception {
        Path run = folder.resolve("straight");
        assertThat(Cli.run(arguments(run, steps)).code()).isZero();
        return remains(run);
    }

    private static Cli resume(Path run) {
        return Cli.run("train", "--resume", run.toString());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no such signal
    void goesOnAfterAnInterrupt() throws Exception { // BAD-INPUT 195
        Path run = folder.resolve("run");
        int steps = 60;
        Process process = start(arguments(run, steps));
        waitForStep(process, run, 8);
        process.destroy(); // SIGTERM
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        int newest = newest(run);
        assertThat(newest).isBetween(8, steps - 1);
        Cli resumed = resume(run);
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on after step " + newest);
        assertThat(remains(run)).isEqualTo(straight(steps));
    }

    /// Killed so often (5 times, or -Dgradus.test.kills) by SIGKILL in the course of 150 steps, each time at
    /// a random instant: after a random number of milliseconds, most of them counted from when the training
    /// has reached a random step, or begins to write a checkpoint there, and some from the start of the
    /// process.
    @Test
    void goesOnAfterBeingKilled() throws Exception { // BAD-INPUT 196
        Path run = folder.resolve("run");
        int steps = 150;
        SplittableRandom random = new SplittableRandom(25);
        int[] aims = random.ints(Integer.getInteger("gradus.test.kills", 5), 1, steps - 10)
                .sorted()
                .toArray();
        for (int kill = 0; kill < aims.length; kill++) {
            Process process = kill == 0 ? start(arguments(run, steps)) : start("train", "--resume", run.toString());
            switch (kill % 5) {
                case 4 -> waitForStep(process, run, aims[aims.length - 1], random.nextInt(1000));
                case 1, 3 -> waitForWriting(process, run, aims[kill]);
                default -> waitForStep(process, run, aims[kill]);
            }
            Thread.sleep(random.nextInt(8));
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("kill %d: it ended by itself", kill)
                    .isNotZero();
        }
        int newest = newest(run);
        Cli last = resume(run);
        assertThat(last.code()).as(last.err()).isZero();
        assertThat(last.err()).contains("going on after step " + newest);
        assertThat(remains(run)).isEqualTo(straight(steps));
    }

    static void waitForStep(Process process, Path run, int step) throws Exception {
        waitForStep(process, run, step, Integer.MAX_VALUE);
    }

    private static void waitForStep(Process process, Path run, int step, long milliseconds) throws Exception {
        long end = System.nanoTime() + 1_000_000 * milliseconds;
        while (newest(run) < step && System.nanoTime() < end) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(1);
        }
    }

    private static void waitForWriting(Process process, Path run, int step) throws Exception {
        waitForStep(process, run, step);
        while (checkpoints(run, "step-\\d+\\.tmp").isEmpty()) {
            assertThat(process.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    static int newest(Path run) {
        return checkpoints(run, "step-\\d+").stream()
                .mapToInt(name -> Integer.parseInt(name.substring(5)))
                .max()
                .orElse(0);
    }

    private static List<String> checkpoints(Path run, String pattern) {
        String[] names = run.resolve("checkpoints").toFile().list();
        return Stream.of(names == null ? new String[0] : names)
                .filter(name -> name.matches(pattern))
                .toList();
    }

    private static Process start(String... arguments) throws IOException {
        return Cli.process(PseudoTerminal.QUICK_START, "gradus.train.cli.Main", arguments)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void whatCannotBeResumed() throws Exception {
        Path run = folder.resolve("run");
        String[] begin = arguments(run, 6);
        assertThat(Cli.run(begin).code()).isZero();
        String name = run.toString();
        for (String more :
                List.of("--overwrite", "--train.lr=9", "--model.dim=8", "--preset=char-tiny")) { // BAD-INPUT 170
            Cli.run("train", "--resume", name, more).assertRefused("leave out " + more.replaceFirst("=.*", ""));
        }
        Cli.run("train", "--resume", folder.toString()).assertRefused("holds no run: config.json is missing");
        Cli.run("train", "--resume").assertRefused("--resume");

        Path text = folder.resolve("text.txt");
        String sound = Files.readString(text);
        Files.writeString(text, sound.replace("quick", "kciuq")); // BAD-INPUT 96
        Cli.run("train", "--resume", name).assertFailedAtLast("text.txt: the data has changed since the run was begun");
        Files.writeString(text, sound);

        Path tokenizer = run.resolve("tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"q\"", "\"Q\"")); // BAD-INPUT 134
        Cli.run("train", "--resume", name).assertFailedAtLast("tokenizer");
    }

    @Test
    void oneAtATime() throws Exception { // BAD-INPUT 193, 194
        Path run = folder.resolve("run");
        String[] begin = arguments(run, 6);
        assertThat(Cli.run(begin).code()).isZero();
        String own = String.valueOf(ProcessHandle.current().pid());
        try (RunLock lock = RunLock.take(run)) {
            assertThat(Files.readString(run.resolve("run.lock"))).isEqualTo(own + "\n");
            assertThatThrownBy(() -> RunLock.take(run))
                    .isInstanceOf(ResourceException.class)
                    .hasMessageContaining("process " + own + " is training there");
            Cli.run("train", "--resume", run.toString()).assertOneLine(1, "process " + own);
            List<String> overwrite = new ArrayList<>(List.of(begin));
            overwrite.add("--overwrite");
            Cli.run(overwrite.toArray(String[]::new)).assertOneLine(1, "process " + own);
        }
        assertThat(remains(run)).isNotEmpty(); // nothing was cleared
        Path other = folder.resolve("other");
        Process process = start(arguments(other, 1_000_000_000));
        try {
            waitForStep(process, other, 2);
            resume(other).assertOneLine(1, "process " + process.pid() + " is training there");
        } finally {
            process.destroyForcibly().waitFor();
        }
        Files.writeString(run.resolve("run.lock"), "999999\n"); // as a killed process leaves it
        assertThat(resume(run).code()).isZero();
    }
}
