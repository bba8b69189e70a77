package gradus.layers.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.layers.Adapter;
import gradus.layers.Linear;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.GradientCheck;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole model over a quantised base, and what becomes of names, numbers and gradients.
class QuantizationTest {
    private static final Rng RNG = Rng.of(17);
    private static final Indices IDS = Indices.of(new int[] {1, 2, 3, 4}).reshape(2, 2);
    private static final List<QuantConfig> CONFIGS = QuantConfig.ALL;

    /// `y = base(x) + x·Aᵀ·Bᵀ`, the smallest LoRA.
    private static final class LowRank extends Adapter {
        private final Tensor a; // (r, in)
        private final Tensor b; // (out, r)

        LowRank(Linear linear, int rank, Rng rng) {
            a = param("lora_A", Tensor.randn(rng.at("a"), rank, linear.in()).mul(0.3));
            b = param("lora_B", Tensor.randn(rng.at("b"), linear.out(), rank).mul(0.3));
        }

        @Override
        public Tensor forward(Linear base, Tensor x) {
            return base.base(x).add(x.linear(a, null).linear(b, null));
        }
    }

    private static Gpt gpt() {
        Gpt gpt = new Gpt(new GptConfig(7, 4, 2, 2, 32, 0).withHead(Head.OWN), RNG);
        gpt.eval();
        return gpt;
    }

    private static void adapt(Gpt gpt) {
        gpt.namedLayers(Linear.class).forEach((name, linear) -> linear.adapt(new LowRank(linear, 2, RNG.at(name))));
    }

    // --- names and numbers

    @ParameterizedTest
    @FieldSource("CONFIGS")
    void theModelComputesWithTheDecodedWeights(QuantConfig config) {
        Gpt gpt = gpt();
        List<String> before = List.copyOf(gpt.namedParameters().keySet());
        double[] plain = gpt.forward(IDS).toArray();
        SequencedMap<String, QuantizedMatrix> matrices = Quantization.quantize(gpt, config);
        assertThat(matrices).hasSize(8).doesNotContainKey("lm_head.weight").containsKey("h.1.mlp.c_proj.weight");
        List<String> kept = new ArrayList<>(before);
        kept.removeAll(matrices.keySet());
        assertThat(List.copyOf(gpt.state().keySet())).isEqualTo(kept);
        double[] quantized = gpt.forward(IDS).toArray();
        assertThat(quantized).isNotEqualTo(plain);
        assertThat(Quantization.dequantize(gpt)).isEqualTo(8);
        assertThat(List.copyOf(gpt.namedParameters().keySet())).isEqualTo(before);
        assertThat(Quantization.matrices(gpt)).isEmpty();
        double[] decoded = gpt.forward(IDS).toArray();
        for (int i = 0; i < decoded.length; i++) {
            assertThat(quantized[i]).isCloseTo(decoded[i], within(1e-5)); // sums of 32 terms, in another order
        }
        assertThat(gpt.weightKinds().keySet()).contains("h.0.attn.c_attn.weight");
        assertThat(Quantization.dequantize(gpt)).isZero();
    }

    @Test
    void exclusionsAreNamesAndTheirParts() {
        assertThat(Quantization.quantize(gpt(), QuantConfig.NF4, List.of())).containsKey("lm_head.weight");
        assertThat(Quantization.quantize(gpt(), QuantConfig.NF4, List.of("h.0", "c_proj", "lm_head"))
                        .keySet())
                .containsExactly("h.1.attn.c_attn.weight", "h.1.mlp.c_fc.weight");
        assertThat(Quantization.quantize(gpt(), QuantConfig.NF4, List.of("h", "head", "attn.c"))
                        .keySet())
                .containsExactly("lm_head.weight"); // ends and beginnings of whole parts only
    }

    @Test
    void onceMoreChangesNothing() {
        Gpt gpt = gpt();
        Map<String, QuantizedMatrix> first = new LinkedHashMap<>(Quantization.quantize(gpt, QuantConfig.NF4));
        assertThat(Quantization.quantize(gpt, QuantConfig.NF4_DOUBLE)).isEqualTo(first);
    }

    // --- QLoRA

    /// By every parameter of adapters, norms and embeddings, through all quantised layers.
    @ParameterizedTest
    @FieldSource("CONFIGS")
    void gradientsFlowThroughTheQuantisedBase(QuantConfig config) {
        Gpt gpt = gpt();
        Quantization.quantize(gpt, config);
        adapt(gpt);
        gpt.to(DType.FLOAT64);
        GradientCheck.sampled(() -> gpt.forward(IDS).square().mean(), gpt.namedParameters(), 6)
                .requirePass();
    }

    @Test
    void theGradientByAnInputIsRight() {
        Linear linear = new Linear(32, 5, RNG);
        linear.quantize(linear.weight().quantize(QuantConfig.Q4_0));
        linear.to(DType.FLOAT64);
        linear.adapt(new LowRank(linear, 2, RNG));
        linear.adapter().to(DType.FLOAT64);
        GradientCheck.of(
                        x -> linear.forward(x[0]),
                        Tensor.randn(RNG.at("x"), 2, 3, 32).to(DType.FLOAT64))
                .requirePass();
    }

    /// The same adapters over the decoded base get the same gradients, to rounding.
    @Test
    void itIsLoraOverTheDecodedBase() {
        Gpt gpt = gpt();
        Quantization.quantize(gpt, QuantConfig.NF4_DOUBLE);
        adapt(gpt);
        gpt.to(DType.FLOAT64);
        gpt.forward(IDS).square().mean().backward();
        Map<String, double[]> over = new LinkedHashMap<>();
        gpt.namedLayers(LowRank.class)
                .forEach((name, adapter) -> over.put(
                        name, adapter.namedParameters().get("lora_A").grad().toArray()));
        Quantization.dequantize(gpt);
        gpt.parameters().forEach(Tensor::zeroGrad);
        gpt.forward(IDS).square().mean().backward();
        gpt.namedLayers(LowRank.class)
                .forEach((name, adapter) -> assertThat(
                                adapter.namedParameters().get("lora_A").grad().toArray())
                        .usingComparatorWithPrecision(1e-13)
                        .containsExactly(over.get(name)));
    }

    @Test
    void trainingLeavesTheBaseAsItIs() {
        Gpt gpt = gpt();
        Map<String, QuantizedMatrix> matrices = Quantization.quantize(gpt, QuantConfig.NF4_DOUBLE);
        Map<String, QuantizedMatrix> copies = new LinkedHashMap<>();
        matrices.forEach((name, matrix) -> copies.put(name, matrix.offHeap()));
        gpt.freeze();
        Map<String, double[]> frozen = new LinkedHashMap<>();
        gpt.namedParameters().forEach((name, tensor) -> frozen.put(name, tensor.toArray()));
        adapt(gpt);
        double first = 0;
        double last = 0;
        for (int step = 0; step < 20; step++) {
            Tensor loss = gpt.forward(IDS).crossEntropy(IDS);
            last = loss.item();
            first = step == 0 ? last : first;
            loss.backward();
            for (LowRank adapter : gpt.namedLayers(LowRank.class).values()) {
                for (Tensor parameter : adapter.parameters()) {
                    parameter.copyFrom(parameter.sub(parameter.grad().mul(0.05)).detach());
                    parameter.zeroGrad();
                }
            }
        }
        assertThat(last).isLessThan(first);
        assertThat(Quantization.matrices(gpt)).hasSameSizeAs(copies);
        Quantization.matrices(gpt)
                .forEach((name, matrix) ->
                        assertThat(matrix.same(copies.get(name))).isTrue());
        frozen.forEach((name, values) -> {
            Tensor parameter = gpt.namedParameters().get(name);
            assertThat(parameter.toArray()).as(name).isEqualTo(values);
            assertThat(parameter.grad()).isNull();
        });
    }

    // --- what cannot be

    @Test
    void whatCannotBeQuantisedIsNamedAndNothingChanges() {
        Gpt gpt = gpt();
        Tensor weight = gpt.namedParameters().get("h.1.mlp.c_fc.weight");
        double[] values = weight.toArray();
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            values[40] = bad;
            weight.set(values);
            assertThatThrownBy(() -> Quantization.quantize(gpt, QuantConfig.NF4))
                    .isInstanceOf(NumericException.class)
                    .hasMessageContaining("h.1.mlp.c_fc.weight: nf4: element (1, 8) is " + bad);
            assertThat(Quantization.matrices(gpt)).isEmpty();
        }
        Gpt narrow = new Gpt(new GptConfig(7, 4, 1, 2, 24, 0), RNG);
        assertThatThrownBy(() -> Quantization.quantize(narrow, QuantConfig.Q8_0)) // BAD-INPUT 31
                .isInstanceOf(ConfigException.class)
                .hasMessage("h.0.attn.c_attn.weight: q8_0: a row must be whole blocks of 32; got rows of 24");
        assertThat(Quantization.quantize(narrow, QuantConfig.NF4)).hasSize(4);
    }

    @Test
    void theBiasIsAddedAndTrained() {
        Linear linear = new Linear(3, 2, RNG);
        linear.bias().set(10, 20);
        linear.quantize(Tensor.ones(2, 3).quantize(QuantConfig.NF4));
        Tensor y = linear.forward(Tensor.ones(4, 3));
        assertThat(y.slice(0, 0, 1).toArray()).containsExactly(13, 23);
        y.sum().backward();
        assertThat(linear.bias().grad().toArray()).containsExactly(4, 4);
    }

    @Test
    void aQuantisedWeightIsNoParameter() {
        Linear linear = new Linear(3, 2, false, RNG);
        QuantizedMatrix other = Tensor.ones(3, 2).quantize(QuantConfig.NF4);
        assertThatThrownBy(() -> linear.quantize(other))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the quantised weight must be (2, 3); got QuantizedMatrix(3 × 2, nf4");
        assertThatThrownBy(() -> linear.quantize(null)).isInstanceOf(ConfigException.class);
        assertThat(linear.quantized()).isNull();
        linear.quantize(Tensor.ones(2, 3).quantize(QuantConfig.NF4));
        assertThat(linear.in()).isEqualTo(3);
        assertThat(linear.out()).isEqualTo(2);
        assertThat(linear.parameterCount()).isZero();
        assertThatThrownBy(linear::weight)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the weight is quantised; use quantized(), or dequantize()");
        assertThat(linear.forward(Tensor.ones(1, 3)).toArray()).containsExactly(3, 3);
        assertThat(linear.dequantize().weight().toArray()).containsOnly(1);
        assertThat(linear.weight().requiresGrad()).isTrue();
    }

    // --- memory

    /// Published: LLaMA's sizes; more than 780 GB to fine-tune 65B in 16 bits, and less than 48 GB with QLoRA
    /// (Dettmers et al. 2023, abstract). All of it without memory for the weights.
    @Test
    void thePublishedModelsCostWhatIsPublished() {
        long before = BufferPool.statistics().bytesHeld();
        Map<String, LlamaConfig> sizes = new LinkedHashMap<>();
        sizes.put("7B", LlamaConfig.llama2Of7B());
        sizes.put("13B", LlamaConfig.llama2Of13B());
        sizes.put("65B", LlamaConfig.of(8192, 64, 80).withHidden(22_016));
        sizes.put("70B", LlamaConfig.llama2Of70B());
        Map<String, Long> counts =
                Map.of("7B", 6_738_415_616L, "13B", 13_015_864_320L, "65B", 65_285_660_672L, "70B", 68_976_648_192L);
        sizes.forEach((name, size) -> {
            Llama llama = new Llama(size, RNG);
            QLoraCost full = QLoraCost.full(llama, QLoraCost.Bytes.HALF);
            assertThat(full.trainable()).as(name).isEqualTo(counts.get(name));
            assertThat(full.total()).isEqualTo(12 * full.trainable());
            QLoraCost lora = QLoraCost.lora(llama, 64, QLoraCost.Bytes.HALF);
            QLoraCost qlora = QLoraCost.qlora(llama, 64, QuantConfig.NF4_DOUBLE, QLoraCost.Bytes.HALF);
            assertThat(qlora.trainable()).isEqualTo(lora.trainable());
            assertThat(qlora.total()).isLessThan(lora.total());
            assertThat(lora.weights()).isEqualTo(full.weights() + 2 * lora.trainable());
            if (name.equals("65B")) {
                assertThat(full.total()).isGreaterThan(780_000_000_000L).isLessThan(790_000_000_000L);
                assertThat(qlora.total()).isLessThan(48L << 30);
                // r·Σ(in + out): four of 8192 × 8192 and three of 8192 × 22016 in each of 80 blocks
                assertThat(qlora.trainable()).isEqualTo(64L * 80 * (4 * 2 * 8192 + 3 * (8192 + 22_016)));
                // 4.127 bits of what lies in the blocks, 16 of tables and norms
                long tables = 2L * 32_000 * 8192 + 161L * 8192;
                assertThat((double) qlora.weights())
                        .isCloseTo(
                                (counts.get(name) - tables) * 4.127 / 8 + 2.0 * (tables + qlora.trainable()),
                                within(1e-3 * qlora.weights()));
            }
        });
        assertThat(BufferPool.statistics().bytesHeld() - before).isLessThan(1 << 20);
        assertThatThrownBy(() -> QLoraCost.lora(gpt(), 0, QLoraCost.Bytes.HALF)).isInstanceOf(ConfigException.class);
    }

    /// The miniature: what a model's tensors and matrices really take, beside the formula.
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theFormulaIsWhatAModelTakes(int rank) {
        try (var scope = Scope.open()) {
            Gpt gpt = gpt();
            QLoraCost full = QLoraCost.full(gpt, QLoraCost.Bytes.FLOAT32);
            QLoraCost lora = QLoraCost.lora(gpt, rank, QLoraCost.Bytes.FLOAT32);
            QLoraCost qlora = QLoraCost.qlora(gpt, rank, QuantConfig.NF4_DOUBLE, QLoraCost.Bytes.FLOAT32);
            assertThat(bytes(gpt)).isEqualTo(full.weights());
            Quantization.chosen(gpt, Quantization.HEADS)
                    .forEach((name, linear) -> linear.adapt(new LowRank(linear, rank, RNG.at(name))));
            assertThat(bytes(gpt)).isEqualTo(lora.weights());
            Quantization.quantize(gpt, QuantConfig.NF4_DOUBLE);
            assertThat(bytes(gpt)).isEqualTo(qlora.weights());
            long trained = gpt.namedLayers(LowRank.class).values().stream()
                    .mapToLong(LowRank::parameterCount)
                    .sum();
            assertThat(trained).isEqualTo(qlora.trainable());
            assertThat(qlora.gradients()).isEqualTo(4 * trained);
            assertThat(qlora.optimizer()).isEqualTo(8 * trained);
            QLoraCost mixed = QLoraCost.qlora(gpt(), rank, QuantConfig.NF4_DOUBLE, new QLoraCost.Bytes(2, 4, 6));
            assertThat(mixed.gradients()).isEqualTo(4 * trained);
            assertThat(mixed.optimizer()).isEqualTo(6 * trained);
        }
    }

    private static long bytes(Gpt gpt) {
        return gpt.state().values().stream()
                        .mapToLong(
                                tensor -> (long) tensor.size() * tensor.dtype().bytes())
                        .sum()
                + Quantization.matrices(gpt).values().stream()
                        .mapToLong(QuantizedMatrix::bytes)
                        .sum();
    }
}
