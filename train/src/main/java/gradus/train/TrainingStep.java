package gradus.train;

import gradus.layers.Layer;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.train.average.WeightAverage;
import gradus.train.optimizer.Clip;
import gradus.train.optimizer.Optimizer;
import gradus.train.schedule.Schedule;
import gradus.train.task.Task;
import java.util.List;
import java.util.Optional;

/// One step of a training: the gradient of the task's loss, and the optimiser's step along it.
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
            return new StepReport(step + 1, loss, learningRate, gradNorm, tokens / seconds, !good);
        }
    }

    /// Adds a part's share to the gradient of the step, and returns its share of the step's loss. What the layers add
    /// to the loss themselves ([Layer#auxiliaryLoss]) is left out of the number returned, so that it compares with
    /// the validation loss. The memory of the part's activations is free again before the next part needs it.
    ///
    /// @param number of the part within the step, from which its dropout follows
    private double backward(int step, int number, Task.Part part, double weight) {
        model.random(Rng.of(config.seed()).at("dropout").at(step).at(number));
        try (var scope = Scope.open()) {
            Tensor loss = part.loss(); // ()
            Tensor auxiliary = model.auxiliaryLoss(); // () or null
            Tensor whole = auxiliary == null ? loss : loss.add(auxiliary); // ()
            (weight == 1 ? whole : whole.mul(weight)).backward();
            double value = loss.item(); // only now: a GPU computes on while Java prepares what comes next
            if (!Double.isFinite(value)) {
                throw NotFinite.loss(step + 1, value, model, part.computed());
            }
            return value * weight;
        }
    }
}
