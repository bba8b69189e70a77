package gradus.train;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.average.EmaKind;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.Optimizer;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.optimizer.ParameterGroups;
import gradus.train.schedule.Schedule;
import gradus.train.schedule.ScheduleConfig;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import java.util.Arrays;
import java.util.SequencedMap;

/// All settings for training a language model: those of the task, the schedule, the optimiser and the
/// [Trainer], each in a record of its own. With an optimiser, a schedule or a task that you wrote yourself,
/// the trainer needs only the last part, [LoopConfig].
///
/// Each value is checked when it is set. Whether the values fit together is checked by [#validate] when they
/// are used, so the `with…` methods may be called in any order.
///
/// @param batches        how many sequences a forward pass has, and how many forward passes a step has
/// @param labelSmoothing ε of the smoothed targets, in [0, 1)
/// @param schedule       the name of the schedule
/// @param learningRate   the settings of the schedule
/// @param optimizer      the name of the optimiser
/// @param adam           the settings of the optimiser, which [OptimizerKind] reads
/// @param loop           the settings of the trainer itself
public record TrainConfig(
        LanguageModelling.Sizes batches,
        double labelSmoothing,
        ScheduleKind schedule,
        ScheduleConfig learningRate,
        OptimizerKind optimizer,
        AdamConfig adam,
        LoopConfig loop) {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public TrainConfig {
        require(
                batches != null && learningRate != null && adam != null && loop != null,
                "settings of batches, learning rate, optimizer and loop must be given; got %s, %s, %s and %s",
                batches,
                learningRate,
                adam,
                loop);
        require(schedule != null, "schedule must be one of %s; got null", Arrays.toString(ScheduleKind.values()));
        require(optimizer != null, "optimizer must be one of %s; got null", Arrays.toString(OptimizerKind.values()));
        require(labelSmoothing >= 0 && labelSmoothing < 1, "labelSmoothing must be in [0, 1); got %s", labelSmoothing);
    }

    /// nanoGPT's recipe for a small character model on a CPU.
    public static TrainConfig defaults() {
        return new TrainConfig(
                new LanguageModelling.Sizes(12, 1),
                0,
                ScheduleKind.COSINE,
                new ScheduleConfig(1e-3, 1e-4, 100),
                OptimizerKind.ADAMW,
                AdamConfig.defaults().withBeta2(0.99).withWeightDecay(0.1),
                LoopConfig.defaults());
    }

    /// Throws if values do not fit together. Everything that trains by a configuration calls this first.
    ///
    /// @return this
    /// @throws gradus.error.ConfigException naming both values
    public TrainConfig validate() {
        learningRate.validate(loop.steps());
        batches.validate();
        loop.validate();
        return this;
    }

    /// The schedule that these values name.
    ///
    /// @throws gradus.error.ConfigException if the values do not fit together, see [#validate]
    public Schedule newSchedule() {
        validate();
        return schedule.of(learningRate, loop.steps());
    }

    /// The optimiser that these values name, of those parameters that are not frozen.
    ///
    /// @param parameters the model's, by name, as [gradus.layers.Layer#namedParameters] gives them
    public Optimizer newOptimizer(SequencedMap<String, Tensor> parameters) {
        return optimizer.of(ParameterGroups.trained(parameters), adam);
    }

    /// Predicting the next token, with batches and label smoothing as these values say.
    ///
    /// @throws gradus.error.DataException if the data is too short or has tokens that the model does not know
    public LanguageModelling newTask(LanguageModel model, Split data) {
        require(model != null && data != null, "trainer: model and data must be given; got %s and %s", model, data);
        validate();
        return new LanguageModelling(model, data, batches, Rng.of(loop.seed()).at("batches"))
                .withLosses(Loss.crossEntropy(labelSmoothing), Loss.crossEntropy());
    }

    /// How many times the weights change.
    public int steps() {
        return loop.steps();
    }

    /// Sequences of one forward pass.
    public int batchSize() {
        return batches.batchSize();
    }

    /// Forward passes of one step.
    public int accumulation() {
        return batches.accumulation();
    }

    /// The seed, which decides every random number of the training.
    public long seed() {
        return loop.seed();
    }

    // --- the same with one part, or one setting, changed

    public TrainConfig withBatches(LanguageModelling.Sizes batches) {
        return new TrainConfig(batches, labelSmoothing, schedule, learningRate, optimizer, adam, loop);
    }

    public TrainConfig withLabelSmoothing(double labelSmoothing) {
        return new TrainConfig(batches, labelSmoothing, schedule, learningRate, optimizer, adam, loop);
    }

    public TrainConfig withSchedule(ScheduleKind schedule) {
        return new TrainConfig(batches, labelSmoothing, schedule, learningRate, optimizer, adam, loop);
    }

    public TrainConfig withLearningRate(ScheduleConfig learningRate) {
        return new TrainConfig(batches, labelSmoothing, schedule, learningRate, optimizer, adam, loop);
    }

    public TrainConfig withOptimizer(OptimizerKind optimizer) {
        return new TrainConfig(batches, labelSmoothing, schedule, learningRate, optimizer, adam, loop);
    }

    public TrainConfig withAdam(AdamConfig adam) {
        return new TrainConfig(batches, labelSmoothing, schedule, learningRate, optimizer, adam, loop);
    }

    public TrainConfig withLoop(LoopConfig loop) {
        return new TrainConfig(batches, labelSmoothing, schedule, learningRate, optimizer, adam, loop);
    }

    public TrainConfig withSteps(int steps) {
        return withLoop(loop.withSteps(steps));
    }

    public TrainConfig withBatchSize(int batchSize) {
        return withBatches(batches.withBatchSize(batchSize));
    }

    public TrainConfig withAccumulation(int accumulation) {
        return withBatches(batches.withAccumulation(accumulation));
    }

    public TrainConfig withLr(double lr) {
        return withLearningRate(learningRate.withLr(lr));
    }

    public TrainConfig withMinLr(double minLr) {
        return withLearningRate(learningRate.withMinLr(minLr));
    }

    public TrainConfig withWarmup(int warmup) {
        return withLearningRate(learningRate.withWarmup(warmup));
    }

    public TrainConfig withBeta1(double beta1) {
        return withAdam(adam.withBeta1(beta1));
    }

    public TrainConfig withBeta2(double beta2) {
        return withAdam(adam.withBeta2(beta2));
    }

    public TrainConfig withEps(double eps) {
        return withAdam(adam.withEps(eps));
    }

    public TrainConfig withWeightDecay(double weightDecay) {
        return withAdam(adam.withWeightDecay(weightDecay));
    }

    public TrainConfig withClip(double clip) {
        return withLoop(loop.withGradients(loop.gradients().withClip(clip)));
    }

    public TrainConfig withCheckpointing(boolean checkpointing) {
        return withLoop(loop.withGradients(loop.gradients().withCheckpointing(checkpointing)));
    }

    public TrainConfig withEvalEvery(int evalEvery) {
        return withLoop(loop.withEvaluation(loop.evaluation().withEvery(evalEvery)));
    }

    public TrainConfig withEvalBatches(int evalBatches) {
        return withLoop(loop.withEvaluation(loop.evaluation().withBatches(evalBatches)));
    }

    public TrainConfig withPatience(int patience) {
        return withLoop(loop.withEvaluation(loop.evaluation().withPatience(patience)));
    }

    public TrainConfig withEmaDecay(double emaDecay) {
        return withLoop(loop.withAverage(loop.average().withDecay(emaDecay)));
    }

    public TrainConfig withEma(EmaKind ema) {
        return withLoop(loop.withAverage(loop.average().withKind(ema)));
    }

    public TrainConfig withCheckpointEvery(int checkpointEvery) {
        return withLoop(loop.withCheckpointEvery(checkpointEvery));
    }

    public TrainConfig withSeed(long seed) {
        return withLoop(loop.withSeed(seed));
    }

    /// Every setting by its name, as checkpoints store it: `TrainConfig[steps=2000, batchSize=12, …]`.
    @Override
    public String toString() {
        return TrainSetting.text(this);
    }
}
