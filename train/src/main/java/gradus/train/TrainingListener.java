package gradus.train;

/// Hears of a training as it goes. Called on the training thread, which waits.
public interface TrainingListener {
    default void onStep(StepReport report) {}

    default void onEvaluation(EvaluationReport report) {}

    /// An evaluation, told of before, found the lowest validation loss so far: the weights are worth keeping.
    default void onBest(EvaluationReport report) {}

    /// A loss far above those before it. Training goes on.
    default void onSpike(Spike spike) {}

    default void onEnd(EndReason reason) {}
}
