package gradus.train;

/// Is told what happens during a training run. The calls come on the thread that trains, which waits for them to
/// return.
public interface TrainingListener {
    default void onStep(StepReport report) {}

    default void onEvaluation(EvaluationReport report) {}

    /// The evaluation just reported found the lowest validation loss so far: the weights are worth keeping.
    default void onBest(EvaluationReport report) {}

    /// A loss far above those before it. Training goes on.
    default void onSpike(Spike spike) {}

    default void onEnd(EndReason reason) {}
}
