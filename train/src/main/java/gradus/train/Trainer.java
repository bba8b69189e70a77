package gradus.train;

import gradus.error.NumericException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// Trains a language model: `steps` times a random batch, its loss, the gradient, and an optimiser's step down it.
/// ```java
/// TrainingResult result = new Trainer(gpt, TrainConfig.defaults(), Split.holdOut(tokens, 0.1))
///         .listen(listener)
///         .run();
/// ```
/// The same model, configuration and data give the same weights, bit for bit, on the same machine.
///
/// Numbers that go wrong end a training before they spoil the weights: a loss that is not finite throws at once; a
/// gradient that is not finite skips its step, and after [#MOST_SKIPS] such steps in a row the training throws, the
/// weights being those of the last good step.
public final class Trainer {
    /// So many steps in a row may have a gradient that is not finite.
    public static final int MOST_SKIPS = 5;

    private final LanguageModel model;
    private final TrainConfig config;
    private final Split data;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private final List<Tensor> parameters;
    private final Batches batches;
    private final Optimizer optimizer;
    private final WeightAverage average; // or null
    private final Schedule schedule;
    private final SpikeWatch spikes = new SpikeWatch();
    private Loss loss;
    private Loss validationLoss = Losses.crossEntropy();
    private volatile boolean stopRequested;

    private int skipped;
    private int skippedInARow;
    private double lossSum;
    private int lossCount;

    /// @throws gradus.error.DataException if the data is too short or has tokens that the model does not know
    public Trainer(LanguageModel model, TrainConfig config, Split data) {
        this.model = model;
        this.config = config;
        this.data = data;
        Batches.requireVocabulary(data.train(), model.vocabSize());
        Batches.requireVocabulary(data.validation(), model.vocabSize());
        this.batches = new Batches(
                data.train(),
                model.context(),
                config.batchSize(),
                Rng.of(config.seed()).at("batches"));
        this.parameters = model.parameters();
        this.optimizer = Optimizer.of(model.namedParameters(), config);
        this.average = config.emaDecay() > 0 ? new Ema(model, config.emaDecay()) : null;
        this.schedule = Schedule.of(config);
        this.loss = Losses.crossEntropy(config.labelSmoothing());
    }

    /// Replaces what training makes small, and what evaluation measures. Without it both are the cross-entropy, the
    /// first with the configuration's label smoothing.
    public Trainer loss(Loss replacement) {
        loss = replacement;
        validationLoss = replacement;
        return this;
    }

    /// Adds a listener.
    public Trainer listen(TrainingListener listener) {
        listeners.add(listener);
        return this;
    }

    /// Puts the averaged weights in the model's place until closed, if the configuration asks for an average:
    /// evaluation
    /// does so, and whoever saves the model or lets it write may want to.
    public WeightAverage.Swap swapInAverage() {
        return average == null ? () -> {} : average.swapIn();
    }

    /// Asks the training to end after the step it is in, with a last evaluation of `evalBatches`. May be called from
    /// any thread, at any time.
    public void requestStop() {
        stopRequested = true;
    }

    /// Trains. Evaluates before the first step, every `evalEvery` steps and at the end, if there is a validation split.
    ///
    /// @throws NumericException if the loss, or too many gradients in a row, are not finite
    public TrainingResult run() {
        EndReason reason = EndReason.FAILED;
        try {
            int done = 0;
            model.train();
            if (config.evalEvery() > 0) {
                evaluate(0, false);
            }
            while (done < config.steps() && !stopRequested) {
                step(done++);
                boolean due = config.evalEvery() > 0 && done % config.evalEvery() == 0;
                if (due && done < config.steps() && !stopRequested) {
                    evaluate(done, false);
                }
            }
            boolean completed = done == config.steps();
            OptionalDouble last = evaluate(done, completed);
            reason = completed ? EndReason.COMPLETED : EndReason.STOPPED;
            return new TrainingResult(reason, done, skipped, last);
        } finally {
            for (TrainingListener listener : listeners) {
                listener.onEnd(reason);
            }
        }
    }

    private void step(int step) {
        long start = System.nanoTime();
        try (var scope = Scope.open()) {
            List<Batch> micros = batches(step);
            long counted = micros.stream().mapToLong(loss::counted).sum();
            optimizer.zeroGrad();
            double total = 0;
            for (int micro = 0; micro < micros.size(); micro++) {
                Batch batch = micros.get(micro);
                total += accumulate(step, micro, batch, loss.counted(batch) / (double) Math.max(1, counted));
            }
            double gradNorm =
                    config.clip() > 0 ? Clip.clipGradNorm(parameters, config.clip()) : Clip.gradNorm(parameters);
            double learningRate = schedule.lrAt(step);
            boolean good = Double.isFinite(gradNorm);
            if (good) {
                optimizer.step(learningRate);
                if (average != null) {
                    average.update();
                }
                skippedInARow = 0;
            } else {
                skip(step);
            }
            lossSum += total;
            lossCount++;
            double seconds = (System.nanoTime() - start) * 1e-9;
            long tokens = (long) config.batchSize() * config.accumulation() * model.context();
            report(new StepReport(step + 1, total, learningRate, gradNorm, tokens / seconds, !good));
        }
    }

    private List<Batch> batches(int step) {
        List<Batch> micros = new ArrayList<>(config.accumulation());
        for (int micro = 0; micro < config.accumulation(); micro++) {
            micros.add(batches.at(((long) step * config.accumulation() + micro) * config.batchSize()));
        }
        return micros;
    }

    /// Adds a batch's part of the step's gradient and returns its part of the step's loss. What the layers add for
    /// themselves ([gradus.layers.Layer#auxiliaryLoss]) does not show there: the loss stays comparable to that of
    /// validation. The batch's activations go back to the pool before the next batch needs them.
    private double accumulate(int step, int micro, Batch batch, double weight) {
        model.random(Rng.of(config.seed()).at("dropout").at(step).at(micro));
        try (var scope = Scope.open()) {
            Tensor logits = model.forward(batch.inputs()); // (B, T, V)
            Tensor value = loss.of(logits, batch); // ()
            double number = value.item();
            if (!Double.isFinite(number)) {
                throw notFinite(step, number, logits);
            }
            Tensor auxiliary = model.auxiliaryLoss(); // () or null
            Tensor whole = auxiliary == null ? value : value.add(auxiliary); // ()
            (weight == 1 ? whole : whole.mul(weight)).backward();
            return number * weight;
        }
    }

    private NumericException notFinite(int step, double loss, Tensor logits) {
        return new NumericException("step %d: the loss is %s; the first tensor that is not finite is %s; try a lower lr"
                .formatted(step + 1, loss, firstNotFinite(logits)));
    }

    private void skip(int step) {
        skipped++;
        skippedInARow++;
        if (skippedInARow >= MOST_SKIPS) {
            throw new NumericException("step %d: the gradient was not finite %d times in a row, this time of %s; the"
                            .formatted(step + 1, skippedInARow, firstGradientNotFinite())
                    + " weights are those of the last good step");
        }
    }

    private String firstNotFinite(Tensor logits) {
        for (Map.Entry<String, Tensor> parameter : model.namedParameters().entrySet()) {
            if (notFinite(parameter.getValue())) {
                return "the parameter " + parameter.getKey();
            }
        }
        return notFinite(logits) ? "the logits" : "the loss itself";
    }

    private String firstGradientNotFinite() {
        for (Map.Entry<String, Tensor> parameter : model.namedParameters().entrySet()) {
            Tensor gradient = parameter.getValue().grad();
            if (gradient != null && notFinite(gradient)) {
                return parameter.getKey();
            }
        }
        return "all parameters together";
    }

    private static boolean notFinite(Tensor tensor) {
        return !Double.isFinite(Kernels.of(tensor.dtype()).sumOfSquares(tensor.buffer()));
    }

    private void report(StepReport report) {
        Spike spike = spikes.watch(report.step(), report.loss());
        for (TrainingListener listener : listeners) {
            listener.onStep(report);
            if (spike != null) {
                listener.onSpike(spike);
            }
        }
    }

    private OptionalDouble evaluate(int step, boolean whole) {
        if (data.validation().length < 2) {
            return OptionalDouble.empty();
        }
        boolean all = whole || config.evalBatches() == 0;
        double value = validationLoss(all);
        OptionalDouble trained = lossCount == 0 ? OptionalDouble.empty() : OptionalDouble.of(lossSum / lossCount);
        lossSum = 0;
        lossCount = 0;
        EvaluationReport report = new EvaluationReport(step, trained, value, all);
        for (TrainingListener listener : listeners) {
            listener.onEvaluation(report);
        }
        return OptionalDouble.of(value);
    }

    private double validationLoss(boolean whole) {
        Evaluation evaluation = new Evaluation(model, validationLoss, config.batchSize());
        try (var averaged = swapInAverage()) {
            return whole
                    ? evaluation.whole(data.validation())
                    : evaluation.part(data.validation(), config.evalBatches());
        }
    }
}
