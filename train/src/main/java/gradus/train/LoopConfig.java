package gradus.train;

import static gradus.error.ConfigException.require;

import gradus.train.average.AverageConfig;

/// The settings of a [Trainer] itself, which do not depend on the task, the optimiser and the schedule: how
/// many steps to take, what is done with the gradient, and when to evaluate and save.
///
/// @param steps           how many times the weights change
/// @param gradients       how the gradient of a step is computed
/// @param evaluation      when the model is measured
/// @param average         the averaged weights that evaluation uses
/// @param checkpointEvery steps between checkpoints, if [Trainer#saveTo] was called; 0 for one at the end only
/// @param seed            decides the random numbers of dropout
public record LoopConfig(
        int steps,
        GradientConfig gradients,
        EvaluationConfig evaluation,
        AverageConfig average,
        int checkpointEvery,
        long seed) {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public LoopConfig {
        require(steps >= 1, "steps must be at least 1; got %d", steps);
        require(
                gradients != null && evaluation != null && average != null,
                "settings of gradients, evaluation and average must be given; got %s, %s and %s",
                gradients,
                evaluation,
                average);
        require(checkpointEvery >= 0, "checkpointEvery must be at least 0; got %d", checkpointEvery);
    }

    /// 2,000 steps, a checkpoint every 250, no average.
    public static LoopConfig defaults() {
        return new LoopConfig(
                2000, GradientConfig.defaults(), EvaluationConfig.defaults(), AverageConfig.none(), 250, 1);
    }

    /// Throws if values do not fit together.
    ///
    /// @return this
    /// @throws gradus.error.ConfigException naming both values
    public LoopConfig validate() {
        require(
                evaluation.patience() == 0 || evaluation.every() > 0,
                "patience counts evaluations, so evalEvery must be at least 1; got patience=%d, evalEvery=%d",
                evaluation.patience(),
                evaluation.every());
        return this;
    }

    public LoopConfig withSteps(int steps) {
        return new LoopConfig(steps, gradients, evaluation, average, checkpointEvery, seed);
    }

    public LoopConfig withGradients(GradientConfig gradients) {
        return new LoopConfig(steps, gradients, evaluation, average, checkpointEvery, seed);
    }

    public LoopConfig withEvaluation(EvaluationConfig evaluation) {
        return new LoopConfig(steps, gradients, evaluation, average, checkpointEvery, seed);
    }

    public LoopConfig withAverage(AverageConfig average) {
        return new LoopConfig(steps, gradients, evaluation, average, checkpointEvery, seed);
    }

    public LoopConfig withCheckpointEvery(int checkpointEvery) {
        return new LoopConfig(steps, gradients, evaluation, average, checkpointEvery, seed);
    }

    public LoopConfig withSeed(long seed) {
        return new LoopConfig(steps, gradients, evaluation, average, checkpointEvery, seed);
    }

    /// Every setting by the name that [TrainConfig] prints it with, as checkpoints store it.
    @Override
    public String toString() {
        return TrainSetting.text(this);
    }
}
