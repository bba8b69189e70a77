package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.train.EmulatedGpu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Alignment on an emulated card says what it says on the CPU.
class GpuAlignmentTest extends InAlignment {
    /// Losses and metrics are sums of some dozen float32 numbers of about 1, each taken in another order.
    private static final double ROUNDING = 1e-4;

    private static final Set<String> OF_THE_CLOCK = Set.of("seconds", "tokensPerSecond", "learnSeconds");

    private EmulatedGpu gpu;

    @BeforeEach
    void open() {
        gpu = EmulatedGpu.open();
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpo", "ppo", "expert"})
    void learnsFromRewards(String method) throws Exception {
        Cli.run("data", "answers", "--task", "sorting", "--size", "2", "--count", "400", "--out", at("digits.txt"));
        assertThat(Cli.train(folder.resolve("digits.txt"), folder.resolve("run"), "--steps", "60", "--train.lr=1e-2")
                        .code())
                .isZero();
        List<JsonNode> lines = agree(
                "--task", "sorting", "--size", "2", "--held-out", "3", "--format-reward", "0.5", "--method", method);
        assertThat(lines.stream().filter(line -> line.has("reward")))
                .allSatisfy(line -> assertThat(line.get("reward").doubleValue()).isStrictlyBetween(0.0, 1.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dpo", "kto", "rm"})
    void learnsFromPreferences(String method) throws Exception {
        base();
        agree("--data", pairs("pairs.jsonl"), "--batch-size", "2", "--method", method);
    }

    private List<JsonNode> agree(String... arguments) throws Exception {
        List<JsonNode> card = metrics("gpu", arguments);
        List<JsonNode> host = metrics("cpu", arguments);
        assertThat(card).hasSameSizeAs(host).hasSizeGreaterThan(1);
        for (int i = 0; i < host.size(); i++) {
            JsonNode here = host.get(i);
            JsonNode there = card.get(i);
            assertThat(there.propertyNames()).isEqualTo(here.propertyNames());
            for (String name : here.propertyNames()) {
                if (here.get(name).isNumber() && !OF_THE_CLOCK.contains(name)) {
                    double expected = here.get(name).doubleValue();
                    assertThat(there.get(name).doubleValue())
                            .as("%s of line %s", name, i + 1)
                            .isCloseTo(expected, within(ROUNDING * Math.max(1, Math.abs(expected))));
                }
            }
        }
        assertThat(gpu.complaint()).isEmpty();
        return host;
    }

    private List<JsonNode> metrics(String device, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--steps", "2", "--device", device));
        Cli run = align(device, all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        Path metrics = folder.resolve(device).resolve("metrics.jsonl");
        JsonMapper json = new JsonMapper();
        return Files.readAllLines(metrics).stream().map(json::readTree).toList();
    }
}
