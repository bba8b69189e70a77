package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.CrossEntropyKernels;
import gradus.tensor.kernel.CrossEntropyKernels.Targets;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// The loss of predicting class y by logits x: `-Σ_v q_v·log p_v` with `p = softmax(x)` and the target
/// `q = (1 - ε)·onehot(y) + ε/V`, which for ε = 0 is `-log p_y`. In numbers that neither overflow nor vanish:
/// `logsumexp(x) - (1 - ε)·x_y - ε·mean(x)`.
///
/// `dx = (p - q)·dloss`. The probabilities are not kept: p comes again from x and the saved log-sum-exp.
/// Szegedy et al. 2015, arXiv:1512.00567, for the smoothing.
public final class CrossEntropy {
    /// The target that marks a row to leave out, as in PyTorch.
    public static final int IGNORE_INDEX = -100;

    private CrossEntropy() {}

    /// The mean over the rows that count; 0 where none does.
    ///
    /// **Shapes** logits (..., V), targets (...) → ()
    public static Tensor mean(Tensor logits, Indices targets, int ignoreIndex, double labelSmoothing) {
        Tensor losses = rows(logits, targets, ignoreIndex, labelSmoothing);
        int counted = 0;
        for (int target : targets.values()) {
            counted += target == ignoreIndex ? 0 : 1;
        }
        return losses.reshape(losses.size()).sum(0).mul(1.0 / Math.max(1, counted));
    }

    /// The loss of every row, 0 in those left out.
    ///
    /// **Shapes** logits (..., V), targets (...) → (...)
    public static Tensor rows(Tensor logits, Indices targets, int ignoreIndex, double labelSmoothing) {
        given(logits, "crossEntropy", "logits");
        require(targets != null, "crossEntropy: targets must be given; got null");
        require(
                logits.rank() >= 1 && logits.shape().without(-1).equals(targets.shape()),
                "crossEntropy: logits must be (..., V) and targets (...); got %s and %s",
                logits.shape(),
                targets.shape());
        require(
                labelSmoothing >= 0 && labelSmoothing <= 1,
                "crossEntropy: label smoothing must be in [0, 1]; got %s",
                labelSmoothing);
        int columns = logits.dim(-1);
        int rows = targets.size();
        for (int row = 0; row < rows; row++) {
            int target = targets.get(row);
            require(
                    target == ignoreIndex || target >= 0 && target < columns,
                    "crossEntropy: target %d of row %d is outside 0..%d and is not the ignored %d",
                    target,
                    row,
                    columns - 1,
                    ignoreIndex);
        }
        CrossEntropyKernels kernels = Kernels.of(logits.buffer()).crossEntropy();
        if (kernels == null) {
            return plainRows(logits, targets, ignoreIndex, labelSmoothing);
        }
        Targets wanted = new Targets(targets.values(), ignoreIndex, labelSmoothing);
        Tensor losses = logits.newEmpty(Shape.of(targets.shape().dims()));
        Buffer lse = logits.buffer().like(rows);
        kernels.crossEntropy(logits.buffer(), rows, columns, wanted, losses.buffer(), lse);
        Saved saved = Saved.of(logits);
        return Autograd.record(
                losses,
                dlosses -> kernels.crossEntropyBackward(
                        saved.get(), rows, columns, wanted, lse, dlosses, logits.gradientDestination()),
                logits);
    }

    /// [#rows] in plain tensor operations, which is its definition:
    /// `-(1 - ε)·log p_y - ε·mean(log p)`, times 0 in rows left out.
    ///
    /// **Shapes** logits (..., V), targets (...) → (...)
    public static Tensor plainRows(Tensor logits, Indices targets, int ignoreIndex, double labelSmoothing) {
        given(logits, "crossEntropy", "a tensor");
        given(targets, "crossEntropy", "targets");
        int[] classes = targets.values();
        double[] counts = new double[classes.length];
        for (int row = 0; row < classes.length; row++) {
            counts[row] = classes[row] == ignoreIndex ? 0 : 1;
            classes[row] = classes[row] == ignoreIndex ? 0 : classes[row];
        }
        Tensor logP = LogSoftmax.plain(logits.reshape(classes.length, logits.dim(-1))); // (rows, V)
        Tensor picked = logP.gather(1, Indices.of(Shape.of(classes.length, 1), classes)); // (rows, 1)
        Tensor losses = picked.mul(labelSmoothing - 1).sub(logP.mean(-1, true).mul(labelSmoothing)); // (rows, 1)
        Tensor counted = logits.newEmpty(Shape.of(classes.length, 1)).set(counts); // (rows, 1)
        return losses.mul(counted).reshape(targets.shape().dims()); // (...)
    }
}
