package gradus.train;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.train.average.WeightAverage;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.TrainingState;
import gradus.train.optimizer.Optimizer;
import gradus.train.schedule.Schedule;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import gradus.train.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

/// Trains a model: again and again it computes the loss of a [Task] and its gradient, and lets an optimiser
/// take a step that makes the loss smaller.
/// ```java
/// TrainingResult result = Trainer.of(gpt, TrainConfig.defaults(), Split.holdOut(tokens, 0.1))
///         .listen(listener)
///         .run();
/// ```
/// The same model, configuration and data give the same weights, bit for bit, on the same machine.
///
/// With a place for [Checkpoints], a training run that ended early, or was killed, goes on later as if
/// nothing had happened:
/// ```java
/// Trainer trainer = Trainer.of(gpt, config, data).saveTo(new Checkpoints(folder, 2), () -> 0);
/// trainer.resume();                          // from the newest checkpoint, if there is one
/// trainer.run();
/// ```
///
/// The run stops before wrong numbers can spoil the weights. A loss that is not finite (NaN or infinite)
/// throws at once. A gradient that is not finite skips its step; after [#MOST_SKIPS] such steps in a row the
/// trainer throws, and the weights are those of the last good step.
public final class Trainer {
    /// Training ends after this many steps in a row whose gradient is not finite.
    public static final int MOST_SKIPS = 5;

    private final Task task;
    private final Layer model;
    private final Optimizer optimizer;
    private final LoopConfig config;
    private final String settings;
    private final Optional<WeightAverage> average;
    private final Listeners listeners = new Listeners();
    private final Validation validation;
    private final TrainingStep step;
    private final SkippedSteps skips;
    private final SpikeWatch spikes = new SpikeWatch();
    private int done; // steps
    private volatile boolean stopRequested;
    private Checkpoints checkpoints; // or null
    private LongSupplier logPosition = () -> 0;
    private int savedAt = -1; // the step of the last checkpoint
    private boolean withoutFrozen;

    /// Trains a task with an optimiser and a schedule, each of which may be your own.
    ///
    /// @param optimizer over the parameters of the task's model
    /// @throws gradus.error.ConfigException if something is null, or if values of the configuration do not fit
    ///     together
    public Trainer(Task task, Optimizer optimizer, Schedule schedule, LoopConfig config) {
        this(task, optimizer, schedule, config, String.valueOf(config));
    }

    private Trainer(Task task, Optimizer optimizer, Schedule schedule, LoopConfig config, String settings) {
        require(
                task != null && optimizer != null && schedule != null && config != null,
                "trainer: task, optimizer, schedule and configuration must be given");
        this.task = task;
        this.model = task.model();
        this.optimizer = optimizer;
        this.config = config.validate();
        this.settings = settings;
        this.average = config.average().of(model);
        this.validation = new Validation(config.evaluation(), this::measure, listeners);
        this.skips = new SkippedSteps(model);
        this.step = new TrainingStep(task, optimizer, schedule, config, average, skips);
    }

    /// Trains a language model to predict the next token, with the optimiser, the schedule and the settings
    /// of the configuration.
    ///
    /// @throws gradus.error.DataException if the data is too short or has tokens that the model does not know
    public static Trainer of(LanguageModel model, TrainConfig config, Split data) {
        require(config != null, "trainer: the configuration must be given; got null");
        return of(config.newTask(model, data), config);
    }

    /// The same with a loss of your own, which evaluation uses too.
    public static Trainer of(LanguageModel model, TrainConfig config, Split data, Loss loss) {
        require(config != null, "trainer: the configuration must be given; got null");
        return of(config.newTask(model, data).withLoss(loss), config);
    }

    /// Trains a task of your own with the optimiser and the schedule that the configuration names.
    public static Trainer of(Task task, TrainConfig config) {
        require(task != null && config != null, "trainer: task and configuration must be given");
        Optimizer optimizer = config.newOptimizer(task.model().namedParameters());
        return new Trainer(task, optimizer, config.newSchedule(), config.loop(), config.toString());
    }

    /// The same with an optimiser of your own, such as one that learns at other rates in other groups.
    ///
    /// @param optimizer over the parameters of the task's model
    public static Trainer of(Task task, Optimizer optimizer, TrainConfig config) {
        require(task != null && config != null, "trainer: task and configuration must be given");
        return new Trainer(task, optimizer, config.newSchedule(), config.loop(), config.toString());
    }

    /// The lowest validation loss so far.
    public TrainingProgress.Best best() {
        return validation.best();
    }

    /// Adds a listener.
    public Trainer listen(TrainingListener listener) {
        listeners.add(listener);
        return this;
    }

    /// Replaces the model's weights by the averaged weights until the returned object is closed, if the
    /// configuration asks for an average. Evaluation does this by itself; do it too before you save the model
    /// or generate text.
    public WeightAverage.Swap swapInAverage() {
        return average.map(WeightAverage::swapIn).orElse(() -> {});
    }

    /// Asks the training to end after the step it is in, with a last evaluation of [EvaluationConfig#batches]
    /// batches. May be called from any thread, at any time.
    public void requestStop() {
        stopRequested = true;
    }

    /// Saves the state of the training every [LoopConfig#checkpointEvery] steps and at the end.
    ///
    /// @param place       where the checkpoints are saved
    /// @param logPosition is called at each checkpoint and returns how long the log of the steps so far is, so
    ///                    that a resumed run can cut off later entries
    public Trainer saveTo(Checkpoints place, LongSupplier logPosition) {
        this.checkpoints = place;
        this.logPosition = logPosition;
        return this;
    }

    /// Leaves frozen parameters out of the checkpoints. A resume then needs a model whose frozen parameters are
    /// those that the training began with: whoever calls this makes sure of it.
    public Trainer saveWithoutFrozen() {
        this.withoutFrozen = true;
        return this;
    }

    /// Continues the training from its newest complete checkpoint. The result is, bit for bit, the same as
    /// without the interruption.
    ///
    /// @return the progress of the checkpoint, or nothing if there is none; training then starts from the
    ///         beginning
    /// @throws gradus.error.DataException                 if the data has changed
    /// @throws gradus.error.CheckpointMismatchException   if the configuration or the model has changed
    /// @throws gradus.error.CorruptCheckpointException    if every checkpoint is damaged
    public Optional<TrainingProgress> resume() {
        List<String> data = new ArrayList<>(task.formerFingerprints());
        data.add(task.fingerprint());
        TrainingIdentity identity = new TrainingIdentity(settings, data, config.steps());
        Optional<TrainingProgress> found = checkpoints.load(state(), identity::require);
        found.ifPresent(this::goOn);
        return found;
    }

    /// Trains. Evaluates before the first step, every [EvaluationConfig#every] steps and at the end, if there
    /// is a validation split.
    ///
    /// @throws gradus.error.NumericException if the loss, or too many gradients in a row, are not finite
    public TrainingResult run() {
        EndReason reason = EndReason.FAILED;
        try {
            model.train();
            boolean checkpointing = config.gradients().checkpointing();
            model.namedLayers(LanguageModel.class).values().forEach(each -> each.checkpointing(checkpointing));
            boolean endedBefore = validation.outOfPatience(); // according to its last checkpoint
            evaluateIfDue();
            while (!finished() && !stopRequested) {
                StepReport report = step.run(done++);
                validation.trained(report.loss());
                listeners.tell(report, spikes.watch(report.step(), report.loss()));
                evaluateIfDue();
                if (config.checkpointEvery() > 0 && done % config.checkpointEvery() == 0 && !finished()) {
                    save();
                }
            }
            if (!finished()) {
                save(); // before the evaluation, which an uninterrupted training would not do here
            }
            if (!validation.measuredAt(done) || validation.outOfPatience() && !endedBefore) {
                validation.evaluate(done, finished());
            }
            if (finished()) {
                save();
            }
            reason = done == config.steps()
                    ? EndReason.COMPLETED
                    : validation.outOfPatience() ? EndReason.NO_IMPROVEMENT : EndReason.STOPPED;
            return new TrainingResult(reason, done, skips.total(), validation.lossAt(done));
        } finally {
            listeners.onEnd(reason);
        }
    }

    private boolean finished() {
        return done == config.steps() || validation.outOfPatience();
    }

    private void evaluateIfDue() {
        if (validation.isDue(done) && done < config.steps() && !stopRequested) {
            validation.evaluate(done, false);
        }
    }

    private OptionalDouble measure(int batches) {
        try (var averaged = swapInAverage()) {
            return task.evaluate(batches);
        }
    }

    private void save() {
        if (checkpoints != null && savedAt != done) {
            checkpoints.save(state(), progress());
            savedAt = done;
        }
    }

    /// The tensors that a step changes.
    TrainingState state() {
        return new TrainingState(
                changing(model.state()),
                optimizer.state(),
                average.map(WeightAverage::state).orElseGet(LinkedHashMap::new),
                task.state());
    }

    private SequencedMap<String, Tensor> changing(SequencedMap<String, Tensor> state) {
        if (!withoutFrozen) {
            return state;
        }
        SequencedMap<String, Tensor> changing = new LinkedHashMap<>(state);
        model.namedParameters().forEach((name, parameter) -> {
            if (!parameter.requiresGrad()) {
                changing.remove(name);
            }
        });
        return changing;
    }

    /// The numbers that a step changes.
    TrainingProgress progress() {
        return new TrainingProgress(
                TrainingProgress.FORMAT,
                settings,
                task.fingerprint(),
                done,
                skips.total(),
                skips.inARow(),
                validation.lossSum(),
                validation.lossCount(),
                validation.evaluatedAt(),
                validation.loss(),
                validation.best(),
                spikes.memory(),
                logPosition.getAsLong());
    }

    void goOn(TrainingProgress from) {
        done = from.step();
        savedAt = done;
        skips.goOn(from.skipped(), from.skippedInARow());
        validation.goOn(from);
        spikes.goOn(from.spikes());
    }
}
