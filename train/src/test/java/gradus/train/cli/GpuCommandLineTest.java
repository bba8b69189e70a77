package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.kernel.Device;
import gradus.train.EmulatedGpu;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The commands on an emulated card, and on machines whose cards cannot be used or fail.
class GpuCommandLineTest {
    private static final int LAUNCH_FAILED = 719;
    private static final String CARD = "cuda kernels on Emulated device 0";

    @TempDir
    Path folder;

    private EmulatedGpu gpu;
    private Path data;

    @BeforeEach
    void open() throws Exception {
        gpu = EmulatedGpu.open();
        data = Cli.text(folder);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    private Cli train(String run, String... more) {
        return Cli.train(data, folder.resolve(run), more);
    }

    /// Trains to the end. Then the card fails, because to emulate it while ten samples are written takes long.
    private Cli trainWithoutSamples(String run, String... more) {
        Cli trained = failing("(whole split)", Cli.arguments(data, folder.resolve(run), more));
        assertLost(trained);
        assertThat(folder.resolve(run).resolve("model.safetensors")).exists();
        return trained;
    }

    /// Runs a command whose card fails once it has said something.
    private Cli failing(String said, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int count) {
                super.write(bytes, from, count);
                if (toString(StandardCharsets.UTF_8).contains(said)) {
                    gpu.fail("cuLaunchKernel", 0, LAUNCH_FAILED);
                }
            }
        };
        int code = Main.run(new PrintStream(out), new PrintStream(err), arguments);
        gpu.reset();
        return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void assertLost(Cli cli) {
        cli.assertFailedAtLast(
                "gpu: cuLaunchKernel (", "CUDA_ERROR_LAUNCH_FAILED", "context is lost", "gradus train --resume");
        assertThat(cli.err()).doesNotContain("everything is in");
    }

    private List<Double> losses(String run) throws Exception {
        JsonMapper json = new JsonMapper();
        return Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl")).stream()
                .map(json::readTree)
                .filter(line -> line.has("loss"))
                .map(line -> line.get("loss").doubleValue())
                .toList();
    }

    private static double loss(Cli evaluated) {
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
        Matcher loss = Pattern.compile("loss +([0-9.]+)").matcher(evaluated.out());
        assertThat(loss.find()).isTrue();
        return Double.parseDouble(loss.group(1));
    }

    private static Cli succeeded(Cli cli) {
        assertThat(cli.code()).as(cli.err()).isZero();
        return cli;
    }

    @Test
    void trainsSamplesAndEvaluates() throws Exception {
        String run = folder.resolve("card").toString();
        assertThat(trainWithoutSamples("card", "--device=gpu").err()).contains(CARD);
        assertThat(succeeded(train("cpu", "--device=cpu")).err()).contains("vector kernels\n");
        assertThat(losses("card")).hasSizeGreaterThan(3);
        for (int i = 0; i < losses("cpu").size(); i++) {
            assertThat(losses("card").get(i)).isCloseTo(losses("cpu").get(i), within(1e-4));
        }
        assertThat(Files.readString(folder.resolve("card/config.json"))).contains("\"device\" : \"Emulated device 0\"");
        assertThat(Files.readString(folder.resolve("cpu/config.json"))).contains("\"device\" : \"host\"");

        assertThat(loss(Cli.run("eval", "--run", run, "--device=gpu")))
                .isCloseTo(loss(Cli.run("eval", "--run", run, "--device=cpu")), within(2e-4));
        String[] greedy = {"sample", "--run", run, "--tokens=12", "--temperature=0"};
        assertThat(succeeded(Cli.run(with(greedy, "--device=gpu"))).out())
                .isEqualTo(succeeded(Cli.run(with(greedy, "--device=cpu"))).out());
        assertThat(Device.current().name()).isEqualTo("host");
        assertThat(gpu.complaint()).isEmpty();
    }

    private static String[] with(String[] arguments, String more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = more;
        return all;
    }

    @Test
    void autoTakesTheCardIfItHasRoom() {
        String named = System.clearProperty("gradus.device"); // by which the build keeps all tests on the CPU
        try {
            assertThat(trainWithoutSamples("auto").err()).contains(CARD);
            assertThat(Cli.run("doctor").out()).contains("gpu             Emulated device 0, compute capability 7.5");
            gpu.set("Driver", 10020);
            assertThat(succeeded(train("old")).err())
                    .contains("vector kernels\n")
                    .doesNotContain("gpu");
        } finally {
            if (named != null) {
                System.setProperty("gradus.device", named);
            }
        }
    }

    /// What does not fit is refused before anything is made, by the memory of the card rather than the machine's.
    @Test
    void aModelLargerThanTheCardIsRefusedAtOnce() {
        gpu.memory(1L << 30);
        Cli cli = train("large", "--device=gpu", "--model.dim=256", "--model.layers=500");
        cli.assertRefused("500 layers take", "GiB with gradients and moments; this GPU has 1.0");
        assertThat(folder.resolve("large")).doesNotExist();
    }

    /// A card that fails on the way leaves whole checkpoints, and the training goes on from the last.
    @Test
    void goesOnAfterALostContextBitForBitOrOnAnotherDevice() throws Exception {
        String[] settings = {"--device=gpu", "--steps", "6", "--train.checkpointEvery=2"};
        trainWithoutSamples("whole", settings);
        for (String device : List.of("gpu", "cpu")) {
            String run = "from-" + device;
            assertLost(failing("step 5 of 6", Cli.arguments(data, folder.resolve(run), settings)));
            String[] resume = {"train", "--resume", folder.resolve(run).toString(), "--device=" + device};
            Cli resumed = device.equals("gpu") ? failing("(whole split)", resume) : succeeded(Cli.run(resume));
            assertThat(resumed.err()).contains("going on after step 4");
            if (device.equals("gpu")) {
                assertThat(resumed.err()).doesNotContain("begun on");
                assertThat(losses(run)).isEqualTo(losses("whole"));
            } else {
                assertThat(resumed.err()).contains("begun on Emulated device 0, going on on host", "not bit for bit");
                assertThat(losses(run).getLast()).isCloseTo(losses("whole").getLast(), within(1e-4));
            }
        }
    }

    @Test
    void memoryRunsOut() {
        trainWithoutSamples("fits", "--device=gpu");
        gpu.memory(2 << 20); // room for its parameters, gradients and moments, but not for all the rest
        Cli full = train("too-large", "--device=gpu", "--model.dim=64", "--model.heads=2", "--train.batchSize=256");
        full.assertFailedAtLast("the Emulated device 0's memory exhausted", "bytes more", "free", "smaller batch");
        gpu.reset();
        trainWithoutSamples("fits-again", "--device=gpu");
    }

    @Test
    void cardsThatCannotBeUsed() {
        refused("gpu:7: this machine has one card, gpu:0");
        gpu.set("Devices", 8);
        gpu.set("Capability", 61);
        refused("the Emulated device 7 has compute capability 6.1; 7.5 or newer is needed");
        gpu.set("Capability", 75);
        gpu.set("ComputeMode", 2);
        refused("'prohibited'");
        gpu.set("ComputeMode", 3);
        refused("'exclusive process'");
        gpu.set("ComputeMode", 0);
        gpu.set("Driver", 10000);
        refused("serves CUDA 10.0; 11.0 or newer");
        gpu.set("Driver", 12000);
        gpu.set("Devices", 0);
        refused("finds no card");
        gpu.reset();
        train("tf32", "--device=gpu", "--precision=tf32")
                .assertOneLine(1, "tf32: the Emulated device 0 has compute capability 7.5; TF32 needs 8.0");
        assertThat(folder.resolve("tf32")).doesNotExist();
    }

    private void refused(String why) {
        train("refused", "--device=gpu:7").assertOneLine(1, why); // a card that no other test opens
        assertThat(folder.resolve("refused")).doesNotExist();
    }
}
