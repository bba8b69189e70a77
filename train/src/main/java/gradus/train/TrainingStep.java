package gradus.train;

import gradus.layers.Layer;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.average.WeightAverage;
import gradus.train.optimizer.Clip;
import gradus.train.optimizer.Optimizer;
import gradus.train.schedule.Schedule;
import gradus.train.task.Task;
import java.util.List;
import java.util.Optional;

/// One training step: computes the gradient of the task's loss, and lets the optimiser change the weights by
/// it.
final class TrainingStep {
    private final Task task;
    private final Layer model;
    private final List<Tensor> parameters;
    private final Optimizer optimizer;
    private final Schedule schedule;
    private final LoopConfig config;
    private final Optional<WeightAverage> average;
    private final SkippedSteps skips;

    TrainingStep(
            Task task,
            Optimizer optimizer,
            Schedule schedule,
            LoopConfig config,
            Optional<WeightAverage> average,
            SkippedSteps skips) {
        this.task = task;
        this.model = task.model();
        this.parameters = model.parameters();
        this.optimizer = optimizer;
        this.schedule = schedule;
        this.config = config;
        this.average = average;
        this.skips = skips;
    }

    /// Takes the step.
    ///
    /// @param step counted from 0
    /// @throws gradus.error.NumericException if the loss, or too many gradients in a row, are not finite
    StepReport run(int step) {
        long start = System.nanoTime();
        try (var scope = Scope.open()) {
            List<? extends Task.Part> parts = task.parts(step);
            long counted = parts.stream().mapToLong(Task.Part::counted).sum();
            long tokens = parts.stream().mapToLong(Task.Part::tokens).sum();
            optimizer.zeroGrad();
            double loss = 0;
            for (int i = 0; i < parts.size(); i++) {
                Task.Part part = parts.get(i);
                loss += backward(step, i, part, part.counted() / (double) Math.max(1, counted));
            }
            double clip = config.gradients().clip();
            double gradNorm = clip > 0 ? Clip.clipGradNorm(parameters, clip) : Clip.gradNorm(parameters);
            double learningRate = schedule.lrAt(step);
            boolean good = Double.isFinite(gradNorm);
            if (good) {
                optimizer.step(learningRate);
                average.ifPresent(WeightAverage::update);
                skips.none();
            } else {
                skips.add(step + 1);
            }
            double seconds = (System.nanoTime() - start) * 1e-9;
            return new StepReport(step + 1, loss, learningRate, gradNorm, tokens / seconds, !good, task.metrics());
        }
    }

    /// Adds the contribution of one part to the gradient of the step, and returns its contribution to the
    /// step's loss. The returned number does not include the losses that layers add themselves
    /// ([Layer#auxiliaryLoss]), so that it can be compared with the validation loss. The memory of the part's
    /// activations is freed before the next part needs it.
    ///
    /// @param number the number of the part within the step, which decides its dropout
    private double backward(int step, int number, Task.Part part, double weight) {
        model.random(Rng.of(config.seed()).at("dropout").at(step).at(number));
        try (var scope = Scope.open()) {
            Tensor loss = part.loss(); // ()
            Tensor auxiliary = model.auxiliaryLoss(); // () or null
            Tensor whole = auxiliary == null ? loss : loss.add(auxiliary); // ()
            (weight == 1 ? whole : whole.mul(weight)).backward();
            double value = loss.item(); // read last: until then, a GPU computes while Java goes on
            if (!Double.isFinite(value)) {
                throw NotFinite.loss(step + 1, value, model, part.computed());
            }
            return value * weight;
        }
    }
}
