package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sun.misc.Signal;
import sun.misc.SignalHandler;

@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class InterruptsTest {
    @TempDir
    Path folder;

    /// Whoever starts this build may have told it to ignore signals, as `nohup` and shells without job control do. Then
    /// Java leaves them ignored, as is right, and nothing can be shown here.
    static void assumeHeard(String... signals) {
        for (String name : signals) {
            Signal signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, SignalHandler.SIG_DFL);
            Signal.handle(signal, before);
            assumeTrue(before != SignalHandler.SIG_IGN, name + " is ignored by whoever started this build");
        }
    }

    @Test
    void theSecondEndsAtOnce() throws Exception { // BAD-INPUT 197
        assumeHeard("INT", "TERM");
        CountDownLatch asked = new CountDownLatch(1);
        LinkedBlockingQueue<Integer> quit = new LinkedBlockingQueue<>();
        try (Interrupts interrupts = Interrupts.listen(asked::countDown, quit::add)) {
            assertThat(interrupts.received()).isFalse();
            assertThat(interrupts.exitCode()).isZero();
            Signal.raise(new Signal("INT"));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(interrupts.exitCode()).isEqualTo(130);
            assertThat(quit).isEmpty();
            Signal.raise(new Signal("TERM"));
            assertThat(quit.poll(10, TimeUnit.SECONDS)).isEqualTo(143);
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void whatWasLearntIsKept(String signal, int code) throws Exception { // BAD-INPUT 195
        assumeHeard(signal);
        Path run = folder.resolve("run");
        String[] arguments = Cli.arguments(Cli.text(folder), run, "--steps", "1000000000");
        CompletableFuture<Cli> training = CompletableFuture.supplyAsync(() -> Cli.run(arguments));
        Path metrics = run.resolve("metrics.jsonl");
        while (!Files.exists(metrics) || Files.size(metrics) == 0) {
            assertThat(training).isNotDone();
            Thread.sleep(20);
        }
        Signal.raise(new Signal(signal));
        Cli ended = training.get();
        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        assertThat(ended.err()).contains("stopped early");
        for (String file : List.of(
                "config.json", "tokenizer.json", "metrics.jsonl", "loss.png", "samples.txt", "model.safetensors")) {
            assertThat(run.resolve(file)).isNotEmptyFile();
        }
        assertThat(Cli.run("sample", "--run", run.toString()).code()).isZero();
    }

    /// As under `nohup`, or behind `&` in a script: what is ignored stays ignored, what is not is heard.
    @Test
    void t6_anIgnoredSignalStaysIgnored() throws Exception {
        Path run = folder.resolve("run");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        String[] training = Cli.arguments(Cli.text(folder), run, "--steps", "1000000000");
        command.addAll(Cli.process(PseudoTerminal.QUICK_START, "gradus.train.cli.Main", training)
                .command());
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            while (!Files.readString(said).contains("tokens/s")) {
                assertThat(process.isAlive()).as(Files.readString(said)).isTrue();
                Thread.sleep(20);
            }
            kill(process, "INT");
            kill(process, "HUP");
            kill(process, "TERM");
            assertThat(process.waitFor()).as(Files.readString(said)).isEqualTo(143);
            assertThat(Files.readString(said)).containsOnlyOnce("stopping after this step");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void kill(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }
}
