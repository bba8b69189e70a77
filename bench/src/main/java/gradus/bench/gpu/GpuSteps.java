package gradus.bench.gpu;

import gradus.bench.Model;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Quantization;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Gpt;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.optimizer.AdamW;
import gradus.train.optimizer.Clip;
import gradus.train.task.Batch;
import gradus.train.task.Batches;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Milliseconds of whole training steps on the current device: batch, forward, loss, backward, clipping,
/// AdamW. The models are those of `gradus bench`; the medium one also with the 64 sequences that nanoGPT
/// gives a GPU. `lora` trains adapters of rank 8 on all linear layers, `qlora` too, on a base in NF4 with
/// nested scales.
/// ```
/// java … gradus.bench.gpu.GpuSteps COLUMN [samples] [models, as small:12,medium:64,medium:64:lora]
/// ```
public final class GpuSteps {
    private static final int CHECKED = 20;

    private final Gpt gpt;
    private final List<Tensor> trained;
    private final AdamW optimizer;
    private final Batches batches;
    private final int batch;
    private int step;
    private double checkedLoss; // of step CHECKED

    private GpuSteps(Model model, int batch, String method) {
        this.batch = batch;
        this.gpt = model.build();
        if (method.equals("qlora")) {
            Quantization.quantize(gpt, QuantConfig.NF4_DOUBLE);
        }
        if (!method.equals("full")) {
            Adapters.of(gpt).add("lora", LoraConfig.of(Targets.allLinear()).withR(8), Rng.of(4));
        }
        this.trained = gpt.parameters().stream().filter(Tensor::requiresGrad).toList();
        this.optimizer = new AdamW(trained, TrainConfig.defaults().adam());
        Rng rng = Rng.of(2);
        int[] tokens = new int[100_000];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = rng.index(i, model.config().vocabSize());
        }
        this.batches = new Batches(tokens, model.config().context(), batch, Rng.of(3));
    }

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        String column = arguments[0];
        int samples = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 25;
        String models =
                arguments.length > 2 ? arguments[2] : "small:12,medium:16,medium:64,medium:64:lora,medium:64:qlora";
        for (String entry : models.split(",")) {
            String[] parts = entry.split(":");
            int batch = Integer.parseInt(parts[1]);
            Model model = model(parts[0], batch);
            BufferPool.trim();
            String method = parts.length > 2 ? parts[2] : "full";
            String row = model.name() + ", B=" + batch + (parts.length > 2 ? ", " + method : "");
            int before = new GpuSteps(model, batch, method).parametersAfterCheckedSteps();
            GpuSteps steps = new GpuSteps(model, batch, method);
            Clock.result(
                    "step",
                    row + ": same bits in two runs (1 yes)",
                    column,
                    steps.parametersAfterCheckedSteps() == before ? 1 : 0);
            Clock.result("step", row + ": loss of step " + CHECKED, column, steps.checkedLoss);
            Clock clock = new Clock(samples, 20, samples < 10 ? 0 : 2000);
            double millis = clock.millis(
                    steps::step, () -> steps.trained.getFirst().buffer().get(0));
            Clock.result("step", row + ": ms", column, millis);
            double held = BufferPool.statistics().bytesHeld() / 1048576.0;
            Clock.result("step", row + ": MiB of tensors", column, held);
        }
    }

    /// A hash of what is trained after some steps.
    private int parametersAfterCheckedSteps() {
        for (int i = 0; i < CHECKED; i++) {
            step();
        }
        int hash = 0;
        for (Tensor parameter : trained) {
            hash = 31 * hash + Arrays.hashCode(parameter.toFloatArray());
        }
        return hash;
    }

    private static Model model(String name, int batch) {
        return switch (name) {
            case "micro" -> Model.micro(batch);
            case "small" -> Model.SMALL;
            case "medium" -> Model.MEDIUM;
            default -> throw new IllegalArgumentException("models are micro, small and medium; got " + name);
        };
    }

    private void step() {
        try (var scope = Scope.open()) {
            Batch crops = batches.at((long) step++ * batch);
            Tensor loss = gpt.forward(crops.inputs()).crossEntropy(crops.targets());
            optimizer.zeroGrad();
            loss.backward();
            Clip.clipGradNorm(trained, 1);
            optimizer.step(1e-3);
            if (step == CHECKED) {
                checkedLoss = loss.item();
            }
        }
    }
}
