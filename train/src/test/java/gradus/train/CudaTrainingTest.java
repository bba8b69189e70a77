package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Quantization;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PlainFrequencies;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Device;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import gradus.train.task.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whole trainings on the emulated card: the losses are those of the CPU, twice the same bits, and nothing is
/// left.
class CudaTrainingTest {
    private static final int STEPS = 20;
    private static final int VOCABULARY = 29;
    private static final int CONTEXT = 12;
    private static final LlamaConfig SHAPE =
            new LlamaConfig(VOCABULARY, CONTEXT, 2, 4, 2, 6, 24, 40, 1e-5, new PlainFrequencies(), false);

    enum Toy {
        GPT(2, rng -> new Gpt(new GptConfig(VOCABULARY, CONTEXT, 2, 2, 24, 0.1), rng)),
        LLAMA(2, rng -> new Llama(SHAPE, rng)),
        QWEN2(2, rng -> new Qwen2(SHAPE.withTied(true), rng)),
        MIXTRAL(2 + SHAPE.layers(), rng -> new Mixtral(SHAPE, 3, 2, rng)), // routers choose experts on the host
        LORA(2, rng -> adapted(new Llama(SHAPE, rng))),
        QLORA(2, rng -> {
            Llama base = new Llama(SHAPE, rng);
            Quantization.quantize(base, QuantConfig.NF4_DOUBLE);
            return adapted(base);
        });

        private static LanguageModel adapted(Llama base) {
            LoraConfig config = LoraConfig.of(Targets.allLinear()).withR(8).withAlpha(32);
            Adapters.of(base).add("lora", config, Rng.of(2));
            return base;
        }

        private final long waits; // of a step: for the norm of the gradient and for the loss
        private final Function<Rng, LanguageModel> maker;

        Toy(long waits, Function<Rng, LanguageModel> maker) {
            this.waits = waits;
            this.maker = maker;
        }
    }

    /// What came of a training.
    private record Trained(List<Double> losses, List<Double> norms, Map<String, float[]> weights) {}

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
    @EnumSource(Toy.class)
    void trainsAsTheCpuDoes(Toy toy) throws InterruptedException {
        Trained cpu = train(toy);
        Device.use(Device.named("gpu"));
        train(toy, 1); // compiles the kernels, and makes what lasts as long as the program
        long live = liveWhenAllIsForgotten(0);
        Trained card = train(toy);
        assertThat(card.losses()).hasSize(STEPS);
        for (int step = 0; step < STEPS; step++) {
            assertThat(card.losses().get(step))
                    .as("loss of step %d", step)
                    .isCloseTo(cpu.losses().get(step), within(1e-4));
        }
        double gain = card.losses().getFirst() - card.losses().getLast();
        assertThat(gain)
                .isGreaterThan(toy.name().endsWith("LORA") ? 0.03 : 0.1); // an adapter of a random model learns little

        gpu.set("Order", 2);
        Trained again = train(toy);
        assertThat(again.losses()).isEqualTo(card.losses());
        assertThat(again.norms()).isEqualTo(card.norms());
        again.weights()
                .forEach((name, values) -> assertThat(values)
                        .as(name)
                        .containsExactly(card.weights().get(name)));
        assertThat(gpu.complaint()).isEmpty();
        assertThat(liveWhenAllIsForgotten(live))
                .as("blocks of the card's memory")
                .isEqualTo(live);
    }

    /// What the optimiser holds goes back when the garbage collector finds it.
    private long liveWhenAllIsForgotten(long expected) throws InterruptedException {
        long live = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < 3 && live > expected; ) {
            System.gc();
            Thread.sleep(20);
            BufferPool.trim();
            unchanged = gpu.live() < live ? 0 : unchanged + 1;
            live = gpu.live();
        }
        return live;
    }

    private Trained train(Toy toy) {
        return train(toy, STEPS);
    }

    private Trained train(Toy toy, int steps) {
        LanguageModel model = toy.maker.apply(Rng.of(1));
        try {
            TrainConfig config = TrainConfig.defaults()
                    .withSteps(steps)
                    .withWarmup(0)
                    .withLr(1e-2)
                    .withBatchSize(3)
                    .withEvalEvery(steps)
                    .withEvalBatches(1);
            List<Double> losses = new ArrayList<>();
            List<Double> norms = new ArrayList<>();
            long[] waited = {gpu.synchronisations()};
            Trainer.of(model, config, Split.holdOut(tokens(), 0.2))
                    .listen(new TrainingListener() {
                        @Override
                        public void onStep(StepReport report) {
                            losses.add(report.loss());
                            norms.add(report.gradNorm());
                            long now = gpu.synchronisations();
                            assertThat(losses.size() == 1 ? 0 : now - waited[0])
                                    .as("times that step %d waited", losses.size())
                                    .isBetween(0L, toy.waits);
                            waited[0] = now;
                        }
                    })
                    .run();
            Map<String, float[]> weights = new TreeMap<>();
            model.namedParameters().forEach((name, parameter) -> weights.put(name, parameter.toFloatArray()));
            return new Trained(losses, norms, weights);
        } finally {
            model.parameters().forEach(Tensor::close);
        }
    }

    /// A text with something to learn: each token follows from the one before, but for a few.
    private static int[] tokens() {
        int[] tokens = new int[600];
        for (int i = 1; i < tokens.length; i++) {
            tokens[i] = i % 7 == 0 ? Rng.of(4).index(i, VOCABULARY) : (5 * tokens[i - 1] + 3) % VOCABULARY;
        }
        return tokens;
    }
}
