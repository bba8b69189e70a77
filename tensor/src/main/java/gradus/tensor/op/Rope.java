package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.RopeKernels;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.kernel.Rotation;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Indices;

/// Rotary position embedding: pair i of every head is rotated in its plane by the angle `φ = p·θᵢ` of its
/// position p, `(a, b) → (a·cos φ - b·sin φ, b·cos φ + a·sin φ)`. Su et al. 2021, RoFormer,
/// arXiv:2104.09864.
///
/// The cosines and sines come in tables by position, so the angles are whatever made the tables, and a
/// table times a factor scales what it turns. A rotation is linear and its transpose turns back:
/// `da = dy_a·cos φ + dy_b·sin φ`, `db = dy_b·cos φ - dy_a·sin φ`. The tables get no gradient.
public final class Rope {
    private Rope() {}

    /// **Shapes** x (B, T, N·D), cos and sin (P, D/2), positions (T) or (B, T) → (B, T, N·D)
    ///
    /// @param positions the row of the tables for each position of x, below P
    public static Tensor apply(Tensor x, Tensor cos, Tensor sin, Indices positions, RopePairs pairs) {
        given(x, "rope", "a tensor");
        x.requireSame("rope", cos);
        x.requireSame("rope", sin);
        require(positions != null, "rope: positions must be given; got null");
        require(pairs != null, "rope: the layout of the pairs must be given; got null");
        require(x.rank() == 3, "rope: x must be (B, T, N·D); got %s", x.shape());
        require(
                cos.rank() == 2 && cos.shape().equals(sin.shape()),
                "rope: cos and sin must be (P, D/2) both; got %s and %s",
                cos.shape(),
                sin.shape());
        int headDim = 2 * cos.dim(1);
        require(
                x.dim(2) % headDim == 0,
                "rope: channels must be divisible by the head size; got %d channels of %s and tables for heads of %d",
                x.dim(2),
                x.shape(),
                headDim);
        int rank = positions.shape().rank();
        boolean fits = rank == 1 && positions.size() == x.dim(1)
                || rank == 2
                        && positions.shape().dim(0) == x.dim(0)
                        && positions.shape().dim(1) == x.dim(1);
        require(fits, "rope: positions must be (T) or (B, T) for x of shape %s; got %s", x.shape(), positions.shape());
        positions.requireBelow("rope", cos.dim(0));
        RopeKernels kernels = Kernels.of(x.buffer()).rope();
        if (kernels == null) {
            return plain(x, cos, sin, positions, pairs);
        }
        int[] rows = positions.values();
        int heads = x.dim(2) / headDim;
        Rotation rotation = new Rotation(cos.buffer(), sin.buffer(), rows, heads, headDim, pairs, false);
        Tensor y = x.newEmpty(x.shape());
        kernels.rotate(x.buffer(), rotation, new Destination(y.buffer(), false));
        Saved savedCos = Saved.of(cos);
        Saved savedSin = Saved.of(sin);
        return Autograd.record(
                y,
                dy -> {
                    Rotation back = new Rotation(savedCos.get(), savedSin.get(), rows, heads, headDim, pairs, true);
                    kernels.rotate(dy, back, x.gradientDestination());
                },
                x);
    }

    /// The same in plain tensor operations, which is its definition.
    ///
    /// **Shapes** x (B, T, N·D), cos and sin (P, D/2), positions (T) or (B, T) → (B, T, N·D)
    public static Tensor plain(Tensor x, Tensor cos, Tensor sin, Indices positions, RopePairs pairs) {
        given(x, "rope", "a tensor");
        given(cos, "rope", "cosines");
        given(sin, "rope", "sines");
        int half = cos.dim(1);
        Tensor c = cos.detach().embedding(positions).reshape(-1, x.dim(1), 1, half); // (1 or B, T, 1, D/2)
        Tensor s = sin.detach().embedding(positions).reshape(-1, x.dim(1), 1, half); // (1 or B, T, 1, D/2)
        Tensor heads = x.reshape(x.dim(0), x.dim(1), -1, 2 * half); // (B, T, N, D)
        if (pairs == RopePairs.NEIGHBOURS) { // (B, T, N, D/2, 2) → (B, T, N, 2, D/2): the pairs' firsts come first
            heads = heads.reshape(x.dim(0), x.dim(1), -1, half, 2)
                    .transpose(3, 4)
                    .reshape(heads.shape().dims());
        }
        Tensor a = heads.slice(3, 0, half); // (B, T, N, D/2)
        Tensor b = heads.slice(3, half, 2 * half); // (B, T, N, D/2)
        Tensor y = Tensor.concat(3, a.mul(c).sub(b.mul(s)), b.mul(c).add(a.mul(s))); // (B, T, N, D)
        if (pairs == RopePairs.NEIGHBOURS) {
            y = y.reshape(x.dim(0), x.dim(1), -1, 2, half).transpose(3, 4);
        }
        return y.reshape(x.shape().dims()); // (B, T, N·D)
    }
}
