package gradus.train.cloze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tokenizer.Tokenizer;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.EncoderTokens;
import gradus.train.task.LanguageModelling;
import gradus.train.task.MaskedLm;
import gradus.train.task.MaskedTexts;
import gradus.train.task.Split;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PET's auxiliary loss beside the cloze.
class AuxiliaryMaskedLmTest {
    private static final Tokenizer TOKENIZER = MaskedTexts.TOKENIZER;
    private static final EncoderTokens TOKENS = ControlTokens.of(TOKENIZER);
    private static final BertConfig SIZE = new BertConfig(TOKENIZER.vocabularySize(), 16, 2, 1, 2, 8, 16, 0.0, 1e-12);
    private static final List<Example> EXAMPLES = List.of(
            new Example("a small animal that sees mice", 0),
            new Example("a large plant with leaves", 1),
            new Example("an animal that barks", 0),
            new Example("a plant with thorns", 1),
            new Example("a small animal", 0));

    @TempDir
    private Path folder;

    private static BertMaskedLm bert() {
        return new BertMaskedLm(SIZE, Rng.of(3));
    }

    private static Split text(String text) {
        int[] ids = text.lines()
                .map(TOKENIZER::encode)
                .map(each -> {
                    int[] line = Arrays.copyOf(each, each.length + 1);
                    line[each.length] = TOKENS.sep();
                    return line;
                })
                .flatMapToInt(Arrays::stream)
                .toArray();
        return new Split(ids, new int[0]);
    }

    private static Classification labelled(BertMaskedLm bert, LanguageModelling.Sizes sizes) {
        SequencedMap<String, String> words = new LinkedHashMap<>();
        words.put("a", "animal");
        words.put("p", "plant");
        TextClassifier cloze = new ClozeClassifier(
                bert, Pattern.of("{text} [MASK]", TOKENIZER), Verbalizer.ofWords(words, TOKENIZER), TOKENIZER);
        return new Classification(cloze, EXAMPLES, EXAMPLES, sizes, Rng.of(1));
    }

    private static MaskedLm masked(BertMaskedLm bert, LanguageModelling.Sizes sizes) {
        return new MaskedLm(bert, text(MaskedTexts.TEXT), TOKENS, sizes, Rng.of(2));
    }

    private static AuxiliaryMaskedLm both(BertMaskedLm bert, LanguageModelling.Sizes sizes, double alpha) {
        return new AuxiliaryMaskedLm(labelled(bert, sizes), masked(bert, sizes), alpha);
    }

    /// The gradients of a step, by name, and its loss by the name `loss`.
    private static Map<String, double[]> gradients(Task task, int step) {
        task.model().parameters().forEach(Tensor::zeroGrad);
        List<? extends Task.Part> parts = task.parts(step);
        double all = parts.stream().mapToLong(Task.Part::counted).sum();
        double sum = 0;
        for (Task.Part part : parts) {
            Tensor loss = part.loss().mul(part.counted() / all);
            sum += loss.item();
            loss.backward();
        }
        Map<String, double[]> found = new TreeMap<>();
        task.model()
                .namedParameters()
                .forEach((name, each) -> found.put(
                        name, each.grad() == null ? new double[0] : each.grad().toArray()));
        found.put("loss", new double[] {sum});
        return found;
    }

    private static final BertMaskedLm DOUBLE = new BertMaskedLm(SIZE, Rng.of(3)).to(DType.FLOAT64);
    private static final Map<List<Object>, Map<String, double[]>> ALONE = new HashMap<>();

    /// The gradient is the weighted sum of the gradients, and so is the loss; in double, to the rounding of
    /// sums of a few hundred terms.
    @Property(tries = 200)
    void theGradientIsTheWeightedSum(
            @ForAll @DoubleRange(min = 0, max = 1) double alpha,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(max = 4) int step) {
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(batch, 1);
        Map<String, double[]> examples = ALONE.computeIfAbsent(
                List.of("examples", batch, step), key -> gradients(labelled(DOUBLE, sizes), step));
        Map<String, double[]> texts =
                ALONE.computeIfAbsent(List.of("texts", batch, step), key -> gradients(masked(DOUBLE, sizes), step));
        gradients(both(DOUBLE, sizes, alpha), step).forEach((name, sum) -> {
            double[] a = examples.get(name);
            double[] b = texts.get(name);
            for (int i = 0; i < sum.length; i++) {
                double expected = (1 - alpha) * (a.length == 0 ? 0 : a[i]) + alpha * (b.length == 0 ? 0 : b[i]);
                if (!(Math.abs(sum[i] - expected) <= 1e-12)) { // an assertion for each of thousands takes seconds
                    throw new AssertionError(name + " " + i + ": " + sum[i] + ", not " + expected);
                }
            }
        });
    }

    @Test
    void gradientsAreRight() {
        for (double alpha : new double[] {0, 0.3, 1}) {
            BertMaskedLm bert = bert();
            bert.to(DType.FLOAT64);
            Task.Part part = both(bert, new LanguageModelling.Sizes(3, 1), alpha)
                    .parts(2)
                    .getFirst();
            GradientCheck.sampled(part::loss, bert.namedParameters(), 5).requirePass();
        }
    }

    private static TrainConfig config(int steps) {
        return TrainConfig.defaults()
                .withSteps(steps)
                .withWarmup(1)
                .withBatchSize(2)
                .withLr(1e-2)
                .withMinLr(1e-3)
                .withEvalEvery(0);
    }

    private static float[] trained(BertMaskedLm bert, Task task) {
        Trainer.of(task, config(6)).run();
        return weights(bert);
    }

    private static float[] weights(BertMaskedLm bert) {
        List<float[]> all = bert.namedParameters().values().stream()
                .map(Tensor::toFloatArray)
                .toList();
        float[] flat = new float[all.stream().mapToInt(each -> each.length).sum()];
        int at = 0;
        for (float[] each : all) {
            System.arraycopy(each, 0, flat, at, each.length);
            at += each.length;
        }
        return flat;
    }

    /// Nothing is read, nothing drawn, nothing multiplied.
    @Test
    void withoutAShareItIsTheClassificationBitForBit() {
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(2, 2);
        BertMaskedLm plain = bert();
        float[] expected = trained(plain, labelled(plain, sizes));
        BertMaskedLm none = bert();
        assertThat(trained(none, both(none, sizes, 0))).isEqualTo(expected);
        BertMaskedLm without = bert();
        assertThat(trained(without, new AuxiliaryMaskedLm(labelled(without, sizes), null, 0)))
                .isEqualTo(expected);
        BertMaskedLm some = bert();
        assertThat(trained(some, both(some, sizes, AuxiliaryMaskedLm.ALPHA))).isNotEqualTo(expected);
        assertThat(AuxiliaryMaskedLm.ALPHA).isEqualTo(1e-4);
    }

    /// With all of it, it learns what the masked-language model learns, and no class.
    @Test
    void withAllOfItItIsTheMaskedLanguageModel() {
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(2, 1);
        BertMaskedLm plain = bert();
        float[] expected = trained(plain, masked(plain, sizes));
        BertMaskedLm all = bert();
        assertThat(trained(all, both(all, sizes, 1))).containsExactly(expected, within(1e-6f));
    }

    private Trainer saved(Task task, int steps, Path to) {
        return Trainer.of(task, config(steps).withCheckpointEvery(2)).saveTo(new Checkpoints(to, 5), () -> 0);
    }

    /// A training of before goes on where α is 0, and is refused where it is not; one with α goes on with the
    /// same α and the same texts only.
    @Test
    void aTrainingGoesOnWithTheSameShareAndTexts() {
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(2, 1);
        BertMaskedLm whole = bert();
        float[] expected = trained(whole, labelled(whole, sizes));
        Path plain = folder.resolve("plain");
        BertMaskedLm half = bert();
        stopped(saved(labelled(half, sizes), 6, plain));
        BertMaskedLm other = bert();
        assertThatThrownBy(saved(both(other, sizes, 1e-4), 6, plain)::resume).isInstanceOf(DataException.class);
        BertMaskedLm on = bert();
        Trainer resumed = saved(both(on, sizes, 0), 6, plain);
        assertThat(resumed.resume().orElseThrow().step()).isEqualTo(4);
        resumed.run();
        assertThat(weights(on)).isEqualTo(expected);

        BertMaskedLm third = bert();
        float[] mixed = trained(third, both(third, sizes, 0.5));
        Path share = folder.resolve("share");
        stopped(saved(both(bert(), sizes, 0.5), 6, share));
        for (double alpha : new double[] {0, 0.25, 1}) {
            assertThatThrownBy(saved(both(bert(), sizes, alpha), 6, share)::resume)
                    .isInstanceOf(DataException.class);
        }
        BertMaskedLm elsewhere = bert();
        MaskedLm texts = new MaskedLm(elsewhere, text("cat: a small animal\n"), TOKENS, sizes, Rng.of(2));
        assertThatThrownBy(saved(new AuxiliaryMaskedLm(labelled(elsewhere, sizes), texts, 0.5), 6, share)::resume)
                .isInstanceOf(DataException.class);
        BertMaskedLm last = bert();
        Trainer again = saved(both(last, sizes, 0.5), 6, share);
        assertThat(again.resume()).isPresent();
        again.run();
        assertThat(weights(last)).isEqualTo(mixed);
    }

    /// Ends after the fourth step as a crash does, the checkpoint of which is there.
    private static void stopped(Trainer trainer) {
        trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == 5) {
                    throw new IllegalStateException("crash");
                }
            }
        });
        assertThatThrownBy(trainer::run).hasMessage("crash");
    }

    @Test
    void whatIsMeasuredIsTheClassification() {
        BertMaskedLm bert = bert();
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(2, 1);
        AuxiliaryMaskedLm task = both(bert, sizes, 0.5);
        assertThat(task.evaluate(0)).isEqualTo(labelled(bert, sizes).evaluate(0));
        Task.Part part = task.parts(3).getFirst();
        assertThat(part.counted()).isEqualTo(2);
        assertThat(part.tokens())
                .isEqualTo(2 + masked(bert, sizes).parts(3).getFirst().tokens());
        part.loss();
        assertThat(part.computed()).containsOnlyKeys("the scores", "the logits");
        assertThat(task.model()).isSameAs(bert);
    }

    @Test
    void badInput() {
        BertMaskedLm bert = bert();
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(2, 1);
        for (double alpha : new double[] {-1e-9, 1.0001, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> both(bert, sizes, alpha))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("α, the share of the masked-language loss, must be in [0, 1]; got " + alpha);
        }
        assertThatThrownBy(() -> new AuxiliaryMaskedLm(labelled(bert, sizes), null, 1e-4))
                .isInstanceOf(DataException.class)
                .hasMessage("there are no texts to hide words of: α is 1.0E-4");
        assertThatThrownBy(() -> new MaskedLm(bert, new Split(new int[0], new int[0]), TOKENS, sizes, Rng.of(2)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no text to learn from");
        assertThatThrownBy(() -> new AuxiliaryMaskedLm(labelled(bert, sizes), masked(bert(), sizes), 1e-4))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("one model");
        assertThatThrownBy(() -> new AuxiliaryMaskedLm(null, masked(bert, sizes), 1e-4))
                .isInstanceOf(ConfigException.class);
        AuxiliaryMaskedLm uneven =
                new AuxiliaryMaskedLm(labelled(bert, sizes), masked(bert, new LanguageModelling.Sizes(2, 3)), 1e-4);
        assertThatThrownBy(() -> uneven.parts(0))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("got 3 and 1");
    }
}
