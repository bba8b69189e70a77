package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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

@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class InterruptsTest {
    @TempDir
    Path folder;

    @Test
    void theSecondEndsAtOnce() throws Exception { // BAD-INPUT 197
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
}
