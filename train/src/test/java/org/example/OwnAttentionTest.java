package org.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.Embedding;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.BlockChoice;
import gradus.layers.model.Decoder;
import gradus.layers.model.Gpt;
import gradus.layers.model.InitialWeights;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.TransformerBlock;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.GptConfig;
import gradus.layers.norm.LayerNorm;
import gradus.layers.position.Position;
import gradus.layers.position.Rope;
import gradus.layers.position.RopeFrequencies;
import gradus.tensor.Autograd;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.checkpoint.Weights;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.task.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Blocks, attention, masks, positions of every kind, norms and feed-forward networks of one's own, put into a [Gpt]
/// from outside the library: each is trained, saved, loaded, and generates the same through a cache and without one.
class OwnAttentionTest {
    private static final int VOCAB = 5;
    private static final int CONTEXT = 16;
    private static final int DIM = 16;
    private static final int HEADS = 2;
    private static final Rng RNG = Rng.of(4);
    private static final GptConfig SIZE = new GptConfig(VOCAB, CONTEXT, 2, HEADS, DIM, 0);

    private static final TrainConfig TRAINING = TrainConfig.defaults()
            .withSteps(40)
            .withWarmup(0)
            .withBatchSize(4)
            .withEvalEvery(0)
            .withLr(1e-2);

    @TempDir
    Path folder;

    private record Own(String name, Supplier<LanguageModel> fresh) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Own gpt(String name, GptConfig config) {
        return new Own(name, () -> new Gpt(config, RNG));
    }

    private static Own position(String name, Supplier<Position> position) {
        return gpt(name, SIZE.withPosition((config, rng) -> position.get()));
    }

    /// Pair i rotates at 1/(1+i).
    private record Harmonic() implements RopeFrequencies {
        @Override
        public double[] angles(int headDim, int length) {
            double[] angles = new double[headDim / 2];
            Arrays.setAll(angles, i -> 1.0 / (1 + i));
            return angles;
        }
    }

    private static final KeyMask NEAR = KeyMask.cacheable(q -> q.sees(Math.max(0, q.position() - 3), q.position() + 1));

    private static AttentionChoice masked(KeyMask mask) {
        return (model, plain, rng) -> new GroupedQueryAttention(plain.withMask(mask), rng);
    }

    /// A decoder of its own kind: parallel blocks between a token table and a norm.
    private static final class Tiny extends Decoder {
        Tiny(Rng rng) {
            super(VOCAB, CONTEXT);
            tokens("tokens", new Embedding(VOCAB, DIM, rng.at("tokens")));
            position("ramp", new Ramp(DIM));
            block("block", new ParallelBlock(DIM, new NearAttention(DIM, rng.at("attention")), rng));
            norm("norm", new LayerNorm(DIM, 1e-5));
            InitialWeights.small(DIM, 1).start(this, rng);
        }
    }

    static List<Own> all() {
        BlockChoice parallel = (config, position, rng) -> new ParallelBlock(DIM, new NearAttention(DIM, rng), rng);
        List<Own> all = new ArrayList<>();
        all.add(new Own("block", () -> new Gpt(SIZE, parallel, RNG)));
        all.add(new Own("decoder", () -> new Tiny(RNG)));
        all.add(gpt("attention", SIZE.withAttention((model, plain, rng) -> new SharedKeyAttention(plain, rng))));
        all.add(gpt("mask", SIZE.withAttention(masked(NEAR))));
        all.add(position("embedding position", () -> new Ramp(DIM)));
        all.add(position("rotary position", HalfRope::new));
        all.add(position("bias position", () -> new LogDistance(HEADS)));
        all.add(position("score position", CosineScores::new));
        all.add(position("RoPE scaling", () -> new Rope(new Harmonic())));
        all.add(gpt("norm", SIZE.withNorm(ScaleNorm::new)));
        all.add(gpt("feed-forward", SIZE.withFeedForward((dim, rng) -> new SquaredRelu(dim, 2 * dim, rng))));
        all.add(gpt(
                "attention and position",
                SIZE.withAttention((model, plain, rng) -> new SharedKeyAttention(plain, rng))
                        .withPosition((config, rng) -> new HalfRope())));
        return all;
    }

    @ParameterizedTest
    @MethodSource("all")
    void isTrainedSavedLoadedAndGeneratesThroughACache(Own own) {
        LanguageModel model = own.fresh.get();
        int[] counting = new int[400];
        Arrays.setAll(counting, i -> i % VOCAB);
        double loss = Trainer.of(model, TRAINING, Split.holdOut(counting, 0.2))
                .run()
                .validationLoss()
                .getAsDouble();
        assertThat(loss).isLessThan(0.8); // ln 5 = 1.6 where nothing is learnt

        Path file = folder.resolve("weights.safetensors");
        Weights.save(file, model);
        LanguageModel loaded = own.fresh.get().eval();
        Weights.load(file, loaded);
        loaded.state()
                .forEach((name, tensor) -> assertThat(tensor.toFloatArray())
                        .as(name)
                        .isEqualTo(model.state().get(name).toFloatArray()));

        assertThat(loaded.cacheable()).isTrue();
        int[] prompt = {1, 2, 3};
        int[] generated = new Generator(loaded, Sampling.greedy()).generate(prompt, 8, RNG, token -> true);
        assertThat(generated).containsExactly(withoutCache(loaded, prompt, 8));
        stepsAreTheWhole(loaded);
    }

    private static int[] withoutCache(LanguageModel model, int[] prompt, int count) {
        int[] text = prompt;
        for (int i = 0; i < count; i++) {
            double[] logits = logits(model, KvCaches.none(), text);
            int best = 0;
            for (int v = 1; v < VOCAB; v++) {
                best = logits[v] > logits[best] ? v : best;
            }
            text = Arrays.copyOf(text, text.length + 1);
            text[text.length - 1] = best;
        }
        return Arrays.copyOfRange(text, prompt.length, text.length);
    }

    private static double[] logits(LanguageModel model, KvCaches caches, int... ids) {
        try (var pause = Autograd.noGrad()) {
            return model.lastLogits(Indices.of(Shape.of(1, ids.length), ids), caches)
                    .toArray();
        }
    }

    /// Tokens in pieces of 1, 3 and 2 through a cache, against whole sequences.
    private static void stepsAreTheWhole(LanguageModel model) {
        int[] text = {0, 1, 2, 4, 4, 3, 0, 2, 1, 0, 3, 2};
        KvCaches caches = model.caches();
        int from = 0;
        for (int piece : new int[] {1, 3, 2, 1, 3, 2}) {
            double[] stepped = logits(model, caches, Arrays.copyOfRange(text, from, from + piece));
            from += piece;
            // The same float32 sums of some hundred numbers about 1, in another order.
            assertThat(stepped)
                    .containsExactly(logits(model, KvCaches.none(), Arrays.copyOf(text, from)), within(1e-4));
        }
    }

    @Test
    void aMaskThatDoesNotSaySoKeepsNoCache() {
        KeyMask plain = query -> query.sees(0, query.position() + 1);
        Gpt gpt = new Gpt(SIZE.withAttention(masked(plain)), RNG);
        assertThat(gpt.cacheable()).isFalse();
        assertThatThrownBy(gpt::caches).isInstanceOf(ConfigException.class);
    }

    @Test
    void aLayersOwnStartIsKept() {
        Gpt gpt = new Gpt(SIZE.withFeedForward((dim, rng) -> new SquaredRelu(dim, 2 * dim, rng)), RNG);
        double own = deviation(gpt, "h.0.mlp.expand");
        double projection = deviation(gpt, "h.0.mlp.contract.weight");
        // Of 512 normal numbers the deviation strays by 3 % of itself; 5 such are allowed.
        assertThat(own).isCloseTo(0.3, within(0.15 * 0.3));
        double small = InitialWeights.small(DIM, 2).output();
        assertThat(projection).isCloseTo(small, within(0.15 * small));
    }

    private static double deviation(Gpt gpt, String name) {
        double[] values = gpt.namedParameters().get(name).toArray();
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum() / values.length);
    }

    @Test
    void aModelKeepsItsTypeAndPrintsItself() {
        Gpt gpt = new Gpt(SIZE, TransformerBlock::of, RNG).eval();
        Tiny tiny = new Tiny(RNG).eval();
        assertThat(gpt.eval().config()).isEqualTo(SIZE);
        assertThat(tiny.training()).isFalse();
        assertThat(gpt.toString())
                .startsWith("Gpt, 6,")
                .contains("wte.weight", "(5, 16) 80", "0 … 1, each", "c_attn", "(48, 16) 768");
    }
}
