package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Autograd;
import gradus.tensor.GradientCheck;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.train.corpus.ControlTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Telling passages by vectors.
class ContrastiveTest {
    private static final EncoderTokens TOKENS = ControlTokens.of(MaskedTexts.TOKENIZER);
    private static final BertConfig SIZE =
            new BertConfig(MaskedTexts.TOKENIZER.vocabularySize(), 12, 2, 1, 2, 8, 16, 0.0, 1e-12);
    private static final ContrastiveConfig USUAL = ContrastiveConfig.USUAL;
    private static final LanguageModelling.Sizes FOUR = new LanguageModelling.Sizes(4, 1);

    /// A word, its meaning, and the meaning of the next word.
    private static List<String> texts(int perExample) {
        List<String> lines = MaskedTexts.TEXT.lines().toList();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            texts.add(lines.get(i).split(":")[0]);
            texts.add(lines.get(i).split(":")[1]);
            if (perExample == 3) {
                texts.add(lines.get((i + 1) % lines.size()).split(":")[1]);
            }
        }
        return texts;
    }

    private static int[] tokens(List<String> texts) {
        return TextTasks.tokens(texts, TOKENS);
    }

    private static BertEncoder encoder() {
        return TextTasks.large(new BertEncoder(SIZE, Rng.of(5)));
    }

    private static Contrastive task(BertEncoder encoder, ContrastiveConfig config, long seed) {
        int[] tokens = tokens(texts(config.texts()));
        return new Contrastive(encoder, new Split(tokens, tokens), TOKENS, config, FOUR, Rng.of(seed));
    }

    /// The mean of the states of one text, read alone, scaled to length 1.
    private static double[] vector(BertEncoder encoder, int[] row, int dim) {
        double[] states = encoder.forward(
                        Indices.of(row).reshape(1, row.length),
                        Indices.of(new int[row.length]).reshape(1, row.length),
                        KeyMask.full())
                .toArray();
        double[] mean = new double[dim];
        for (int t = 0; t < row.length; t++) {
            for (int c = 0; c < dim; c++) {
                mean[c] += states[t * SIZE.dim() + c] / row.length;
            }
        }
        double length = Math.sqrt(Arrays.stream(mean).map(x -> x * x).sum());
        return Arrays.stream(mean).map(x -> x / length).toArray();
    }

    private static double loop(BertEncoder encoder, Contrastive.Pairs part, double scale, int dim) {
        List<double[]> passages =
                part.passages().stream().map(row -> vector(encoder, row, dim)).toList();
        double loss = 0;
        int batch = part.anchors().size();
        for (int i = 0; i < batch; i++) {
            double[] anchor = vector(encoder, part.anchors().get(i), dim);
            double all = 0;
            double own = 0;
            for (int j = 0; j < passages.size(); j++) {
                double dot = 0;
                for (int c = 0; c < dim; c++) {
                    dot += anchor[c] * passages.get(j)[c];
                }
                boolean rightToo = j != i
                        && (Arrays.equals(
                                        part.passages().get(j), part.passages().get(i))
                                || j < batch
                                        && Arrays.equals(
                                                part.anchors().get(j),
                                                part.anchors().get(i)));
                all += rightToo ? 0 : Math.exp(scale * dot);
                own = j == i ? Math.exp(scale * dot) : own;
            }
            loss -= Math.log(own / all) / batch;
        }
        return loss;
    }

    /// The definition, each text read alone and so without padding: sums of a hundred terms of order 1, times a
    /// scale of 20, in float64.
    @Test
    void theLossIsThatOfTextsReadAlone() {
        BertEncoder encoder = encoder().to(DType.FLOAT64).eval();
        for (ContrastiveConfig config :
                List.of(USUAL, USUAL.withScale(3).withHardNegatives(true), USUAL.withMatryoshka(List.of(3, 8)))) {
            Contrastive.Pairs part = task(encoder, config, 1).parts(0).getFirst();
            double expected = loop(encoder, part, config.scale(), 8)
                    + (config.matryoshka().isEmpty() ? 0 : loop(encoder, part, config.scale(), 3));
            assertThat(part.loss().item()).isCloseTo(expected, within(1e-11));
            assertThat(part.counted()).isEqualTo(4);
            assertThat(part.passages()).hasSize(config.hardNegatives() ? 8 : 4);
        }
    }

    /// An anchor, the passage behind it, and as its hard negative the one behind that.
    @Test
    void aBatchHasTheTextsOfItsExamples() {
        Contrastive.Pairs part =
                task(encoder(), USUAL.withHardNegatives(true), 1).parts(0).getFirst();
        Texts texts = Texts.every(Tokens.of(tokens(texts(3))), TOKENS, 12);
        for (int i = 0; i < 4; i++) {
            int[] anchor = part.anchors().get(i);
            int example = 0;
            while (!Arrays.equals(texts.at(3 * example), anchor)) {
                example++;
            }
            assertThat(part.passages().get(i)).isEqualTo(texts.at(3 * example + 1));
            assertThat(part.passages().get(4 + i)).isEqualTo(texts.at(3 * example + 2));
        }
    }

    /// More texts than are padded together, of very different lengths, and two that are the same.
    @Test
    void aLargeBatchIsReadInGroups() {
        List<String> texts = new ArrayList<>();
        String words = "a small animal that sees mice and a large plant with leaves";
        for (int i = 0; i < 50; i++) {
            texts.add(words.substring(0, 7 + i));
            texts.add(words.substring(50 - i));
        }
        texts.add(texts.get(0));
        texts.add("a cat");
        texts.add("a dog");
        texts.add(texts.get(1));
        int[] tokens = tokens(texts);
        BertEncoder encoder = encoder().to(DType.FLOAT64).eval();
        Contrastive task = new Contrastive(
                encoder, new Split(tokens, tokens), TOKENS, USUAL, new LanguageModelling.Sizes(52, 1), Rng.of(3));
        Contrastive.Pairs part = task.parts(0).getFirst();
        assertThat(part.loss().item()).isCloseTo(loop(encoder, part, 20, 8), within(1e-11));
        assertThat(part.tokens())
                .isEqualTo(2L * 52 * 2 + tokens.length - texts.size() - cutOff(texts)); // [CLS] and [SEP] of each
    }

    private static long cutOff(List<String> texts) {
        return texts.stream()
                .mapToInt(text -> Math.max(0, MaskedTexts.TOKENIZER.encode(text).length - 10))
                .sum();
    }

    @Test
    void paddingDoesNotChangeAVector() {
        BertEncoder encoder = encoder().to(DType.FLOAT64).eval();
        int[] row = {TOKENS.cls(), 10, 11, TOKENS.sep()};
        int[] longer = {TOKENS.cls(), 12, 13, 14, 15, 16, 17, 18, 19, TOKENS.sep()};
        double[] alone = SentenceVectors.of(encoder, List.of(row), TOKENS.pad()).toArray();
        double[] padded =
                SentenceVectors.of(encoder, List.of(longer, row), TOKENS.pad()).toArray();
        for (int c = 0; c < 8; c++) {
            assertThat(padded[8 + c]).isCloseTo(alone[c], within(1e-14));
        }
        float[] single = SentenceVectors.of(encoder(), List.of(row), 0).toFloatArray();
        for (int c = 0; c < 8; c++) {
            assertThat((double) single[c]).isCloseTo(alone[c], within(1e-5));
        }
    }

    @Test
    void gradientsOfTheLoss() {
        BertEncoder encoder = encoder();
        encoder.to(DType.FLOAT64);
        Contrastive.Pairs part = task(
                        encoder, USUAL.withScale(2).withSymmetric(true).withMatryoshka(List.of(5, 8)), 1)
                .parts(0)
                .getFirst();
        GradientCheck.sampled(part::loss, encoder.namedParameters(), 5).requirePass();
    }

    @Test
    void anEpochHasEveryExampleOnceAndStepsComeInAnyOrder() {
        Contrastive task = task(encoder(), USUAL, 2);
        Set<List<Integer>> seen = new HashSet<>();
        List<List<Integer>> first = new ArrayList<>();
        for (int step : new int[] {4, 3, 0, 1, 2}) { // two epochs of two steps and a half
            for (int[] row : task.parts(step).getFirst().anchors()) {
                if (step < 2) {
                    seen.add(Arrays.stream(row).boxed().toList());
                }
            }
        }
        assertThat(seen).hasSize(8);
        Contrastive again = task(encoder(), USUAL, 2);
        for (int step = 0; step < 4; step++) {
            for (int i = 0; i < 4; i++) {
                assertThat(again.parts(step).getFirst().anchors().get(i))
                        .isEqualTo(task.parts(step).getFirst().anchors().get(i));
            }
            first.add(Arrays.stream(again.parts(step).getFirst().anchors().getFirst())
                    .boxed()
                    .toList());
        }
        assertThat(new HashSet<>(first)).hasSizeGreaterThan(1);
    }

    @Test
    void itLearnsAndGoesOnBitForBit(@TempDir Path folder) {
        ContrastiveConfig hard = USUAL.withHardNegatives(true);
        BertEncoder whole = new BertEncoder(SIZE, Rng.of(5));
        double before = task(whole, hard, 1).evaluate(0).orElseThrow();
        TextTasks.requireGoingOn(
                folder,
                whole,
                () -> new BertEncoder(SIZE, Rng.of(5)),
                () -> new BertEncoder(SIZE, Rng.of(99)),
                encoder -> task(encoder, hard, 1));
        assertThat(task(whole, hard, 1).evaluate(0).orElseThrow()).isLessThan(before / 10);
        assertThat(whole.training()).isTrue();
    }

    /// The mean over whole batches of what was held back, in their order.
    @Test
    void theEvaluationIsTheMeanOverBatches() {
        BertEncoder encoder = encoder().to(DType.FLOAT64);
        Contrastive task = task(encoder, USUAL, 1);
        List<Double> losses = new ArrayList<>();
        int[] tokens = tokens(texts(2));
        Texts texts = Texts.every(Tokens.of(tokens), TOKENS, 12);
        try (var pause = Autograd.noGrad()) {
            for (int batch = 0; batch < 2; batch++) {
                double loss = 0;
                for (int i = 0; i < 4; i++) {
                    double[] a = vector(encoder, texts.at(2 * (4 * batch + i)), 8);
                    double all = 0;
                    double own = 0;
                    for (int j = 0; j < 4; j++) {
                        double[] p = vector(encoder, texts.at(2 * (4 * batch + j) + 1), 8);
                        double dot = 0;
                        for (int c = 0; c < 8; c++) {
                            dot += a[c] * p[c];
                        }
                        all += Math.exp(20 * dot);
                        own = i == j ? Math.exp(20 * dot) : own;
                    }
                    loss -= Math.log(own / all) / 4;
                }
                losses.add(loss);
            }
        }
        assertThat(task.evaluate(0).orElseThrow()).isCloseTo((losses.get(0) + losses.get(1)) / 2, within(1e-11));
        assertThat(task.evaluate(1).orElseThrow()).isCloseTo(losses.get(0), within(1e-11));
        assertThat(new Contrastive(encoder, new Split(tokens, new int[0]), TOKENS, USUAL, FOUR, Rng.of(1)).evaluate(0))
                .isEmpty();
    }

    @Test
    void textsWithoutAWordKeepTheirPlace() {
        int sep = TOKENS.sep();
        Texts texts = Texts.every(Tokens.of(10, sep, sep, 1, sep, 11, sep), TOKENS, 5);
        assertThat(texts.count()).isEqualTo(4);
        assertThat(texts.at(1)).containsExactly(TOKENS.cls(), sep);
        assertThat(texts.at(2)).containsExactly(TOKENS.cls(), 1, sep);
        assertThat(texts.at(3)).containsExactly(TOKENS.cls(), 11, sep);
    }

    @Test
    void badInput() { // BAD-INPUT 24, 98
        int[] tokens = tokens(texts(2));
        Split split = new Split(tokens, tokens);
        assertThatThrownBy(() ->
                        new Contrastive(encoder(), split, TOKENS, USUAL, new LanguageModelling.Sizes(11, 1), Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a batch of 11 examples cannot be made of 10");
        assertThatThrownBy(() ->
                        new Contrastive(encoder(), split, TOKENS, USUAL, new LanguageModelling.Sizes(1, 1), Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("batchSize must be at least 2; got 1");
        assertThatThrownBy(
                        () -> new Contrastive(encoder(), split, TOKENS, USUAL.withHardNegatives(true), FOUR, Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("20 texts are not examples of 3");
        assertThatThrownBy(() -> task(encoder(), USUAL.withMatryoshka(List.of(9)), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("vectors of 8 numbers have no beginning of 9");
        assertThatThrownBy(() -> USUAL.withScale(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> USUAL.withMatryoshka(List.of(0))).isInstanceOf(ConfigException.class);
        TextTasks.requireKnownTokens(tokens, data -> new Contrastive(encoder(), data, TOKENS, USUAL, FOUR, Rng.of(1)));
    }

    @Test
    void theFingerprintIsThatOfTheTexts() {
        int[] tokens = tokens(texts(USUAL.texts()));
        assertThat(task(encoder(), USUAL, 1).fingerprint())
                .isEqualTo(new Split(tokens, tokens).sum())
                .hasSize(64);
    }
}
