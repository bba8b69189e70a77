package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

/// `gradus train --resume`: what an interrupted run leaves in the end is what one without a pause leaves.
@Timeout(300)
class ResumeCommandTest {
    private static final String[] SETTINGS = {
        "--model.dropout=0.2", "--train.emaDecay=0.9", "--train.checkpointEvery=4", "--train.evalEvery=6"
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

    /// Weights, samples, vocabulary and settings byte for byte, and the metrics but for the clock's part in
    /// them.
    private static List<String> remains(Path run) throws IOException {
        List<String> remains = new ArrayList<>();
        for (String name : List.of("model.safetensors", "samples.txt", "tokenizer.json", "config.json")) {
            remains.add(Arrays.toString(Files.readAllBytes(run.resolve(name))));
        }
        Files.readAllLines(run.resolve("metrics.jsonl"))
                .forEach(line -> remains.add(line.replaceFirst("\"tokensPerSecond\":[^,}]*", "")));
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
    void goesOnAfterAnInterrupt() throws Exception { // BAD-INPUT 195
        Path run = folder.resolve("run");
        int steps = 60;
        Thread watch = Thread.ofPlatform().start(() -> interruptAfterACheckpoint(run));
        Cli stopped = Cli.run(arguments(run, steps));
        watch.join();
        assertThat(stopped.code()).as(stopped.err()).isEqualTo(143);
        assertThat(stopped.err()).contains("gradus train --resume " + run);
        Cli resumed = resume(run);
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on after step ");
        assertThat(remains(run)).isEqualTo(straight(steps));
    }

    private static void interruptAfterACheckpoint(Path run) {
        try {
            while (newest(run) < 8) {
                Thread.sleep(5);
            }
            Signal.raise(new Signal("TERM"));
        } catch (InterruptedException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Killed so often (three times, or -Dgradus.test.kills) by SIGKILL in the middle of its work, each time
    /// after another checkpoint.
    @Test
    void goesOnAfterBeingKilled() throws Exception { // BAD-INPUT 196
        Path run = folder.resolve("run");
        int kills = Integer.getInteger("gradus.test.kills", 3);
        int steps = 60 * (kills + 1);
        for (int kill = 0; kill < kills; kill++) {
            Process process = kill == 0 ? start(arguments(run, steps)) : start("train", "--resume", run.toString());
            int before = newest(run);
            while (newest(run) <= before) {
                assertThat(process.isAlive()).isTrue();
                Thread.sleep(5);
            }
            Thread.sleep(7L * kill); // not always at the same moment of a step
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        int newest = newest(run);
        Cli last = resume(run);
        assertThat(last.code()).as(last.err()).isZero();
        assertThat(last.err()).contains("going on after step " + newest);
        assertThat(remains(run)).isEqualTo(straight(steps));
    }

    private static int newest(Path run) throws IOException {
        Path checkpoints = run.resolve("checkpoints");
        if (!Files.exists(checkpoints)) {
            return 0;
        }
        try (var files = Files.list(checkpoints)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("step-\\d+"))
                    .mapToInt(name -> Integer.parseInt(name.substring(5)))
                    .max()
                    .orElse(0);
        }
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "gradus.train.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void withoutACheckpointItBeginsAtTheBeginning() throws Exception {
        Path run = folder.resolve("run");
        assertThat(Cli.run(arguments(run, 6)).code()).isZero();
        List<String> whole = remains(run);
        try (var files = Files.walk(run.resolve("checkpoints"))) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        assertThat(resume(run).code()).isZero();
        assertThat(remains(run)).isEqualTo(whole);
        assertThat(resume(run).code()).isZero(); // and once more, though it is complete
        assertThat(remains(run)).isEqualTo(whole);
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
        Cli.run("train", "--resume", name).assertFailedAtLast("the data has changed since the checkpoint");
        Files.writeString(text, sound.replace("quick", "QUICK")); // with a character that was not there
        Cli.run("train", "--resume", name).assertFailedAtLast("has changed since the run was begun");
        Files.writeString(text, sound);

        Path metrics = run.resolve("metrics.jsonl");
        Files.writeString(metrics, "");
        Cli.run("train", "--resume", name).assertFailedAtLast("something cut it");
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
        Files.writeString(run.resolve("run.lock"), "999999\n"); // as a killed process leaves it
        assertThat(resume(run).code()).isZero();
    }
}
