package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.NumericException;
import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A task that says no more than it must.
class TaskTest {
    private static final TrainConfig FEW =
            TrainConfig.defaults().withSteps(3).withWarmup(0).withEvalEvery(0).withLr(1e-2);

    /// Makes its weights small, `Σw²` times a factor.
    private record Shrinking(Linear model, double factor) implements Task {
        @Override
        public List<Part> parts(int step) {
            return List.of(new Part() {
                @Override
                public long counted() {
                    return 1;
                }

                @Override
                public long tokens() {
                    return 1;
                }

                @Override
                public Tensor loss() {
                    return model.weight().square().sum().mul(factor);
                }
            });
        }

        @Override
        public String fingerprint() {
            return "small";
        }
    }

    private static Shrinking shrinking(double factor) {
        return new Shrinking(new Linear(3, 2, Rng.of(1)), factor);
    }

    @Test
    void needsNoMore() {
        List<StepReport> reports = new ArrayList<>();
        Task task = shrinking(1);
        assertThat(task.evaluate(0)).isEmpty();
        assertThat(task.formerFingerprints()).isEmpty();
        assertThat(task.state()).isEmpty();
        assertThat(task.parts(0).getFirst().computed()).isEmpty();
        assertThat(Trainer.of(task, FEW)
                        .listen(new TrainingListener() {
                            @Override
                            public void onStep(StepReport report) {
                                reports.add(report);
                            }
                        })
                        .run()
                        .validationLoss())
                .isEmpty();
        assertThat(reports).hasSize(3).allMatch(report -> report.metrics().isEmpty());
        assertThat(reports.getLast().loss()).isLessThan(reports.getFirst().loss());
    }

    /// With nothing computed on the way, the error names the loss itself.
    @Test
    void aLossThatIsNoNumberIsNamed() {
        assertThatThrownBy(() -> Trainer.of(shrinking(Double.NaN), FEW).run())
                .isInstanceOf(NumericException.class)
                .hasMessageContaining("the first tensor that is not finite is the loss itself");
    }
}
