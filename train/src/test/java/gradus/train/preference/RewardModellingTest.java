package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.RewardModel;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.task.LanguageModelling.Sizes;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RewardModellingTest {
    private static RewardModel model(int vocab) {
        Gpt base = new Gpt(new GptConfig(vocab, 8, 1, 2, 8, 0.0), Rng.of(1));
        return new RewardModel(base, Rng.of(2)).to(DType.FLOAT64);
    }

    /// A causal model's state does not depend on what follows it; float64, so 1e-12 is far above the rounding.
    @Test
    void theScoreIsThatOfTheLastTokenAndNotOfPadding() {
        RewardModel model = model(9);
        try (var pause = Autograd.noGrad()) {
            double alone = model.forward(Indices.of(Shape.of(1, 3), new int[] {4, 5, 6}), 3)
                    .item();
            double shorter = model.forward(Indices.of(Shape.of(1, 2), new int[] {4, 5}), 2)
                    .item();
            double[] padded = model.forward(Indices.of(Shape.of(2, 5), new int[] {4, 5, 6, 0, 0, 4, 5, 8, 8, 8}), 3, 2)
                    .toArray();
            assertThat(padded[0]).isCloseTo(alone, within(1e-12));
            assertThat(padded[1]).isCloseTo(shorter, within(1e-12));
            assertThat(alone).isNotCloseTo(shorter, within(1e-6));
        }
        assertThatThrownBy(() -> model.forward(Indices.of(Shape.of(1, 2), new int[2]), 3))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> model.forward(Indices.of(Shape.of(1, 2), new int[2])))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void lossIsThatOfPlainLoops() {
        RewardModel model = model(9);
        PreferencePairs pairs = new PreferencePairs();
        boolean[] marks = {false, true};
        pairs.add(new int[] {1, 2}, marks, new int[] {1, 3}, marks, 0.5);
        pairs.add(new int[] {1, 4}, marks, new int[] {1, 5}, marks, 0);
        var settings = new RewardModelling.Settings(new Sizes(2, 1), 0.1);
        var measured = new RewardModelling(model, pairs, new PreferencePairs(), settings, Rng.of(1)).measure(pairs, 0);
        double expected = 0;
        double right = 0;
        for (int i = 0; i < 2; i++) {
            try (var pause = Autograd.noGrad()) {
                double w = model.forward(
                                Indices.of(Shape.of(1, 2), pairs.chosen().ids(i)), 2)
                        .item();
                double l = model.forward(
                                Indices.of(Shape.of(1, 2), pairs.rejected().ids(i)), 2)
                        .item();
                expected += (Math.log1p(Math.exp(l - w + pairs.margin(i))) + 0.1 * (w + l) * (w + l)) / 2;
                right += w > l ? 0.5 : 0;
            }
        }
        assertThat(measured.loss()).isCloseTo(expected, within(1e-12));
        assertThat(measured.accuracy()).isEqualTo(right);
    }

    /// With 800 comparisons of 5 answers an answer's score is known to about `√(4/320)` = 0.11; answers whose
    /// true scores are nearer than 0.5 are not compared.
    @Test
    void recoversTheOrderOfBradleyTerryScores() {
        BradleyTerryPairs truth = new BradleyTerryPairs(5, 1.5, 3);
        RewardModel model = model(truth.vocabSize());
        var settings = new RewardModelling.Settings(new Sizes(16, 1), 0.01);
        var task = new RewardModelling(model, truth.pairs("train", 800), truth.pairs("test", 64), settings, Rng.of(1));
        double before = task.evaluate(0).orElseThrow();
        Trainer.of(task, TrainConfig.defaults().withSteps(50).withLr(2e-2).withWarmup(0))
                .run();
        assertThat(task.evaluate(0).orElseThrow()).isLessThan(before);
        double[] scores = truth.scores();
        model.eval();
        double[] learned = new double[scores.length];
        try (var pause = Autograd.noGrad()) {
            for (int i = 0; i < learned.length; i++) {
                learned[i] = model.forward(Indices.of(Shape.of(1, 3), truth.ids(i)), 3)
                        .item();
            }
        }
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (scores[i] > scores[j] + 0.5) {
                    assertThat(learned[i]).isGreaterThan(learned[j]);
                }
            }
        }
    }

    /// Scores by hand; the metrics of a step are those of all its parts.
    @Test
    void metricsAreTrls() {
        RewardMetrics metrics = new RewardMetrics();
        assertThat(metrics.all()).isEmpty();
        metrics.add(new double[] {2, 1, 1, 3}); // two better answers, then two worse
        metrics.add(new double[] {0, -4});
        assertThat(metrics.all())
                .containsEntry("accuracy", 2 / 3.0)
                .containsEntry("margin", (1 - 2 + 4) / 3.0)
                .containsEntry("min_reward", -4.0)
                .containsEntry("mean_reward", 0.5)
                .containsEntry("max_reward", 3.0);
    }

    /// A text that ends with padding is scored at the token before, in training as later.
    @Test
    void aTextThatEndsWithPaddingIsScoredBefore() {
        RewardModel model = model(9);
        PreferencePairs closed = new PreferencePairs();
        closed.add(new int[] {1, 2}, new int[] {3, 7}, new int[] {4, 5, 7});
        PreferencePairs open = new PreferencePairs();
        open.add(new int[] {1, 2}, new int[] {3}, new int[] {4, 5});
        var padded = new RewardModelling.Settings(new Sizes(1, 1), 0, 7);
        var plain = new RewardModelling.Settings(new Sizes(1, 1), 0);
        PreferencePairs none = new PreferencePairs();
        double at = new RewardModelling(model, closed, none, padded, Rng.of(1))
                .measure(closed, 0)
                .loss();
        assertThat(at)
                .isCloseTo(
                        new RewardModelling(model, open, none, plain, Rng.of(1))
                                .measure(open, 0)
                                .loss(),
                        within(1e-12));
        assertThat(at)
                .isNotCloseTo(
                        new RewardModelling(model, closed, none, plain, Rng.of(1))
                                .measure(closed, 0)
                                .loss(),
                        within(1e-6));
    }

    /// What a chat template writes behind the closing token is cut, marked or not; a closing token of the
    /// prompt, or of an earlier turn of the answer, closes nothing.
    @Test
    void pairsCanEndWithTheAnswer() {
        PreferencePairs pairs = new PreferencePairs();
        boolean[] marks = {false, false, true, true, true, true, false};
        boolean[] open = {false, true, true, false};
        pairs.add(new int[] {1, 7, 7, 2, 7, 8, 8}, marks, new int[] {7, 4, 5, 8}, open, 2);
        PreferencePairs cut = pairs.endingWith(Set.of(7));
        assertThat(cut.chosen().ids(0)).containsExactly(1, 7, 7, 2, 7);
        assertThat(cut.chosen().marks(0)).containsExactly(false, false, true, true, true);
        assertThat(cut.rejected().ids(0)).containsExactly(7, 4, 5);
        assertThat(cut.margin(0)).isEqualTo(2);
        assertThat(pairs.endingWith(Set.of()).chosen().ids(0)).containsExactly(1, 7, 7, 2, 7, 8);
    }
}
