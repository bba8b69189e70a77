package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.attention.MultiHeadAttention;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.FeedForwardChoice;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.NormChoice;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.PositionChoice;
import gradus.layers.model.config.Positions;
import gradus.tensor.GradientCheck;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.optimizer.AdamW;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every part with every other one: the models chosen here hold each pair of an attention, a position, a norm
/// and a feed-forward network at least once. Each must have right gradients from end to end, use all its
/// parameters, and learn one batch by heart.
class SwapMatrixTest {
    private static final Rng RNG = Rng.of(17);
    private static final int VOCAB = 13;
    private static final int TIME = 8;
    private static final int SAMPLES = 2;
    private static final int DRAWS = 10;
    private static final int STEPS = 800;
    private static final double LEARNT = 0.01;
    private static final GptConfig BASE = new GptConfig(VOCAB, TIME, 2, 4, 16, 0);

    private static final Map<String, AttentionChoice> ATTENTIONS = new LinkedHashMap<>();
    private static final Map<String, PositionChoice> POSITIONS = new LinkedHashMap<>();
    private static final Map<String, NormChoice> NORMS = new LinkedHashMap<>();
    private static final Map<String, FeedForwardChoice> FEED_FORWARDS = new LinkedHashMap<>();

    static {
        ATTENTIONS.put("mha", new Attentions.MultiHead());
        ATTENTIONS.put("mqa", new Attentions.MultiQuery());
        ATTENTIONS.put("gqa", new Attentions.GroupedQuery(2, true, true));
        ATTENTIONS.put("window", new Attentions.SlidingWindow(3, 1));
        ATTENTIONS.put("strided", new Attentions.Strided(3));
        ATTENTIONS.put("fixed", new Attentions.Fixed(4, 1, 0));
        ATTENTIONS.put("bigbird", new Attentions.BigBird(2, 1, 0));
        ATTENTIONS.put("longformer", new Attentions.Longformer(2, 0));
        ATTENTIONS.put("s2", new Attentions.ShiftedSparse(4, 0));
        POSITIONS.put("learned", new Positions.Learned());
        POSITIONS.put("none", new Positions.None());
        POSITIONS.put("sinusoidal", new Positions.Sinusoidal());
        POSITIONS.put("alibi", new Positions.Alibi());
        POSITIONS.put("t5", new Positions.T5());
        POSITIONS.put("rope", new Positions.Rope(100));
        POSITIONS.put("rope interleaved", new Positions.InterleavedRope(100));
        POSITIONS.put("pi", new Positions.Interpolated(100, 2));
        POSITIONS.put("ntk", new Positions.NtkAware(100, 2));
        POSITIONS.put("dynamic ntk", new Positions.DynamicNtk(100, 2, 3));
        POSITIONS.put("yarn", new Positions.Yarn(100, 2, 0));
        POSITIONS.put("llama3", new Positions.Llama3(100, 2, 0));
        POSITIONS.put("longrope", new Positions.LongRope(100, 2, 3));
        POSITIONS.put("dca", new Positions.DualChunk(100, 3, 5));
        POSITIONS.put("shaw", new Positions.Shaw(3));
        POSITIONS.put("transformer-xl", new Positions.TransformerXl());
        NORMS.put("layernorm", new Norms.Layer(1e-5));
        NORMS.put("rmsnorm", new Norms.Rms(1e-6));
        NORMS.put("batchnorm", new Norms.Batch(1e-5, 0.1));
        FEED_FORWARDS.put("mlp gelu-tanh", new FeedForwards.Dense(FeedForwards.Function.GELU_TANH));
        FEED_FORWARDS.put("mlp gelu", new FeedForwards.Dense(FeedForwards.Function.GELU));
        FEED_FORWARDS.put("mlp relu", new FeedForwards.Dense(FeedForwards.Function.RELU));
        FEED_FORWARDS.put("mlp silu", new FeedForwards.Dense(FeedForwards.Function.SILU));
        FEED_FORWARDS.put("glu", new FeedForwards.GluUnits(5));
        FEED_FORWARDS.put("reglu", new FeedForwards.ReGluUnits(5));
        FEED_FORWARDS.put("geglu", new FeedForwards.GeGluUnits(5));
        FEED_FORWARDS.put("swiglu", new FeedForwards.SwiGluUnits(5));
        FEED_FORWARDS.put("mixtral", new FeedForwards.Mixtral(3, 2, 5, 0.01));
        FEED_FORWARDS.put("switch", new FeedForwards.Switch(2, 4, 5, 0.01));
        FEED_FORWARDS.put("deepseek", new FeedForwards.Balanced(3, 2, 5, 0.001));
    }

    /// One model of the matrix.
    record Case(String attention, String position, String norm, String feedForward) {
        GptConfig config() {
            return BASE.withAttention(ATTENTIONS.get(attention))
                    .withPosition(POSITIONS.get(position))
                    .withNorm(NORMS.get(norm))
                    .withFeedForward(FEED_FORWARDS.get(feedForward));
        }

        Stream<String> pairs() {
            List<String> names = List.of("a " + attention, "p " + position, "n " + norm, "f " + feedForward);
            return names.stream()
                    .flatMap(one -> names.stream()
                            .filter(other -> one.compareTo(other) < 0)
                            .map(other -> one + " × " + other));
        }
    }

    /// Greedily: always the model that holds most pairs that are still missing.
    static List<Case> cases() {
        List<Case> all = all();
        Set<String> missing = new TreeSet<>();
        all.forEach(each -> each.pairs().forEach(missing::add));
        List<Case> chosen = new ArrayList<>();
        while (!missing.isEmpty()) {
            Case best = null;
            long most = 0;
            for (Case each : all) {
                long covers = each.pairs().filter(missing::contains).count();
                if (covers > most) {
                    most = covers;
                    best = each;
                }
            }
            best.pairs().forEach(missing::remove);
            chosen.add(best);
        }
        return chosen;
    }

    private static List<Case> all() {
        List<Case> all = new ArrayList<>();
        for (String attention : ATTENTIONS.keySet()) {
            for (String position : POSITIONS.keySet()) {
                for (String norm : NORMS.keySet()) {
                    for (String feedForward : FEED_FORWARDS.keySet()) {
                        all.add(new Case(attention, position, norm, feedForward));
                    }
                }
            }
        }
        return all;
    }

    @Test
    void everyPairIsThere() {
        List<String> covered = cases().stream().flatMap(Case::pairs).distinct().toList();
        int a = ATTENTIONS.size();
        int p = POSITIONS.size();
        int n = NORMS.size();
        int f = FEED_FORWARDS.size();
        assertThat(covered).hasSize(a * p + a * n + a * f + p * n + p * f + n * f);
    }

    /// Two sequences that hold the same tokens at [#ALIKE], and the same tokens before those, but not in the
    /// same order.
    private static final int[][] SEQUENCES = {{1, 2, 3, 4, 5, 6, 1, 2}, {2, 1, 3, 5, 4, 6, 2, 1}};

    /// Where only the order of the two tokens before tells the sequences apart.
    private static final int[] ALIKE = {2, 5};

    private static Indices tokens() {
        return Indices.of(Shape.of(2, TIME), flat(SEQUENCES));
    }

    /// The answers differ at every position: what knows its own token and position only is wrong at half of [#ALIKE],
    /// and so is what looks at the tokens before it as at a bag of words.
    private static Indices answers() {
        int[][] answers = {{7, 8, 9, 10, 11, 12, 0, 1}, {8, 7, 10, 9, 12, 11, 1, 0}};
        return Indices.of(Shape.of(2, TIME), flat(answers));
    }

    private static int[] flat(int[][] rows) {
        return Stream.of(rows).flatMapToInt(java.util.Arrays::stream).toArray();
    }

    /// The least loss of what cannot tell the sequences apart at [#ALIKE]: log 2 at 4 of 16 positions.
    private static final double GUESSING = Math.log(2) * 2 * ALIKE.length / (2 * TIME);

    /// Weights of size, so that no derivative drowns in rounding.
    private static Gpt large(GptConfig config, Rng rng) {
        Gpt gpt = new Gpt(config, rng);
        gpt.namedParameters().forEach((name, parameter) -> {
            if (parameter.rank() >= 2) {
                parameter.copyFrom(
                        Tensor.randn(rng.at(name), parameter.shape().dims()).mul(0.5));
            }
        });
        gpt.to(DType.FLOAT64);
        return gpt;
    }

    /// Draws models until one has work for each of its experts; those without experts are taken at once.
    private static Gpt working(GptConfig config, Indices ids, Indices targets) {
        for (int draw = 0; ; draw++) {
            Gpt gpt = large(config, RNG.at(draw));
            gpt.forward(ids).crossEntropy(targets).backward();
            boolean idle = gpt.namedParameters().entrySet().stream()
                    .anyMatch(entry -> entry.getKey().contains(".experts.")
                            && entry.getValue().grad() == null);
            if (!idle || draw == DRAWS) {
                return gpt;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreRightAndUseEveryParameter(Case each) {
        Indices ids = tokens();
        Indices targets = answers();
        Gpt gpt = working(each.config(), ids, targets);
        gpt.namedParameters().forEach((name, parameter) -> {
            double size = 0;
            for (double value : parameter.grad().toArray()) {
                size += Math.abs(value);
            }
            assertThat(size).as(name).isGreaterThan(0);
        });
        GradientCheck.sampled(() -> gpt.forward(ids).crossEntropy(targets), gpt.namedParameters(), SAMPLES)
                .requirePass();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void t4_learnsOneBatchByHeart(Case each) {
        assertThat(learnt(each.config())).isLessThan(LEARNT);
    }

    private static double learnt(GptConfig config) {
        Gpt gpt = new Gpt(config, RNG);
        Indices ids = tokens();
        Indices targets = answers();
        AdamW optimizer = new AdamW(
                gpt.parameters(), TrainConfig.defaults().withWeightDecay(0).adam());
        double loss = Double.POSITIVE_INFINITY;
        for (int step = 0; step < STEPS && loss > LEARNT; step++) {
            try (var scope = Scope.open()) {
                Tensor now = gpt.forward(ids).crossEntropy(targets);
                loss = now.item();
                optimizer.zeroGrad();
                now.backward();
                optimizer.step(0.01);
            }
        }
        return loss;
    }

    // --- the proof that the answers need attention, and the order of what it sees

    /// An attention that gives what a function makes of its input and of what the whole one gives.
    private static final class Crippled extends SelfAttention {
        private final SelfAttention whole;
        private final UnaryOperator<Tensor> spoil;

        Crippled(SelfAttention whole, UnaryOperator<Tensor> spoil) {
            this.whole = child("whole", whole);
            this.spoil = spoil;
        }

        @Override
        public Tensor forward(Tensor x) {
            return spoil.apply(whole.forward(x));
        }

        @Override
        public Tensor forward(Tensor x, KvCache cache) {
            return spoil.apply(whole.forward(x, cache));
        }
    }

    @Test
    void t4_anAttentionThatReturnsZerosDoesNotLearnIt() {
        for (PositionChoice position : List.of(POSITIONS.get("learned"), POSITIONS.get("sinusoidal"))) {
            GptConfig config = BASE.withPosition(position)
                    .withAttention(
                            (model, plain, rng) -> new Crippled(new MultiHeadAttention(plain, rng), y -> y.mul(0)));
            // A little below is possible: the last weights are not where the last loss was measured.
            assertThat(learnt(config)).isGreaterThan(0.99 * GUESSING);
        }
    }

    /// In one layer without positions attention sees a bag of words.
    @Test
    void t4_aBagOfWordsDoesNotLearnIt() {
        assertThat(learnt(BASE.withLayers(1).withPosition(new Positions.None())))
                .isGreaterThan(0.99 * GUESSING);
        assertThat(learnt(BASE.withLayers(1))).isLessThan(LEARNT);
    }

    /// A window of one sees its own token only.
    @Test
    void t4_aWindowOfOneDoesNotLearnIt() {
        GptConfig narrow = BASE.withAttention(new Attentions.SlidingWindow(1, 0));
        assertThat(learnt(narrow)).isGreaterThan(0.99 * GUESSING);
    }
}
