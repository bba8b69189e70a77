package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.DataException;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
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

/// Guessing hidden tokens.
class MaskedLmTest {
    private static final EncoderTokens TOKENS = ControlTokens.of(MaskedTexts.TOKENIZER);
    private static final BertConfig SIZE =
            new BertConfig(MaskedTexts.TOKENIZER.vocabularySize(), 12, 2, 1, 2, 8, 16, 0.0, 1e-12);
    private static final LanguageModelling.Sizes FOUR = new LanguageModelling.Sizes(4, 1);

    private static int[] tokens() {
        return TextTasks.tokens(MaskedTexts.TEXT.lines().toList(), TOKENS);
    }

    private static Split split() {
        return new Split(tokens(), tokens());
    }

    private static BertMaskedLm bert() {
        return new BertMaskedLm(SIZE, Rng.of(5));
    }

    /// That likes to guess "a", and is sometimes right.
    private static BertMaskedLm guessing(BertConfig size) {
        BertMaskedLm bert = TextTasks.large(new BertMaskedLm(size, Rng.of(5)));
        int a = MaskedTexts.TOKENIZER.encode("a")[0];
        bert.namedParameters()
                .get("cls.predictions.bias")
                .setSlice(0, a, Tensor.ones(1).mul(3));
        return bert;
    }

    private static MaskedLm task(BertMaskedLm bert, long seed) {
        return new MaskedLm(bert, split(), TOKENS, FOUR, Rng.of(seed));
    }

    /// The definition: every position's logits, the labels with -100 where nothing is hidden, each text alone
    /// and so without padding; a plain sum of logarithms. A few hundred terms of order 5 in float64.
    @Test
    void theLossIsTheMeanOverHiddenTokensOfEachTextAlone() {
        BertMaskedLm bert = TextTasks.large(bert()).to(DType.FLOAT64).eval();
        MaskedLm task = task(bert, 1);
        MaskedLm.Hidden part = task.parts(0).getFirst();
        assertThat(part.tokens()).isEqualTo(part.rows().ids().size());
        Texts texts = new Texts(Tokens.of(tokens()), TOKENS, 12);
        double sum = 0;
        int count = 0;
        List<int[]> rows = rows(part);
        for (int[] row : rows) {
            int[] original = original(texts, row);
            double[] logits = alone(bert, row);
            Masking.Masked masked = hidden(original, row, texts);
            for (int t = 0; t < row.length; t++) {
                if (masked.labels()[t] >= 0) {
                    double all = 0;
                    for (int v = 0; v < SIZE.vocabSize(); v++) {
                        all += Math.exp(logits[t * SIZE.vocabSize() + v]);
                    }
                    sum -= logits[t * SIZE.vocabSize() + masked.labels()[t]] - Math.log(all);
                    count++;
                }
            }
        }
        assertThat(part.counted()).isEqualTo(count);
        assertThat(part.loss().item()).isCloseTo(sum / count, within(1e-10));
    }

    /// The logits of one sequence, (T·V).
    private static double[] alone(BertMaskedLm bert, int[] row) {
        return bert.forward(
                        Indices.of(row).reshape(1, row.length),
                        Indices.of(new int[row.length]).reshape(1, row.length),
                        gradus.tensor.mask.KeyMask.full())
                .toArray();
    }

    private static List<int[]> rows(MaskedLm.Hidden part) {
        int time = part.rows().ids().shape().dim(1);
        List<int[]> rows = new ArrayList<>();
        for (int b = 0; b < part.rows().ids().shape().dim(0); b++) {
            List<Integer> row = new ArrayList<>();
            for (int t = 0; t < time && part.rows().ids().get(b * time + t) != TOKENS.pad(); t++) {
                row.add(part.rows().ids().get(b * time + t));
            }
            rows.add(row.stream().mapToInt(Integer::intValue).toArray());
        }
        return rows;
    }

    /// The text that a row hides tokens of: the one that agrees in most places.
    private static int[] original(Texts texts, int[] row) {
        int[] best = null;
        int most = -1;
        for (int i = 0; i < texts.count(); i++) {
            int[] text = texts.at(i);
            int same = 0;
            for (int t = 0; text.length == row.length && t < row.length; t++) {
                same += text[t] == row[t] ? 1 : 0;
            }
            if (same > most) {
                most = same;
                best = text;
            }
        }
        return best;
    }

    /// The labels, found by trying the turns of the first step.
    private static Masking.Masked hidden(int[] original, int[] row, Texts texts) {
        for (int turn = 0; turn < 4; turn++) {
            Masking.Masked masked =
                    new Masking(TOKENS).of(original, Rng.of(1).at("masks").at(turn));
            if (Arrays.equals(masked.inputs(), row)) {
                return masked;
            }
        }
        throw new AssertionError("no turn gives this row");
    }

    @Test
    void anEpochHasEveryTextOnceAndStepsComeInAnyOrder() {
        MaskedLm task = new MaskedLm(bert(), split(), TOKENS, new LanguageModelling.Sizes(5, 1), Rng.of(2));
        Texts texts = new Texts(Tokens.of(tokens()), TOKENS, 12);
        assertThat(texts.count()).isEqualTo(10);
        Set<List<Integer>> seen = new HashSet<>();
        for (int step : new int[] {3, 0, 1, 2}) { // two epochs of two steps
            rows(task.parts(step).getFirst()).forEach(row -> {
                if (step < 2) {
                    seen.add(Arrays.stream(original(texts, row)).boxed().toList());
                }
            });
        }
        assertThat(seen).hasSize(10);
        assertThat(order(task, texts, 0)).isNotEqualTo(order(task, texts, 2));
        MaskedLm again = new MaskedLm(bert(), split(), TOKENS, new LanguageModelling.Sizes(5, 1), Rng.of(2));
        for (int step = 0; step < 4; step++) {
            assertThat(again.parts(step).getFirst().rows().ids().values())
                    .isEqualTo(task.parts(step).getFirst().rows().ids().values());
        }
        assertThat(task.parts(0).getFirst().rows().ids().values())
                .isNotEqualTo(task.parts(2).getFirst().rows().ids().values());
    }

    private static List<List<Integer>> order(MaskedLm task, Texts texts, int step) {
        return rows(task.parts(step).getFirst()).stream()
                .map(row -> Arrays.stream(original(texts, row)).boxed().toList())
                .toList();
    }

    @Test
    void theEvaluationHidesTheSameWhateverTheSeed() {
        BertMaskedLm bert = bert();
        MaskedLm.Measure one = task(bert, 1).measure(0);
        assertThat(task(bert, 2).measure(0)).isEqualTo(one);
        assertThat(task(bert, 1).evaluate(0).orElseThrow()).isEqualTo(one.loss());
        assertThat(one.loss()).isCloseTo(Math.log(SIZE.vocabSize()), within(0.3)); // random weights know nothing
        MaskedLm larger = new MaskedLm(bert, split(), TOKENS, new LanguageModelling.Sizes(10, 1), Rng.of(1));
        assertThat(larger.measure(0).loss()).isCloseTo(one.loss(), within(1e-5)); // however it is cut into batches
        assertThat(bert.training()).isTrue();
    }

    /// Text by text, what is hidden drawn from its number, and a guess right where no other token has a higher
    /// score. Dropout is off.
    @Test
    void theEvaluationCountsRightGuesses() {
        BertMaskedLm bert = guessing(SIZE);
        Texts texts = new Texts(Tokens.of(tokens()), TOKENS, 12);
        long hidden = 0;
        long right = 0;
        for (int i = 0; i < texts.count(); i++) {
            Masking.Masked masked = new Masking(TOKENS, 0.9)
                    .of(texts.at(i), Rng.of(0).at("validation masks").at(i));
            double[] logits = alone(bert, masked.inputs());
            for (int t = 0; t < masked.labels().length; t++) {
                int label = masked.labels()[t];
                if (label >= 0) {
                    double own = logits[t * SIZE.vocabSize() + label];
                    hidden++;
                    right += Arrays.stream(logits, t * SIZE.vocabSize(), (t + 1) * SIZE.vocabSize())
                                    .allMatch(score -> score <= own)
                            ? 1
                            : 0;
                }
            }
        }
        assertThat(right).isPositive();
        for (BertMaskedLm model : List.of(bert, guessing(SIZE.withDropout(0.5)))) {
            MaskedLm task = new MaskedLm(model, split(), new Masking(TOKENS, 0.9), FOUR, Rng.of(1));
            assertThat(task.measure(0).hidden()).isEqualTo(hidden);
            assertThat(task.measure(0).guessed()).isEqualTo(right);
            assertThat(task.measure(1).hidden()).isLessThan(hidden); // a part of it
            assertThat(task.measure(9)).isEqualTo(task.measure(0)); // there are no more than three batches
        }
    }

    @Test
    void microBatchesDivideABatch() {
        int[] two = new MaskedLm(bert(), split(), TOKENS, new LanguageModelling.Sizes(2, 2), Rng.of(2))
                .parts(1).stream()
                        .flatMap(part -> rows(part).stream())
                        .flatMapToInt(Arrays::stream)
                        .toArray();
        int[] one = new MaskedLm(bert(), split(), TOKENS, FOUR, Rng.of(2))
                .parts(1).stream()
                        .flatMap(part -> rows(part).stream())
                        .flatMapToInt(Arrays::stream)
                        .toArray();
        assertThat(two).isEqualTo(one);
    }

    @Test
    void gradientsOfTheLoss() {
        BertMaskedLm bert = bert();
        bert.to(DType.FLOAT64);
        MaskedLm.Hidden part = task(bert, 1).parts(0).getFirst();
        GradientCheck.sampled(part::loss, bert.namedParameters(), 5).requirePass();
    }

    @Test
    void itLearnsAndGoesOnBitForBit(@TempDir Path folder) {
        BertMaskedLm whole = bert();
        double before = task(whole, 1).measure(0).loss();
        TextTasks.requireGoingOn(
                folder, whole, MaskedLmTest::bert, () -> new BertMaskedLm(SIZE, Rng.of(99)), bert -> task(bert, 1));
        assertThat(task(whole, 1).measure(0).loss()).isLessThan(before - 0.5);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() ->
                        new MaskedLm(bert(), new Split(new int[] {3, 3, 3}, new int[0]), TOKENS, FOUR, Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no text to learn from");
        TextTasks.requireKnownTokens(tokens(), data -> new MaskedLm(bert(), data, TOKENS, FOUR, Rng.of(1)));
        assertThatThrownBy(() -> new Texts(Tokens.of(7, 3), TOKENS, 2)).hasMessageContaining("at least 3");
        assertThat(new MaskedLm(bert(), new Split(tokens(), new int[0]), TOKENS, FOUR, Rng.of(1)).evaluate(0))
                .isEmpty();
    }

    @Test
    void textsAreCutAndEmptyOnesLeftOut() {
        int sep = TOKENS.sep();
        Texts texts = new Texts(Tokens.of(sep, 10, 11, 12, 13, sep, sep, 1, 1, sep, 14), TOKENS, 5);
        assertThat(texts.count()).isEqualTo(2);
        assertThat(texts.at(0)).containsExactly(TOKENS.cls(), 10, 11, 12, sep);
        assertThat(texts.at(1)).containsExactly(TOKENS.cls(), 14, sep);
    }

    @Test
    void theFingerprintIsThatOfTheTexts() {
        assertThat(task(bert(), 1).fingerprint()).isEqualTo(split().sum()).hasSize(64);
    }
}
