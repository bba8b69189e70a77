package gradus.train;

import static gradus.error.ConfigException.require;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.NumericException;
import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.train.average.WeightAverage;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.TrainingState;
import gradus.train.optimizer.Clip;
import gradus.train.optimizer.Optimizer;
import gradus.train.schedule.Schedule;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import gradus.train.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/// Trains: `steps` times the loss of a [Task], its gradient, and an optimiser's step down it.
/// ```java
/// TrainingResult result = Trainer.of(gpt, TrainConfig.defaults(), Split.holdOut(tokens, 0.1))
///         .listen(listener)
///         .run();
/// ```
/// The same model, configuration and data give the same weights, bit for bit, on the same machine.
///
/// With a place for [Checkpoints], a training that ends early, or is killed, goes on later as if nothing had
/// happened:
/// ```java
/// Trainer trainer = Trainer.of(gpt, config, data).saveTo(new Checkpoints(folder, 2), () -> 0);
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

    private final Task task;
    private final Layer model;
    private final TrainConfig config;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private final List<Tensor> parameters;
    private final Optimizer optimizer;
    private final WeightAverage average; // or null
    private final Schedule schedule;
    private final SpikeWatch spikes = new SpikeWatch();
    private volatile boolean stopRequested;

    private Checkpoints checkpoints; // or null
    private LongSupplier logPosition;
    private int savedAt = -1;

    // what a checkpoint holds besides tensors; the rest follows from the step's number
    private int done;
    private int evaluatedAt = -1;
    private double evaluated = Double.NaN;
    private TrainingProgress.Best best = TrainingProgress.Best.NONE;
    private int skipped;
    private int skippedInARow;
    private double lossSum;
    private int lossCount;

    /// A training of a task of your own, by an optimiser and a schedule of your own. Of the configuration it
    /// takes what is the trainer's: steps, clipping, averaging, evaluation, checkpoints, patience and the
    /// seed.
    ///
    /// @param optimizer over the parameters of the task's model
    /// @throws gradus.error.ConfigException if something is missing or the configuration does not fit itself
    public Trainer(Task task, Optimizer optimizer, Schedule schedule, TrainConfig config) {
        require(
                task != null && optimizer != null && schedule != null && config != null,
                "trainer: task, optimizer, schedule and configuration must be given");
        this.task = task;
        this.model = task.model();
        this.config = config.validate();
        this.parameters = model.parameters();
        this.optimizer = optimizer;
        this.average = config.emaDecay() > 0 ? config.ema().of(model, config.emaDecay()) : null;
        this.schedule = schedule;
    }

    /// Trains a language model to predict the next token, with everything as the configuration names it.
    ///
    /// @throws gradus.error.DataException if the data is too short or has tokens that the model does not know
    public static Trainer of(LanguageModel model, TrainConfig config, Split data) {
        requireGiven(model, config, data);
        return of(config.newTask(model, data), config);
    }

    /// The same with a loss of your own, which evaluation measures too.
    public static Trainer of(LanguageModel model, TrainConfig config, Split data, Loss loss) {
        requireGiven(model, config, data);
        return of(config.newTask(model, data).withLoss(loss), config);
    }

    /// A task of your own with the optimiser and the schedule that the configuration names.
    public static Trainer of(Task task, TrainConfig config) {
        require(task != null && config != null, "trainer: task and configuration must be given");
        Optimizer optimizer = config.newOptimizer(task.model().namedParameters());
        return new Trainer(task, optimizer, config.newSchedule(), config);
    }

    private static void requireGiven(LanguageModel model, TrainConfig config, Split data) {
        require(
                model != null && config != null && data != null,
                "trainer: model, configuration and data must be given");
        config.validate();
    }

    /// The lowest validation loss so far.
    public TrainingProgress.Best best() {
        return best;
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
        if (!progress.data().equals(task.fingerprint())) {
            throw new DataException("the data has changed since the checkpoint at step %s: its tokens are not those"
                            .formatted(progress.step())
                    + " that the training began with; give it the same data, or start anew");
        }
        if (!SettingsText.same(progress.config(), config)) {
            throw new CheckpointMismatchException("the checkpoint at step %s is of a training with other settings: %s;"
                            .formatted(progress.step(), progress.config())
                    + " here they are " + config);
        }
        if (progress.step() > config.steps() || progress.skippedInARow() >= MOST_SKIPS) {
            throw new CorruptCheckpointException("the checkpoint tells of step %s of %s and of %s skipped in a row"
                    .formatted(progress.step(), config.steps(), progress.skippedInARow()));
        }
    }

    /// The tensors that a step changes.
    TrainingState state() {
        return new TrainingState(
                model.state(),
                optimizer.state(),
                average == null ? new LinkedHashMap<>() : average.state(),
                task.state());
    }

    TrainingProgress progress() {
        return new TrainingProgress(
                TrainingProgress.FORMAT,
                config.toString(),
                task.fingerprint(),
                done,
                skipped,
                skippedInARow,
                lossSum,
                lossCount,
                evaluatedAt,
                evaluated,
                best,
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
        best = from.best();
        spikes.goOn(from.spikes());
    }

    /// Trains. Evaluates before the first step, every `evalEvery` steps and at the end, if there is a
    /// validation split.
    ///
    /// @throws NumericException if the loss, or too many gradients in a row, are not finite
    public TrainingResult run() {
        EndReason reason = EndReason.FAILED;
        try {
            model.train();
            model.namedLayers(LanguageModel.class).values().forEach(each -> each.checkpointing(config.checkpointing()));
            boolean endedBefore = outOfPatience(); // as its last checkpoint tells
            evaluateIfDue();
            while (done < config.steps() && !stopRequested && !outOfPatience()) {
                step(done++);
                evaluateIfDue();
                if (config.checkpointEvery() > 0 && done % config.checkpointEvery() == 0 && !finished()) {
                    save();
                }
            }
            if (!finished()) {
                save(); // before an evaluation that a training without a pause would not make
            }
            if (evaluatedAt != done || outOfPatience() && !endedBefore) {
                evaluate(done, finished());
            }
            if (finished()) {
                save();
            }
            reason = done == config.steps()
                    ? EndReason.COMPLETED
                    : outOfPatience() ? EndReason.NO_IMPROVEMENT : EndReason.STOPPED;
            OptionalDouble last = evaluatedAt == done ? OptionalDouble.of(evaluated) : OptionalDouble.empty();
            return new TrainingResult(reason, done, skipped, last);
        } finally {
            for (TrainingListener listener : listeners) {
                listener.onEnd(reason);
            }
        }
    }

    private boolean finished() {
        return done == config.steps() || outOfPatience();
    }

    private boolean outOfPatience() {
        return config.patience() > 0 && best.since() >= config.patience();
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
            List<? extends Task.Part> parts = task.parts(step);
            long counted = parts.stream().mapToLong(Task.Part::counted).sum();
            long tokens = parts.stream().mapToLong(Task.Part::tokens).sum();
            optimizer.zeroGrad();
            double total = 0;
            for (int i = 0; i < parts.size(); i++) {
                Task.Part part = parts.get(i);
                total += accumulate(step, i, part, part.counted() / (double) Math.max(1, counted));
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
            report(new StepReport(step + 1, total, learningRate, gradNorm, tokens / seconds, !good));
        }
    }

    /// Adds a part's share of the step's gradient and returns its share of the step's loss. What the layers
    /// add for themselves ([Layer#auxiliaryLoss]) does not show there: the loss stays comparable to that of
    /// validation. The part's activations go back to the pool before the next part needs them.
    private double accumulate(int step, int number, Task.Part part, double weight) {
        model.random(Rng.of(config.seed()).at("dropout").at(step).at(number));
        try (var scope = Scope.open()) {
            Tensor loss = part.loss(); // ()
            double value = loss.item();
            if (!Double.isFinite(value)) {
                throw notFinite(step, value, part.computed());
            }
            Tensor auxiliary = model.auxiliaryLoss(); // () or null
            Tensor whole = auxiliary == null ? loss : loss.add(auxiliary); // ()
            (weight == 1 ? whole : whole.mul(weight)).backward();
            return value * weight;
        }
    }

    private NumericException notFinite(int step, double loss, Map<String, Tensor> computed) {
        return new NumericException("step %s: the loss is %s; the first tensor that is not finite is %s; try a lower lr"
                .formatted(step + 1, loss, firstNotFinite(computed)));
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

    private String firstNotFinite(Map<String, Tensor> computed) {
        for (Map.Entry<String, Tensor> parameter : model.namedParameters().entrySet()) {
            if (notFinite(parameter.getValue())) {
                return "the parameter " + parameter.getKey();
            }
        }
        return computed.entrySet().stream()
                .filter(entry -> notFinite(entry.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("the loss itself");
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
        return !Double.isFinite(Kernels.of(tensor.buffer()).reductions().sumOfSquares(tensor.buffer()));
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
        boolean all = whole || config.evalBatches() == 0;
        OptionalDouble measured = measure(all ? 0 : config.evalBatches());
        if (measured.isEmpty()) {
            return;
        }
        double value = measured.getAsDouble();
        OptionalDouble trained = lossCount == 0 ? OptionalDouble.empty() : OptionalDouble.of(lossSum / lossCount);
        lossSum = 0;
        lossCount = 0;
        EvaluationReport report = new EvaluationReport(step, trained, value, all);
        for (TrainingListener listener : listeners) {
            listener.onEvaluation(report);
        }
        evaluatedAt = step;
        evaluated = value;
        rememberBest(report);
    }

    /// Losses of a part and of the whole split do not compare: the lowest is one of those on the way, unless
    /// there were none.
    private void rememberBest(EvaluationReport report) {
        boolean comparable = !report.whole() || config.evalBatches() == 0 || best.step() < 0;
        if (!comparable) {
            return;
        }
        best = best.after(report.step(), report.validationLoss());
        if (best.step() == report.step()) {
            for (TrainingListener listener : listeners) {
                listener.onBest(report);
            }
        }
    }

    private OptionalDouble measure(int batches) {
        try (var averaged = swapInAverage()) {
            return task.evaluate(batches);
        }
    }
}
