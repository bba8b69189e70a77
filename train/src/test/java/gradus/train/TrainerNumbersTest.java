package gradus.train;

import static gradus.train.SmallTraining.CONFIG;
import static gradus.train.SmallTraining.RNG;
import static gradus.train.SmallTraining.SIZE;
import static gradus.train.SmallTraining.data;
import static gradus.train.SmallTraining.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.NumericException;
import gradus.layers.model.Gpt;
import gradus.tensor.Tensor;
import gradus.train.SmallTraining.Notes;
import gradus.train.task.Batch;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Losses and gradients that are no finite numbers.
class TrainerNumbersTest {
    private final Gpt gpt = new Gpt(SIZE, RNG);

    @Test
    void aLossThatIsNoNumberThrowsAndLeavesTheWeights() { // BAD-INPUT 179
        float[] before = weights(gpt);
        Loss noNumber = (logits, batch) -> logits.mean().mul(0).log().mul(0); // 0·(-∞)
        Notes notes = new Notes();
        Trainer trainer =
                Trainer.of(gpt, CONFIG.withEvalEvery(0), data(), noNumber).listen(notes);
        assertThatThrownBy(trainer::run)
                .isInstanceOf(NumericException.class)
                .hasMessageContaining("step 1")
                .hasMessageContaining("NaN")
                .hasMessageContaining("the loss itself");
        assertThat(weights(gpt)).isEqualTo(before);
        assertThat(notes.end).isEqualTo(EndReason.FAILED);
    }

    @Test
    void theFirstTensorThatIsNotFiniteIsNamed() { // BAD-INPUT 179
        Tensor poisoned = gpt.namedParameters().get("h.1.ln_2.bias");
        double[] values = poisoned.toArray();
        values[3] = Double.NaN;
        poisoned.set(values);
        assertThatThrownBy(
                        () -> Trainer.of(gpt, CONFIG.withEvalEvery(0), data()).run())
                .isInstanceOf(NumericException.class)
                .hasMessageContaining("the parameter h.1.ln_2.bias");
    }

    /// A loss that is a number while its gradient is not: the root of 0, whose slope is infinite, in some steps.
    private static Loss steepIn(int firstStep, int lastStep) {
        return new Loss() {
            private int step;

            @Override
            public Tensor of(Tensor logits, Batch batch) {
                Tensor loss = logits.crossEntropy(batch.targets());
                step++;
                return step < firstStep || step > lastStep
                        ? loss
                        : loss.add(logits.sum().mul(0).sqrt());
            }
        };
    }

    @Test
    void anInfiniteGradientSkipsItsStep() { // BAD-INPUT 180
        Notes notes = new Notes();
        List<float[]> after = new ArrayList<>();
        TrainingResult result = Trainer.of(
                        gpt, CONFIG.withEvalEvery(0), new Split(data().train(), Tokens.of()), steepIn(3, 4))
                .listen(notes)
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        after.add(weights(gpt));
                    }
                })
                .run();
        assertThat(notes.steps).extracting(StepReport::skipped).containsExactly(false, false, true, true, false, false);
        assertThat(result.skipped()).isEqualTo(2);
        assertThat(after.get(3)).isEqualTo(after.get(1));
        assertThat(after.get(4)).isNotEqualTo(after.get(3)).doesNotContain(Float.NaN);
    }

    @Test
    void tooManySkipsInARowEndTheTraining() { // BAD-INPUT 181
        float[] before = weights(gpt);
        Notes notes = new Notes();
        Trainer trainer = Trainer.of(gpt, CONFIG.withEvalEvery(0), data(), steepIn(1, 100))
                .listen(notes);
        assertThatThrownBy(trainer::run)
                .isInstanceOf(NumericException.class)
                .hasMessageContaining("step 5")
                .hasMessageContaining("5 times in a row")
                .hasMessageContaining("wte.weight");
        assertThat(weights(gpt)).isEqualTo(before);
        assertThat(notes.end).isEqualTo(EndReason.FAILED);
    }

    @Test
    void aSpikeIsReported() { // BAD-INPUT 182
        Notes notes = new Notes();
        Loss leap = new Loss() {
            private int step;

            @Override
            public Tensor of(Tensor logits, Batch batch) {
                Tensor loss = logits.crossEntropy(batch.targets());
                return ++step == 50 ? loss.add(10) : loss;
            }
        };
        Trainer.of(gpt, CONFIG.withSteps(60).withEvalEvery(0), new Split(data().train(), Tokens.of()), leap)
                .listen(notes)
                .run();
        assertThat(notes.spikes).extracting(Spike::step).containsExactly(50);
    }

    /// A slope that is infinite, not NaN, must not reach the weights either.
    @Test
    void t5_anInfiniteGradientSkipsItsStep() {
        Tensor gain = gpt.namedParameters().get("h.0.ln_1.weight");
        // x - x is 0, where the root is infinitely steep
        Loss steep = (logits, batch) -> logits.crossEntropy(batch.targets())
                .add(gain.sub(gain.detach()).sqrt().sum());
        float[] before = weights(gpt);
        Notes notes = new Notes();
        TrainingResult result = Trainer.of(gpt, CONFIG.withSteps(3).withEvalEvery(0), data(), steep)
                .listen(notes)
                .run();
        assertThat(notes.steps).allMatch(step -> step.skipped() && Double.isInfinite(step.gradNorm()));
        assertThat(result.skipped()).isEqualTo(3);
        assertThat(weights(gpt)).isEqualTo(before);
    }
}
