package gradus.lessons.lab.ema;

import gradus.layers.Layer;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.train.LoopConfig;
import gradus.train.StepReport;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.average.EmaKind;
import gradus.train.average.WeightAverage;
import gradus.train.optimizer.Sgd;
import gradus.train.optimizer.SgdConfig;
import gradus.train.schedule.Schedule;
import gradus.train.task.Task;
import java.util.Arrays;
import java.util.List;

/// The loss `θ²/2` of each of many numbers θ, whose gradient is θ plus noise, normal of deviation σ, drawn anew at
/// every step; they have nothing to do with each other, so their mean is a mean over as many trainings.
///
/// @param count of numbers
/// @param start where each begins
/// @param noise σ
record NoisyBowl(int count, double start, double noise) {

    /// What comes of a training: the numbers, and their averages in the order of the decays.
    ///
    /// @param raw      the last θ
    /// @param averaged by decay
    record End(double[] raw, List<double[]> averaged) {
        static double meanSquare(double... values) {
            return Arrays.stream(values).map(each -> each * each).average().orElseThrow();
        }
    }

    /// Trains by SGD.
    ///
    /// @param averages d of each
    End train(Schedule schedule, int steps, EmaKind kind, List<Double> averages, Rng rng) {
        Numbers numbers = new Numbers(count, start);
        List<WeightAverage> all =
                averages.stream().map(d -> kind.of(numbers, d)).toList();
        LoopConfig loop = LoopConfig.defaults()
                .withSteps(steps)
                .withCheckpointEvery(0)
                .withGradients(LoopConfig.defaults().gradients().withClip(0))
                .withEvaluation(LoopConfig.defaults().evaluation().withEvery(0));
        Sgd sgd = new Sgd(numbers.parameters(), new SgdConfig(0, false, 0));
        new Trainer(new Bowl(numbers, noise, rng), sgd, schedule, loop)
                .listen(updating(all))
                .run();
        double[] raw = numbers.theta.toArray();
        List<double[]> averaged = all.stream()
                .map(each -> {
                    try (var swapped = each.swapIn()) {
                        return numbers.theta.toArray();
                    }
                })
                .toList();
        return new End(raw, averaged);
    }

    /// Updates averages after each step of the optimiser, as a [Trainer] does with its own.
    static TrainingListener updating(List<WeightAverage> averages) {
        return new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                averages.forEach(WeightAverage::update);
            }
        };
    }

    private static final class Numbers extends Layer {
        private final Tensor theta;

        Numbers(int count, double start) {
            double[] values = new double[count];
            Arrays.fill(values, start);
            this.theta = param("theta", Tensor.of(values, count).to(DType.FLOAT32));
        }
    }

    private record Bowl(Numbers numbers, double noise, Rng rng) implements Task {
        @Override
        public Layer model() {
            return numbers;
        }

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
                    Tensor theta = numbers.theta;
                    Tensor own = theta.mul(theta).sum().mul(0.5); // ()
                    return noise == 0
                            ? own
                            : own.add(theta.mul(Tensor.randn(rng.at(step), theta.size()))
                                    .sum()
                                    .mul(noise)); // ()
                }
            });
        }

        @Override
        public String fingerprint() {
            return "bowl " + noise;
        }
    }
}
