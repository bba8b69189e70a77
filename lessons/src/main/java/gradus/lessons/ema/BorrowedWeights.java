package gradus.lessons.ema;

import gradus.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleSupplier;

/// Evaluation with the average in the place of the weights.
public final class BorrowedWeights {
    private BorrowedWeights() {}

    /// Puts the averages into the weights, evaluates, and puts the weights back as they were, also if the
    /// evaluation throws; what it throws goes on to the caller. `evaluate` reads the tensors of the list
    /// `weights`, so these objects must hold the averages: `a.copyFrom(b)` replaces the elements of a by
    /// those of b where they lie, and `a.clone()` is a copy in memory of its own, as `a.detach()` is not. The
    /// averages stay as they are.
    ///
    /// **Shapes** `weights[i]` and `averages[i]` have one shape, any
    ///
    /// @return what the evaluation gives
    public static double evaluate(List<Tensor> weights, List<Tensor> averages, DoubleSupplier evaluate) {
        // --- your answer
        List<Tensor> kept = weights.stream().map(Tensor::clone).toList();
        try {
            for (int i = 0; i < weights.size(); i++) {
                weights.get(i).copyFrom(averages.get(i));
            }
            return evaluate.getAsDouble();
        } finally {
            for (int i = 0; i < weights.size(); i++) {
                weights.get(i).copyFrom(kept.get(i));
            }
        }
        // ---
    }
}
