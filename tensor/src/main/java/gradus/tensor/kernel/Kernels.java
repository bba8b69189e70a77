package gradus.tensor.kernel;

import gradus.tensor.DType;
import gradus.tensor.Rng;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// The arithmetic on buffers, and the only place that touches their memory. [gradus.tensor.kernel.nd4j.Nd4jKernels]
/// says each kernel
/// in ND4J's own operations and defines what it means; [gradus.tensor.kernel.vector.VectorKernels] says the same for
/// float32 on the
/// CPU, fast. Callers have checked every shape and index. A [Destination] of null is a gradient nobody
/// wants. What a kernel writes to counts as changed in place.
public interface Kernels {

    /// The kernels for a type: `vector` for float32 on a CPU whose JVM has the vector module, else `nd4j`.
    /// The system property `gradus.kernels` overrides the choice.
    static Kernels of(DType dtype) {
        return dtype == DType.FLOAT32 ? KernelChoice.float32() : KernelChoice.FLOAT64;
    }

    /// The name that `gradus.kernels` knows these by.
    String name();

    // --- one element at a time

    /// `y = value`
    void fill(Buffer y, double value);

    /// `y (+)= scale·x + shift`
    void affine(Buffer x, double scale, double shift, Destination y);

    /// `y = f(x)`
    void unary(UnaryFunction f, Buffer x, Buffer y);

    /// `dx (+)= dy·f′(x)`, given also `y = f(x)`
    void unaryBackward(UnaryFunction f, Buffer x, Buffer y, Buffer dy, Destination dx);

    /// `y (+)= f(a, b)` where a and b are walked as told and y is contiguous
    void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y);

    /// `y = f(a)·b`, f being the gate's function; all of one length
    void gated(Gate gate, Buffer a, Buffer b, Buffer y);

    /// `da (+)= dy·b·f′(a)`, `db (+)= dy·f(a)`; da is written before db, as they may be one
    void gatedBackward(Gate gate, Buffer a, Buffer b, Buffer dy, Destination da, Destination db);

    /// Drops elements with probability p and divides the others by 1 - p: `y (+)= x·keep/(1 - p)`, where
    /// element i is kept iff `rng.uniform(i) ≥ p`. The backward is the same function on dy.
    void dropout(Buffer x, Rng rng, double p, Destination y);

    // --- sums

    /// Reduces the middle axis of (outer, n, inner) to (outer, inner).
    void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y);

    /// The transpose of broadcasting: `y[walk(i)] (+)= scale·Σ x[i]` over all i that lead to the same
    /// place, x contiguous.
    void sumTo(Buffer x, Strided walkY, double scale, Destination y);

    /// `Σ x²`, in double precision.
    double sumOfSquares(Buffer x);

    // --- moving

    /// `y[walkY(i)] (+)= scale·x[walkX(i)]`; no two i may lead to the same place of y.
    void copy(Buffer x, Strided walkX, double scale, Strided walkY, Destination y);

    /// Rows by number: x is (outer, n, inner), y is (outer, indices.length, inner).
    void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y);

    /// The transpose of gather: `dx[:, indices[j], :] (+)= dy[:, j, :]`, adding where an index repeats.
    void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx);

    /// `y (+)= R·x`: every pair of channels of every head rotated by the angle of its row's position, see
    /// [Rotation].
    void rotate(Buffer x, Rotation rotation, Destination y);

    // --- products

    /// `C = alpha·A·B + beta·C` for each of a batch. A `c` whose matrices lie 0 apart receives the sum over
    /// the batch.
    void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c);

    /// `Y = X·Wᵀ + bias` with bias added to every row, or none if null. X (rows, in), W (out, in), Y (rows,
    /// out).
    void linear(Matrix x, Matrix w, Buffer bias, Matrix y);

    // --- normalisation; x is (rows, columns)

    /// `y = x̂·gain + bias`, `x̂ = (x - mean)·rstd`, `rstd = 1/√(variance + eps)`, variance biased. Keeps
    /// mean and rstd.
    void layerNorm(Buffer x, Buffer gain, Buffer bias, double eps, int rows, int columns, Norm norm);

    /// `dx (+)= rstd(g - mean(g) - x̂·mean(g·x̂))` with `g = dy·gain`; `dgain (+)= Σ dy·x̂`; `dbias (+)= Σ
    /// dy`.
    void layerNormBackward(Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients);

    /// `y = x·rstd·gain`, `rstd = 1/√(mean(x²) + eps)`. Keeps rstd.
    void rmsNorm(Buffer x, Buffer gain, double eps, int rows, int columns, Norm norm);

    /// `dx (+)= rstd(g - x̂·mean(g·x̂))` with `g = dy·gain`, `x̂ = x·rstd`; `dgain (+)= Σ dy·x̂`.
    void rmsNormBackward(Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients);

    /// What a norm writes: the result and what its backward needs of each row. RMSNorm has no mean.
    record Norm(Buffer y, Buffer mean, Buffer rstd) {}

    /// Where a norm's gradients go; RMSNorm has no bias.
    record NormGradients(Destination dx, Destination dgain, Destination dbias) {}

    // --- softmax and losses; x is (rows, columns)

    /// `y = exp(x - max)/Σ exp(x - max)` of each row. A row of -∞ only gives zeros.
    void softmax(Buffer x, int rows, int columns, Buffer y);

    /// `dx (+)= y(dy - Σ y·dy)`
    void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx);

    /// `y = x - logsumexp(x)` of each row. A row of -∞ only gives -∞, the logarithm of its softmax.
    void logSoftmax(Buffer x, int rows, int columns, Buffer y);

    /// `dx (+)= dy - exp(y)·Σ dy`
    void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx);

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

    // --- attention

    /// `out = softmax(scale·q·kᵀ + bias + mask)·v` for each head; keeps the log-sum-exp of each row's
    /// logits. A query that sees no key gets zeros and a log-sum-exp of -∞.
    void attention(AttentionShape shape, AttentionInput in, AttentionOutput out);

    /// With `P = exp(scale·q·kᵀ + bias - lse)` and `δ = Σ dout·out - dlse`: `dv = Pᵀ·dout`, `dS =
    /// P∘(dout·vᵀ - δ)`, `dq = scale·dS·k`, `dk = scale·dSᵀ·q`, `dbias[h, j - i + T - 1] = Σ dS[i, j]`.
    /// Heads that share a key head add up.
    void attentionBackward(
            AttentionShape shape,
            AttentionInput in,
            AttentionOutput saved,
            AttentionOutput upstream,
            HeadGradients gradients);

    /// Where the gradients of q, k and v go: all three, laid out like q, k and v, added or replaced alike.
    /// That of the bias goes its own way, or is null.
    record HeadGradients(Heads dq, Heads dk, Heads dv, boolean accumulate, Destination dbias) {
        public HeadGradients(Heads dq, Heads dk, Heads dv, boolean accumulate) {
            this(dq, dk, dv, accumulate, null);
        }
    }

    // --- optimisers

    /// One AdamW step on a parameter, its mean m and mean of squares v, in place.
    void adamW(AdamWStep step, Buffer parameter, Buffer gradient, Buffer m, Buffer v);
}
