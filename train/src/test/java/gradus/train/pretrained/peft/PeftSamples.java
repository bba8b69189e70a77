package gradus.train.pretrained.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import gradus.layers.Layer;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.pretrained.HuggingFaceFolder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The bases and adapters that stand beside these tests.
public final class PeftSamples {
    private PeftSamples() {}

    public static Path bases() {
        return resource("/gradus/train/pretrained/llama/config.json")
                .getParent()
                .getParent();
    }

    /// The folder of an adapter that peft 0.21 wrote.
    static Path adapter(String name) {
        return resource("/gradus/train/adapter/" + name + "/adapter_config.json")
                .getParent();
    }

    private static Path resource(String name) {
        try {
            return Path.of(PeftSamples.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /// `llama` of `llama_rslora`.
    static String baseOf(String adapter) {
        return adapter.startsWith("bert") ? "bert_mlm" : adapter.substring(0, adapter.indexOf('_'));
    }

    static Layer base(String adapter) {
        return HuggingFaceFolder.load(bases().resolve(baseOf(adapter)));
    }

    public static Tensor run(Layer model, Indices ids) {
        try (var pause = Autograd.noGrad()) {
            return switch (model) {
                case LanguageModel decoder -> decoder.forward(ids);
                case BertMaskedLm bert ->
                    bert.forward(ids, Indices.of(ids.shape(), new int[ids.size()]), KeyMask.full());
                default -> throw new AssertionError(model);
            };
        }
    }

    public static Indices ids() {
        int[] ids = new int[22];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (7 * i + 3) % 61;
        }
        return Indices.of(Shape.of(2, 11), ids);
    }

    /// Equal up to 1e-5 of the largest number: float32 on both sides, in other orders.
    public static void near(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double[] ours = actual.toArray();
        double[] theirs = expected.toArray();
        double largest = Arrays.stream(theirs).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).isCloseTo(theirs[i], within(1e-5 * largest));
        }
    }

    /// Runs a script of src/test/python; skips the test where there is no Python with the libraries it
    /// imports. The system property gradus.test.python names one.
    public static void python(String script, String... arguments) throws IOException, InterruptedException {
        String python = System.getProperty("gradus.test.python", "python3");
        Path path = Path.of("src/test/python", script);
        if (!Files.exists(path) || ended(List.of(python, "-c", "import peft, gguf")) != 0) {
            abort("skipped: no Python with peft and gguf; name one with -Dgradus.test.python=…");
        }
        List<String> command = Stream.concat(Stream.of(python, path.toString()), Stream.of(arguments))
                .toList();
        assertThat(ended(command)).as(String.join(" ", command)).isZero();
    }

    private static int ended(List<String> command) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put("HF_HUB_OFFLINE", "1");
            if (command.contains("-c")) {
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
                builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            }
            Process process = builder.start();
            try {
                return process.waitFor(5, TimeUnit.MINUTES) ? process.exitValue() : 124;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException none) {
            return 127;
        }
    }
}
