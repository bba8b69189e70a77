package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.train.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// What tasks share whose policy learns from answers and is compared with a reference that never changes: the
/// parts of a step, what is measured, and the reference's log-probabilities in checkpoints.
///
/// @param <K> answers, and what the reference says of them
/// @param <M> what is counted of them
/// @param <B> a batch of them
abstract class ReferenceTask<
                K extends ReferenceTask.Known, M extends AnswerMetrics, B extends ReferenceTask.AnswerBatch>
        implements Task {
    private final LanguageModel model;
    private M metrics = newMetrics();

    ReferenceTask(LanguageModel model) {
        this.model = model;
    }

    /// Answers, and what the reference says of them.
    interface Known {
        ReferenceLogProbs reference();
    }

    /// What is learned.
    abstract K train();

    /// What is only measured; null if nothing is.
    abstract K heldOut();

    /// Counts of nothing yet.
    abstract M newMetrics();

    /// The numbers of the answers of each part of a step.
    abstract List<int[]> step(int step);

    /// The numbers of all that is held out, in batches.
    abstract List<int[]> heldOutBatches();

    /// @param which numbers of answers
    /// @param told  is told what the loss finds
    abstract B batch(K known, int[] which, M told);

    /// A batch of answers.
    abstract static class AnswerBatch implements Part {
        final AnswerRows rows;
        private Tensor logProbs; // (R), once they are computed

        AnswerBatch(AnswerRows rows) {
            this.rows = rows;
        }

        @Override
        public long tokens() {
            return rows.ids().size();
        }

        /// Dropout is off, as when the reference was asked.
        ///
        /// **Shapes** → (R)
        final Tensor logProbs(LanguageModel model) {
            logProbs = rows.logProbs(model);
            return logProbs;
        }

        @Override
        public final SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>();
            computed.put("the log-probabilities", logProbs);
            return computed;
        }
    }

    @Override
    public final LanguageModel model() {
        return model;
    }

    @Override
    public final List<B> parts(int step) {
        M fresh = newMetrics();
        metrics = fresh;
        return step(step).stream().map(which -> batch(train(), which, fresh)).toList();
    }

    /// What the last step saw, under TRL's names.
    @Override
    public final SequencedMap<String, Double> metrics() {
        return metrics.means();
    }

    /// Whether something is held out.
    public final boolean hasHeldOut() {
        return heldOut() != null;
    }

    /// The mean loss of what is held out.
    @Override
    public final OptionalDouble evaluate(int batches) {
        return hasHeldOut() ? OptionalDouble.of(heldOut(batches).get("loss")) : OptionalDouble.empty();
    }

    /// The loss and all [#metrics()] of what is held out.
    ///
    /// @param batches the first so many; 0 for all
    public final SequencedMap<String, Double> heldOut(int batches) {
        require(hasHeldOut(), "no answer is held out");
        M measured = newMetrics();
        double sum = 0;
        long count = 0;
        List<int[]> all = heldOutBatches();
        try (var pause = Autograd.noGrad()) {
            for (int[] which : batches == 0 ? all : all.subList(0, Math.min(batches, all.size()))) {
                try (var scope = Scope.open()) {
                    sum += batch(heldOut(), which, measured).loss().item() * which.length;
                    count += which.length;
                }
            }
        }
        SequencedMap<String, Double> means = measured.means();
        means.put("loss", sum / count);
        return means;
    }

    /// What the reference says of all answers.
    @Override
    public final SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        state.put("reference", train().reference().values());
        if (hasHeldOut()) {
            state.put("reference.held_out", heldOut().reference().values());
        }
        return state;
    }
}
