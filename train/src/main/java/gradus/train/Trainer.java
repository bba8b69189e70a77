package gradus.train;

import gradus.error.CheckpointMismatchException;
import gradus.error.DataException;
import gradus.error.NumericException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.TrainingState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/// Trains a language model: `steps` times a random batch, its loss, the gradient, and an optimiser's step
/// down it.
/// ```java
/// TrainingResult result = new Trainer(gpt, TrainConfig.defaults(), Split.holdOut(tokens, 0.1))
///         .listen(listener)
///         .run();
/// ```
/// The same model, configuration and data give the same weights, bit for bit, on the same machine.
///
/// With a place for [Checkpoints], a training that ends early, or is killed, goes on later as if nothing had
/// happened:
/// ```java
/// Trainer trainer = new Trainer(gpt, config, data).saveTo(new Checkpoints(folder, 2), () -> 0);
/// trainer.resume();                          // from the newest checkpoint, if there is one
/// trainer.run();
/// ```
///
/// Numbers that go wrong end a training before they spoil the weights: a loss that is not finite throws at
/// once; a gradient that is not finite skips its step, and after [#MOST_SKIPS] such steps in a row the
/// training throws, the weights being those of the last good step.
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

    private Checkpoints checkpoints; // or null
    private LongSupplier logPosition;
    private String dataSum; // of the tokens, once it is needed
    private int savedAt = -1;

    // what a checkpoint holds besides tensors; the rest follows from the step's number
    private int done;
    private int evaluatedAt = -1;
    private double evaluated = Double.NaN;
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

    /// Replaces what training makes small, and what evaluation measures. Without it both are the
    /// cross-entropy, the first with the configuration's label smoothing.
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

    /// Puts the averaged weights in the model's place until closed, if the configuration asks for an
    /// average: evaluation does so, and whoever saves the model or lets it write may want to.
    public WeightAverage.Swap swapInAverage() {
        return average == null ? () -> {} : average.swapIn();
    }

    /// Asks the training to end after the step it is in, with a last evaluation of `evalBatches`. May be
    /// called from any thread, at any time.
    public void requestStop() {
        stopRequested = true;
    }

    /// Saves the state of the training every `checkpointEvery` steps and at the end.
    ///
    /// @param place       where
    /// @param logPosition asked for the length of whatever log the steps so far have left, so that one who
    ///                    resumes can cut off what came after
    public Trainer saveTo(Checkpoints place, LongSupplier logPosition) {
        this.checkpoints = place;
        this.logPosition = logPosition;
        return this;
    }

    /// Takes up the training where its newest whole checkpoint left it. What follows is bit for bit what
    /// would have followed then.
    ///
    /// @return how far it was, or nothing if there is no checkpoint; then it starts from the beginning
    /// @throws gradus.error.DataException                 if the data is not what it was
    /// @throws gradus.error.CheckpointMismatchException   if the configuration or the model is not what it
    ///                                                    was
    /// @throws gradus.error.CorruptCheckpointException    if no checkpoint is whole
    public Optional<TrainingProgress> resume() {
        Optional<TrainingProgress> found = checkpoints.load(state(), this::requireThisTraining);
        found.ifPresent(this::goOn);
        return found;
    }

    private void requireThisTraining(TrainingProgress progress) {
        if (!progress.data().equals(dataSum())) {
            throw new DataException("the data has changed since the checkpoint at step %s: its tokens are not those"
                            .formatted(progress.step())
                    + " that the training began with; give it the same data, or start anew");
        }
        if (!progress.config().equals(config.toString())) {
            throw new CheckpointMismatchException("the checkpoint at step %s is of a training with other settings: %s;"
                            .formatted(progress.step(), progress.config())
                    + " here they are " + config);
        }
    }

    /// The tensors that a step changes.
    TrainingState state() {
        return new TrainingState(
                model.state(), optimizer.state(), average == null ? new LinkedHashMap<>() : average.state());
    }

    TrainingProgress progress() {
        return new TrainingProgress(
                TrainingProgress.FORMAT,
                config.toString(),
                dataSum(),
                done,
                skipped,
                skippedInARow,
                lossSum,
                lossCount,
                evaluatedAt,
                evaluated,
                spikes.memory(),
                logPosition == null ? 0 : logPosition.getAsLong());
    }

    void goOn(TrainingProgress from) {
        done = from.step();
        savedAt = done;
        skipped = from.skipped();
        skippedInARow = from.skippedInARow();
        lossSum = from.lossSum();
        lossCount = from.lossCount();
        evaluatedAt = from.evaluatedAt();
        evaluated = from.validationLoss();
        spikes.goOn(from.spikes());
    }

    private String dataSum() {
        if (dataSum == null) {
            dataSum = data.sum();
        }
        return dataSum;
    }

    /// Trains. Evaluates before the first step, every `evalEvery` steps and at the end, if there is a
    /// validation split.
    ///
    /// @throws NumericException if the loss, or too many gradients in a row, are not finite
    public TrainingResult run() {
        EndReason reason = EndReason.FAILED;
        try {
            model.train();
            evaluateIfDue();
            while (done < config.steps() && !stopRequested) {
                step(done++);
                evaluateIfDue();
                if (config.checkpointEvery() > 0 && done % config.checkpointEvery() == 0 && done < config.steps()) {
                    save();
                }
            }
            boolean completed = done == config.steps();
            if (!completed) {
                save(); // before an evaluation that a training without a pause would not make
            }
            if (evaluatedAt != done) {
                evaluate(done, completed);
            }
            if (completed) {
                save();
            }
            reason = completed ? EndReason.COMPLETED : EndReason.STOPPED;
            OptionalDouble last = evaluatedAt == done ? OptionalDouble.of(evaluated) : OptionalDouble.empty();
            return new TrainingResult(reason, done, skipped, last);
        } finally {
            for (TrainingListener listener : listeners) {
                listener.onEnd(reason);
            }
        }
    }

    private void evaluateIfDue() {
        boolean due = config.evalEvery() > 0 && done % config.evalEvery() == 0;
        if (due && done < config.steps() && evaluatedAt != done && !stopRequested) {
            evaluate(done, false);
        }
    }

    private void save() {
        if (checkpoints != null && savedAt != done) {
            checkpoints.save(state(), progress());
            savedAt = done;
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

    /// Adds a batch's part of the step's gradient and returns its part of the step's loss. What the layers
    /// add for themselves ([gradus.layers.Layer#auxiliaryLoss]) does not show there: the loss stays
    /// comparable to that of validation. The batch's activations go back to the pool before the next batch
    /// needs them.
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
        return new NumericException("step %s: the loss is %s; the first tensor that is not finite is %s; try a lower lr"
                .formatted(step + 1, loss, firstNotFinite(logits)));
    }

    private void skip(int step) {
        skipped++;
        skippedInARow++;
        if (skippedInARow >= MOST_SKIPS) {
            throw new NumericException("step %s: the gradient was not finite %s times in a row, this time of %s; the"
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

    private void evaluate(int step, boolean whole) {
        if (data.validation().length < 2) {
            return;
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
        evaluatedAt = step;
        evaluated = value;
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
