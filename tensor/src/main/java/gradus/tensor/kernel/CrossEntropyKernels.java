package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Softmax and cross-entropy in one, without ever holding the probabilities; x is (rows, columns).
public interface CrossEntropyKernels {

    /// The loss of each row, `lse - (1 - ε)·x[target] - ε·mean(x)`, where `lse = logsumexp(x)` is kept too.
    /// Rows whose target is `ignored` get 0 for both.
    void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse);

    /// `dx (+)= dlosses[row]·(exp(x - lse) - (1 - ε)·onehot(target) - ε/V)`, zeros in ignored rows.
    void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx);

    /// The classes to predict.
    ///
    /// @param classes   one for each row
    /// @param ignored   the class that marks a row to leave out
    /// @param smoothing ε of label smoothing over all V classes
    record Targets(int[] classes, int ignored, double smoothing) {}
}
