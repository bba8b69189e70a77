package gradus.train;

import java.util.ArrayList;
import java.util.List;

/// Passes on to several listeners, in the order in which they were added.
final class Listeners implements TrainingListener {
    private final List<TrainingListener> all = new ArrayList<>();

    void add(TrainingListener listener) {
        all.add(listener);
    }

    /// Tells of a step, and of the spike that its loss is, if it is one.
    ///
    /// @param spike or null
    void tell(StepReport report, Spike spike) {
        onStep(report);
        if (spike != null) {
            onSpike(spike);
        }
    }

    @Override
    public void onStep(StepReport report) {
        all.forEach(each -> each.onStep(report));
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        all.forEach(each -> each.onEvaluation(report));
    }

    @Override
    public void onBest(EvaluationReport report) {
        all.forEach(each -> each.onBest(report));
    }

    @Override
    public void onSpike(Spike spike) {
        all.forEach(each -> each.onSpike(spike));
    }

    @Override
    public void onEnd(EndReason reason) {
        all.forEach(each -> each.onEnd(reason));
    }
}
