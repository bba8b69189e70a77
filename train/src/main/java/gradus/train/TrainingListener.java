package gradus.train;

/// Hears of a training as it goes. Called on the training thread, which waits.
public interface TrainingListener {
    default void onStep(StepReport report) {}

    default void onEvaluation(EvaluationReport report) {}

    /// A loss far above those before it. Training goes on.
    default void onSpike(Spike spike) {}

    default void onEnd(EndReason reason) {}
}
