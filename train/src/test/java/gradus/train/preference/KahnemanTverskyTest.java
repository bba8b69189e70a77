package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.loss.alignment.UnpairedLoss;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import gradus.train.task.Examples;
import gradus.train.task.LanguageModelling.Sizes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Losses are held against plain loops over the logits of each answer alone.
class KahnemanTverskyTest {
    private static final int VOCAB = 11;
    private static final int CONTEXT = 12;
    private static final double BETA = 0.4;
    private static final double GOOD = 1.25;
    private static final double BAD = 0.75;

    /// Some hundred sums of terms of the order of 1 in float64.
    private static final double ROUNDING = 1e-11;

    @TempDir
    private Path folder;

    private static Gpt model(long seed) {
        Gpt model = new Gpt(new GptConfig(VOCAB, CONTEXT, 1, 2, 8, 0.3), Rng.of(seed)).to(DType.FLOAT64);
        move(model, seed);
        return model;
    }

    private static void move(Gpt model, long seed) {
        model.namedParameters().forEach((name, parameter) -> {
            double[] values = parameter.toArray();
            for (int i = 0; i < values.length; i++) {
                values[i] += 0.3 * Rng.of(seed).at(name).gaussian(i);
            }
            try (var pause = Autograd.noGrad()) {
                parameter.set(values);
            }
        });
    }

    private static int[] ids(Rng rng, int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = rng.index(i, VOCAB);
        }
        return ids;
    }

    private static LabelledAnswers answers(long seed, int count) {
        LabelledAnswers answers = new LabelledAnswers();
        for (int i = 0; i < count; i++) {
            Rng rng = Rng.of(seed).at(i);
            answers.add(ids(rng.at("p"), 1 + rng.index(0, 6)), ids(rng.at("a"), 1 + rng.index(1, 6)), i % 3 != 1);
        }
        return answers;
    }

    private static KahnemanTversky task(LanguageModel model, int batch, int micros) {
        var settings = new KahnemanTversky.Settings(new Sizes(batch, micros), BETA, GOOD, BAD);
        return new KahnemanTversky(model, answers(1, 7), answers(2, 5), settings, Rng.of(1));
    }

    /// ln π of the ids from a place on, by loops over one row alone.
    private static double logProb(LanguageModel model, int[] ids, int from) {
        boolean training = model.training();
        model.eval();
        double[] logits;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            logits = model.forward(Indices.of(Shape.of(1, ids.length), ids)).toArray();
        }
        if (training) {
            model.train();
        }
        double sum = 0;
        for (int t = from; t < ids.length; t++) {
            double all = 0;
            for (int v = 0; v < VOCAB; v++) {
                all += Math.exp(logits[(t - 1) * VOCAB + v]);
            }
            sum += logits[(t - 1) * VOCAB + ids[t]] - Math.log(all);
        }
        return sum;
    }

    private static double ratio(LanguageModel model, LanguageModel base, Examples rows, int row) {
        int[] ids = rows.ids(row);
        int from = rows.answerStart(row);
        return logProb(model, ids, from) - logProb(base, ids, from);
    }

    /// The loss of all held-out answers, batch by batch, as the paper's equations 7 and 8 have it.
    @Test
    void theLossIsThatOfPlainLoops() {
        Gpt model = model(3);
        KahnemanTversky task = task(model, 3, 1);
        Gpt base = model(3);
        move(model, 5);
        LabelledAnswers held = answers(2, 5);
        var mismatched = new MismatchedAnswers(
                held.answers(), new Sizes(3, 1), CONTEXT, Rng.of(1).at("held out"));
        double sum = 0;
        double baselines = 0;
        for (int[] batch : mismatched.batches()) {
            double z = 0;
            for (int i : batch) {
                z += ratio(model, base, mismatched.rows(), i) / batch.length;
            }
            z = Math.max(0, z);
            baselines += z / mismatched.batches().size();
            for (int i : batch) {
                double x = ratio(model, base, held.answers(), i);
                double sign = held.desirable(i) ? 1 : -1;
                sum += (held.desirable(i) ? GOOD : BAD) * (1 - 1 / (1 + Math.exp(-BETA * sign * (x - z))));
            }
        }
        var measured = task.heldOut(0);
        assertThat(measured.get("loss")).isCloseTo(sum / 5, within(ROUNDING));
        assertThat(measured.get("kl")).isCloseTo(baselines, within(ROUNDING)).isGreaterThan(0);
        assertThat(task.evaluate(0).orElseThrow()).isEqualTo(measured.get("loss"));
    }

    /// `w·(1 - σ(±βx))` without a baseline.
    @Test
    void withoutBaselineTheLossIsThatOfPlainLoops() {
        Gpt model = model(3);
        var settings = new KahnemanTversky.Settings(new Sizes(3, 1), UnpairedLoss.APO_ZERO_UNPAIRED, BETA, GOOD, BAD);
        var task = new KahnemanTversky(model, answers(1, 7), answers(2, 5), settings, Rng.of(1));
        Gpt base = model(3);
        move(model, 5);
        LabelledAnswers held = answers(2, 5);
        double sum = 0;
        for (int i = 0; i < 5; i++) {
            double x = BETA * ratio(model, base, held.answers(), i);
            sum += held.desirable(i) ? GOOD / (1 + Math.exp(x)) : BAD / (1 + Math.exp(-x));
        }
        assertThat(task.heldOut(0).get("loss")).isCloseTo(sum / 5, within(ROUNDING));
        assertThat(task.heldOut(0)).doesNotContainKey("kl");
        assertThat(task.fingerprint()).isNotEqualTo(task(model, 3, 1).fingerprint());
        assertThat(task.parts(0).getFirst().tokens())
                .isLessThan(task(model, 3, 1).parts(0).getFirst().tokens());
    }

    /// At first nothing has moved: each answer's value is σ(0), and dropout is off. The metrics then are zero.
    @Test
    void beginsAtHalfTheWeights() {
        Gpt model = model(3);
        model.train();
        model.random(Rng.of(4));
        KahnemanTversky task = task(model, 2, 2);
        for (KahnemanTversky.Answers part : task.parts(0)) {
            long good = 0;
            try (var scope = Scope.open()) {
                double loss = part.loss().item();
                // each answer adds GOOD / 2 or BAD / 2
                double share = (loss * 2 - BAD) / (GOOD - BAD) * part.counted();
                good = Math.round(share);
                assertThat(share).isCloseTo(good, within(1e-9));
            }
            assertThat(good).isBetween(0L, part.counted());
        }
        assertThat(model.training()).isTrue();
        var metrics = task.metrics();
        assertThat(metrics.get("kl")).isCloseTo(0, within(ROUNDING));
        assertThat(metrics).containsKeys("kl");
        metrics.forEach((name, value) -> {
            if (name.startsWith("rewards/")) {
                assertThat(value).as(name).isCloseTo(0, within(ROUNDING));
            }
        });
    }

    @Test
    void metricsAreMeansOfEachKindUnderTrlsNames() {
        KtoMetrics metrics = new KtoMetrics();
        assertThat(metrics.means()).isEmpty();
        metrics.add(true, -4, 1);
        metrics.add(true, -6, 2);
        metrics.add(0.5);
        assertThat(metrics.means()).containsOnlyKeys("rewards/chosen", "logps/chosen", "kl");
        metrics.add(false, -3, -1);
        metrics.add(0.25);
        assertThat(metrics.means())
                .containsEntry("rewards/chosen", 1.5)
                .containsEntry("rewards/rejected", -1.0)
                .containsEntry("rewards/margins", 2.5)
                .containsEntry("logps/chosen", -5.0)
                .containsEntry("logps/rejected", -3.0)
                .containsEntry("kl", 0.375);
    }

    // --- batches

    /// Batches share out all answers; beside each prompt stands another answer of the batch, each once.
    @Property(tries = 200)
    void batchesHoldEachAnswerOnceAtItsPromptAndOnceAtAnother(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 40) int count,
            @ForAll @IntRange(min = 2, max = 9) int size) {
        LabelledAnswers answers = answers(seed, count);
        var batches = new MismatchedAnswers(answers.answers(), new Sizes(size, 1), CONTEXT, Rng.of(seed));
        List<Integer> all = new ArrayList<>();
        for (int[] batch : batches.batches()) {
            assertThat(batch.length).isBetween(2, size + 1);
            Arrays.stream(batch).forEach(all::add);
            for (int k = 0; k < batch.length; k++) {
                int prompt = batch[k];
                int answer = batch[(k + batch.length - 1) % batch.length];
                assertThat(answer).isNotEqualTo(prompt);
                int[] row = batches.rows().ids(prompt);
                int before = answers.answers().answerStart(prompt);
                assertThat(batches.rows().answerStart(prompt)).isEqualTo(before);
                assertThat(Arrays.copyOf(row, before))
                        .isEqualTo(Arrays.copyOf(answers.answers().ids(prompt), before));
                int[] tail = Arrays.copyOfRange(
                        answers.answers().ids(answer),
                        answers.answers().answerStart(answer),
                        answers.answers().length(answer));
                int room = Math.min(tail.length, CONTEXT - before);
                assertThat(Arrays.copyOfRange(row, before, row.length)).isEqualTo(Arrays.copyOf(tail, room));
            }
        }
        assertThat(all).doesNotHaveDuplicates().hasSize(count);
    }

    @Property(tries = 200)
    void eachEpochLearnsEveryBatchOnce(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 30) int count,
            @ForAll @IntRange(min = 1, max = 3) int micros) {
        var batches =
                new MismatchedAnswers(answers(seed, count).answers(), new Sizes(2, micros), CONTEXT, Rng.of(seed));
        int all = batches.batches().size();
        List<int[]> learned = new ArrayList<>();
        for (int step = 0; learned.size() < 2 * all; step++) {
            assertThat(batches.step(step)).hasSize(micros);
            learned.addAll(batches.step(step));
        }
        for (int epoch = 0; epoch < 2; epoch++) {
            TreeSet<Integer> firsts = new TreeSet<>();
            learned.subList(epoch * all, (epoch + 1) * all).forEach(batch -> firsts.add(batch[0]));
            assertThat(firsts).hasSize(all);
        }
    }

    @Test
    void learnsToPreferWhatIsDesirable() {
        Gpt model = new Gpt(new GptConfig(VOCAB, CONTEXT, 1, 2, 8, 0.0), Rng.of(1)).to(DType.FLOAT64);
        LabelledAnswers answers = new LabelledAnswers();
        for (int prompt = 0; prompt < 5; prompt++) {
            answers.add(new int[] {prompt}, new int[] {6, 7}, true);
            answers.add(new int[] {prompt}, new int[] {8, 9}, false);
        }
        var task = new KahnemanTversky(
                model, answers, answers, new KahnemanTversky.Settings(new Sizes(4, 1), 0.5, 1, 1), Rng.of(1));
        Trainer.of(task, TrainConfig.defaults().withSteps(30).withLr(1e-2).withWarmup(0))
                .run();
        var measured = task.heldOut(0);
        // at first it is 0; an answer of two tokens at 1/11 each can gain at most 0.5·2·ln 11 = 2.4
        assertThat(measured.get("rewards/margins")).isGreaterThan(1);
        assertThat(measured.get("loss")).isLessThan(0.4);
    }

    /// The mismatches, of which checkpoints hold the reference's log-probabilities, depend on the size.
    @Test
    void aTrainingIsNotResumedWithAnotherBatchSize() {
        trainer(task(model(3), 2, 1)).run();
        Trainer other = trainer(task(model(3), 3, 1));
        assertThatThrownBy(other::resume).isInstanceOf(DataException.class).hasMessageContaining("has changed");
        assertThat(trainer(task(model(3), 2, 1)).resume()).isPresent();
        assertThat(task(model(3), 2, 1).formerFingerprints())
                .isEqualTo(task(model(3), 3, 1).formerFingerprints())
                .doesNotContain(task(model(3), 2, 1).fingerprint());
    }

    private Trainer trainer(KahnemanTversky task) {
        AdamW adam = new AdamW(task.model().parameters(), AdamConfig.defaults());
        return new Trainer(
                        task,
                        adam,
                        step -> 1e-3,
                        TrainConfig.defaults().withSteps(2).loop())
                .saveTo(new Checkpoints(folder, 2), () -> 0);
    }

    // --- what does not fit

    @Test
    void whatDoesNotFitIsRefused() {
        Gpt model = model(1);
        assertThatThrownBy(() -> task(model, 1, 4))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a batch must have at least 2 answers")
                .hasMessageContaining("got a batch size of 1");
        var settings = new KahnemanTversky.Settings(new Sizes(2, 1), BETA, 1, 1);
        assertThatThrownBy(() -> new KahnemanTversky(model, new LabelledAnswers(), answers(1, 2), settings, Rng.of(1)))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> new KahnemanTversky(model, answers(1, 1), answers(1, 2), settings, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there must be at least 2 answers; got 1");
        assertThatThrownBy(() -> new KahnemanTversky.Settings(new Sizes(2, 1), 0, 1, 1))
                .hasMessageContaining("beta must be above 0; got 0.0");
        assertThatThrownBy(() -> new KahnemanTversky.Settings(new Sizes(2, 1), 0.1, -1, 1))
                .hasMessageContaining("weights must be at least 0; got -1.0 and 1.0");
        assertThatThrownBy(() -> new KahnemanTversky.Settings(new Sizes(2, 1), 0.1, 0, 0))
                .hasMessageContaining("one of the weights must be above 0");
        LabelledAnswers unknown = new LabelledAnswers();
        unknown.add(new int[] {1}, new int[] {VOCAB}, true);
        assertThatThrownBy(() -> new KahnemanTversky(model, unknown, answers(1, 2), settings, Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("token 11 is outside the vocabulary 0..10");
        assertThatThrownBy(() -> new LabelledAnswers().add(new int[0], new int[] {1}, true))
                .hasMessageContaining("at least 1 id; got 0 and 1");
    }
}
