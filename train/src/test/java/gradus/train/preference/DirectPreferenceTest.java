package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.task.LanguageModelling.Sizes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Losses are held against plain loops over the logits of each answer alone.
class DirectPreferenceTest {
    private static final int VOCAB = 11;
    private static final double BETA = 0.3;

    /// Some hundred sums of terms of the order of 1 in float64.
    private static final double ROUNDING = 1e-11;

    @TempDir
    private Path folder;

    private static Gpt model(long seed) {
        Gpt model = new Gpt(new GptConfig(VOCAB, 16, 2, 2, 8, 0.0), Rng.of(seed)).to(DType.FLOAT64);
        model.namedParameters().forEach((name, parameter) -> {
            double[] values = parameter.toArray();
            for (int i = 0; i < values.length; i++) {
                values[i] += 0.3 * Rng.of(seed).at(name).gaussian(i);
            }
            try (var pause = Autograd.noGrad()) {
                parameter.set(values);
            }
        });
        return model;
    }

    /// With dropout in the steps, a policy would differ from itself.
    @Test
    void dropoutIsOffAsWhenTheReferenceWasAsked() {
        Gpt model = new Gpt(new GptConfig(VOCAB, 16, 2, 2, 8, 0.5), Rng.of(3)).to(DType.FLOAT64);
        DirectPreference task = task(model, PreferenceLoss.SIGMOID, 4, 1);
        model.train();
        model.random(Rng.of(4));
        try (var scope = Scope.open()) {
            assertThat(task.parts(0).getFirst().loss().item()).isCloseTo(Math.log(2), within(ROUNDING));
        }
        assertThat(model.training()).isTrue();
    }

    private static int[] ids(Rng rng, int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = rng.index(i, VOCAB);
        }
        return ids;
    }

    private static PreferencePairs pairs(long seed, int count) {
        PreferencePairs pairs = new PreferencePairs();
        for (int i = 0; i < count; i++) {
            Rng rng = Rng.of(seed).at(i);
            pairs.add(
                    ids(rng.at("p"), 1 + rng.index(0, 4)),
                    ids(rng.at("c"), 1 + rng.index(1, 6)),
                    ids(rng.at("r"), 1 + rng.index(2, 6)));
        }
        return pairs;
    }

    private static DirectPreference task(LanguageModel model, PreferenceLoss loss, int batch, int micros) {
        var settings = new DirectPreference.Settings(new Sizes(batch, micros), loss, BETA, 0);
        return new DirectPreference(model, pairs(1, 6), pairs(2, 5), settings, Rng.of(1));
    }

    /// ln π of an answer alone, by loops.
    private static double logProb(LanguageModel model, int[] ids, int from) {
        double[] logits;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            logits = model.forward(Indices.of(Shape.of(1, ids.length), ids)).toArray();
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

    private static int promptLength(long seed, int pair) {
        return 1 + Rng.of(seed).at(pair).index(0, 4);
    }

    private static double[] ratios(LanguageModel model, LanguageModel base, int pair) {
        PreferencePairs pairs = pairs(2, 5);
        int from = promptLength(2, pair);
        int[] c = pairs.chosen().ids(pair);
        int[] r = pairs.rejected().ids(pair);
        return new double[] {
            logProb(model, c, from) - logProb(base, c, from), logProb(model, r, from) - logProb(base, r, from)
        };
    }

    private static void move(LanguageModel model) {
        try (var pause = Autograd.noGrad()) {
            model.namedParameters().forEach((name, parameter) -> {
                double[] values = parameter.toArray();
                for (int i = 0; i < values.length; i++) {
                    values[i] += 0.2 * Rng.of(9).at(name).gaussian(i);
                }
                parameter.set(values);
            });
        }
    }

    @Test
    void lossAndMetricsAreThoseOfPlainLoops() {
        Gpt model = model(1);
        DirectPreference dpo = task(model, PreferenceLoss.SIGMOID, 2, 1);
        DirectPreference ipo = task(model, PreferenceLoss.IPO, 3, 1);
        move(model);
        double loss = 0;
        double squares = 0;
        double right = 0;
        double margins = 0;
        for (int i = 0; i < 5; i++) {
            double[] ab = ratios(model, model(1), i);
            loss += Math.log1p(Math.exp(-BETA * (ab[0] - ab[1]))) / 5;
            double a = ab[0] / (pairs(2, 5).chosen().length(i) - promptLength(2, i));
            double b = ab[1] / (pairs(2, 5).rejected().length(i) - promptLength(2, i));
            squares += Math.pow(a - b - 1 / (2 * BETA), 2) / 5;
            right += ab[0] > ab[1] ? 0.2 : 0;
            margins += BETA * (ab[0] - ab[1]) / 5;
        }
        assertThat(dpo.evaluate(0).orElseThrow()).isCloseTo(loss, within(ROUNDING));
        assertThat(ipo.evaluate(0).orElseThrow()).isCloseTo(squares, within(ROUNDING));
        assertThat(dpo.heldOut(0).get("rewards/accuracies")).isCloseTo(right, within(ROUNDING));
        assertThat(dpo.heldOut(0).get("rewards/margins")).isCloseTo(margins, within(ROUNDING));
    }

    @Test
    void aPolicyThatIsItsReferenceHasTheLossLn2() {
        DirectPreference task = task(model(1), PreferenceLoss.SIGMOID, 2, 2);
        for (var part : task.parts(0)) {
            assertThat(part.loss().item()).isCloseTo(Math.log(2), within(ROUNDING));
        }
        assertThat(task.metrics().get("rewards/margins")).isCloseTo(0, within(ROUNDING));
        assertThat(task.metrics())
                .containsOnlyKeys(
                        "rewards/chosen",
                        "rewards/rejected",
                        "rewards/margins",
                        "rewards/accuracies",
                        "logps/chosen",
                        "logps/rejected");
    }

    @Test
    void aStepDownRaisesTheChosenAnswerOverTheRejected() {
        Gpt model = model(1);
        DirectPreference task = task(model, PreferenceLoss.SIGMOID, 6, 1);
        Tensor loss = task.parts(0).getFirst().loss();
        loss.backward();
        try (var pause = Autograd.noGrad()) {
            for (Tensor parameter : model.parameters()) {
                double[] values = parameter.toArray();
                double[] gradient = parameter.grad().toArray();
                for (int i = 0; i < values.length; i++) {
                    values[i] -= 0.01 * gradient[i];
                }
                parameter.set(values);
            }
            assertThat(task.parts(0).getFirst().loss().item()).isLessThan(Math.log(2));
        }
        assertThat(task.metrics().get("rewards/margins")).isPositive();
    }

    @Test
    void paddingIsNeverCounted() {
        Gpt model = model(1);
        try (var pause = Autograd.noGrad()) {
            double[] tight = AnswerRows.of(
                            new int[] {3, 1},
                            0,
                            pairs(1, 6).chosen(),
                            pairs(1, 6).rejected())
                    .logProbs(model)
                    .toArray();
            double[] loose = AnswerRows.of(
                            new int[] {3, 1},
                            0,
                            16,
                            pairs(1, 6).chosen(),
                            pairs(1, 6).rejected())
                    .logProbs(model)
                    .toArray();
            for (int i = 0; i < 4; i++) {
                assertThat(loose[i]).isCloseTo(tight[i], within(ROUNDING));
            }
        }
    }

    private static Trainer trainer(LanguageModel model, int steps, Path checkpoints) {
        TrainConfig config =
                TrainConfig.defaults().withSteps(9).withLr(1e-2).withWarmup(0).withCheckpointEvery(5);
        Trainer trainer = Trainer.of(task(model, PreferenceLoss.SIGMOID, 2, 2), config)
                .saveTo(new Checkpoints(checkpoints, 2), () -> 0);
        return trainer.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == steps) {
                    trainer.requestStop();
                }
            }
        });
    }

    /// The resumed task was made with another policy; its reference comes from the checkpoint.
    @Test
    void aResumedTrainingIsTheSameBitForBit() {
        Gpt whole = model(1);
        trainer(whole, 9, folder.resolve("whole")).run();
        trainer(model(1), 4, folder.resolve("cut")).run();
        Gpt resumed = model(2);
        Trainer second = trainer(resumed, 9, folder.resolve("cut"));
        assertThat(second.resume()).isPresent();
        second.run();
        List<double[]> expected =
                whole.parameters().stream().map(Tensor::toArray).toList();
        assertThat(resumed.parameters().stream().map(Tensor::toArray).toList())
                .usingRecursiveComparison()
                .isEqualTo(expected);
    }

    // --- with the negative log-likelihood of the better answers

    private static DirectPreference rpo(LanguageModel model, double alpha) {
        var settings = new DirectPreference.Settings(new Sizes(5, 1), PreferenceLoss.SIGMOID, BETA, 0, alpha);
        return new DirectPreference(model, pairs(1, 6), pairs(2, 5), settings, Rng.of(1));
    }

    /// By loops over each answer alone: the sum over all tokens, divided by their number.
    @Test
    void rpoAddsTheMeanOverTheTokensOfTheBetterAnswers() {
        Gpt model = model(1);
        DirectPreference plain = rpo(model, 0);
        DirectPreference rpo = rpo(model, 0.7);
        move(model);
        double sum = 0;
        int tokens = 0;
        for (int i = 0; i < 5; i++) {
            int[] ids = pairs(2, 5).chosen().ids(i);
            sum -= logProb(model, ids, promptLength(2, i));
            tokens += ids.length - promptLength(2, i);
        }
        var measured = rpo.heldOut(0);
        assertThat(measured.get("nll_loss")).isCloseTo(sum / tokens, within(ROUNDING));
        assertThat(measured.get("loss") - plain.heldOut(0).get("loss")).isCloseTo(0.7 * sum / tokens, within(ROUNDING));
        assertThat(plain.heldOut(0)).doesNotContainKey("nll_loss");
    }

    /// Finite differences along each parameter of a layer norm; the loss is smooth, so an error of the central
    /// difference at 1e-5 is of the order of 1e-10.
    @Test
    void rpoHasTheGradientOfItsValue() {
        Gpt model = model(1);
        DirectPreference task = rpo(model, 0.7);
        move(model);
        task.parts(0).getFirst().loss().backward();
        Tensor parameter = model.parameters().getLast();
        double[] values = parameter.toArray();
        double[] gradient = parameter.grad().toArray();
        assertThat(gradient).isNotEqualTo(new double[gradient.length]);
        try (var pause = Autograd.noGrad()) {
            for (int i = 0; i < values.length; i++) {
                double[] sides = new double[2];
                for (int side = 0; side < 2; side++) {
                    double[] moved = values.clone();
                    moved[i] += (2 * side - 1) * 1e-5;
                    parameter.set(moved);
                    sides[side] = task.parts(0).getFirst().loss().item();
                }
                parameter.set(values);
                assertThat((sides[1] - sides[0]) / 2e-5).isCloseTo(gradient[i], within(1e-8));
            }
        }
    }

    @Test
    void withoutAlphaNothingChangesToTheBit() {
        var former = new DirectPreference.Settings(new Sizes(5, 1), PreferenceLoss.SIGMOID, BETA, 0);
        Gpt model = model(1);
        DirectPreference task = new DirectPreference(model, pairs(1, 6), pairs(2, 5), former, Rng.of(1));
        DirectPreference zero = rpo(model(1), 0);
        move(model);
        move(zero.model());
        for (DirectPreference each : List.of(task, zero)) {
            each.parts(0).getFirst().loss().backward();
        }
        assertThat(zero.heldOut(0)).isEqualTo(task.heldOut(0));
        for (int i = 0; i < model.parameters().size(); i++) {
            assertThat(zero.model().parameters().get(i).grad().toArray())
                    .isEqualTo(model.parameters().get(i).grad().toArray());
        }
        assertThat(zero.fingerprint()).isEqualTo(task.fingerprint());
        assertThat(rpo(model, 0.7).fingerprint()).isNotEqualTo(task.fingerprint());
        assertThat(rpo(model, 0.7).fingerprint()).isNotEqualTo(rpo(model, 0.8).fingerprint());
    }

    @Test
    void badWeightsAreRefused() {
        for (double wrong : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> rpo(model(1), wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("rpoAlpha must be at least 0; got " + wrong);
        }
    }

    @Test
    void refusesWhatCannotBeLearned() {
        var settings = new DirectPreference.Settings(new Sizes(1, 1), PreferenceLoss.SIGMOID, BETA, 0);
        PreferencePairs none = new PreferencePairs();
        assertThatThrownBy(() -> new DirectPreference(model(1), none, none, settings, Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no pair");
        PreferencePairs strange = new PreferencePairs();
        strange.add(new int[] {1}, new int[] {VOCAB}, new int[] {2});
        assertThatThrownBy(() -> new DirectPreference(model(1), strange, none, settings, Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("outside the vocabulary");
        PreferencePairs overlong = new PreferencePairs();
        overlong.add(new int[] {1}, new int[16], new int[] {2});
        assertThatThrownBy(() -> new DirectPreference(model(1), overlong, none, settings, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("context");
        assertThatThrownBy(() -> new DirectPreference.Settings(new Sizes(1, 1), PreferenceLoss.SIGMOID, 0, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("beta");
        assertThatThrownBy(() -> none.add(new int[0], new int[1], new int[1])).isInstanceOf(ConfigException.class);
    }
}
