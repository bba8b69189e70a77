package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// `y = a` where the mask holds, else b, as `torch.where`; `da = dy` where it holds and 0 elsewhere, db the
/// other way round. What is not chosen has no influence, even if it is NaN or infinite: `mask·a + (1 -
/// mask)·b` would let 0·∞ = NaN through. A mask holds where it is not 0.
public final class Where {
    private Where() {}

    /// All three broadcast.
    public static Tensor apply(Tensor mask, Tensor a, Tensor b) {
        given(mask, "where", "a mask");
        mask.requireSame("where", a);
        mask.requireSame("where", b);
        Shape shape = Shape.broadcast("where", Shape.broadcast("where", a.shape(), b.shape()), mask.shape());
        Tensor no = mask.detach().eq(0);
        Tensor y = a.newEmpty(shape);
        keep(a.buffer(), a.shape(), mask, shape, new Destination(y.buffer(), false));
        keep(b.buffer(), b.shape(), no, shape, new Destination(y.buffer(), true));
        Saved savedMask = Saved.of(mask);
        return Autograd.record(
                y,
                dy -> {
                    savedMask.get();
                    passBack(a, dy, mask, shape);
                    passBack(b, dy, no, shape);
                },
                a,
                b);
    }

    private static void passBack(Tensor x, Buffer dy, Tensor mask, Shape shape) {
        Destination dx = x.gradientDestination();
        if (dx == null) {
            return;
        }
        boolean same = x.shape().equals(shape);
        Buffer kept = same ? dx.buffer() : dy.like(shape.size());
        if (!same || !dx.accumulate()) { // what is not kept would be -0 otherwise, right but odd to read
            Kernels.of(dy).pointwise().fill(kept, 0);
        }
        keep(dy, shape, mask, shape, new Destination(kept, true));
        if (!same) {
            Kernels.of(dy).reductions().sumTo(kept, Strided.broadcast(x.shape(), shape), 1, dx);
            kept.release("the backward of where has ended");
        }
    }

    private static void keep(Buffer x, Shape from, Tensor mask, Shape shape, Destination y) {
        Strided walk = Strided.broadcast(from, shape);
        Strided walkMask = Strided.broadcast(mask.shape(), shape);
        Kernels.of(x).pointwise().binary(BinaryFunction.KEEP_WHERE, x, walk, mask.buffer(), walkMask, y);
    }
}
