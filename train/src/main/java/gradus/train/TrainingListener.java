package gradus.train;

/// Is called when something happens during a training run. The thread that trains makes the calls and waits
/// for them to return.
public interface TrainingListener {
    default void onStep(StepReport report) {}

    default void onEvaluation(EvaluationReport report) {}

    /// Called when the evaluation just reported found the lowest validation loss so far, so that the weights
    /// can be kept.
    default void onBest(EvaluationReport report) {}

    /// Called when a training loss is far above the losses before it. Training continues.
    default void onSpike(Spike spike) {}

    default void onEnd(EndReason reason) {}
}
