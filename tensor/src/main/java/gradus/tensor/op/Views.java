package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// Copies that walk their input another way: transposed, cut out or repeated. The backward walks the same way
/// and writes where the forward read.
public final class Views {
    private Views() {}

    /// Exchanges two axes.
    public static Tensor transpose(Tensor x, int axis, int other) {
        given(x, "transpose", "a tensor");
        int[] axes = new int[x.rank()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i;
        }
        int a = x.shape().axis(axis);
        int b = x.shape().axis(other);
        axes[a] = b;
        axes[b] = a;
        return permute(x, axes);
    }

    /// Axis i of the result is axis `axes[i]` of x.
    public static Tensor permute(Tensor x, int... axes) {
        given(x, "permute", "a tensor");
        require(axes != null, "permute: axes must be given; got null");
        require(axes.length == x.rank(), "permute: shape %s needs %d axes; got %d", x.shape(), x.rank(), axes.length);
        int[] dims = new int[axes.length];
        int[] strides = new int[axes.length];
        int[] own = x.shape().strides();
        boolean[] used = new boolean[axes.length];
        for (int i = 0; i < axes.length; i++) {
            int axis = x.shape().axis(axes[i]);
            require(!used[axis], "permute: axis %d is named twice", axes[i]);
            used[axis] = true;
            dims[i] = x.dim(axis);
            strides[i] = own[axis];
        }
        return walk(x, Shape.of(dims), new Strided(dims, 0, strides), true);
    }

    /// The places start to end, end excluded, along an axis; negative ones count from the end of the axis.
    public static Tensor slice(Tensor x, int axis, int start, int end) {
        given(x, "slice", "a tensor");
        int at = x.shape().axis(axis);
        int from = start < 0 ? start + x.dim(at) : start;
        int to = end < 0 ? end + x.dim(at) : end;
        require(
                0 <= from && from < to && to <= x.dim(at),
                "slice: %d..%d is not a range within axis %d of shape %s",
                start,
                end,
                at,
                x.shape());
        int[] strides = x.shape().strides();
        Shape shape = x.shape().with(at, to - from);
        return walk(x, shape, new Strided(shape.dims(), from * strides[at], strides), to - from == x.dim(at));
    }

    /// One place along an axis, which disappears; a negative one counts from the end of the axis.
    public static Tensor select(Tensor x, int axis, int index) {
        given(x, "select", "a tensor");
        int at = x.shape().axis(axis);
        int place = x.shape().index("select", at, index);
        Tensor one = slice(x, at, place, place + 1);
        return Reshape.apply(one, x.shape().without(at).dims());
    }

    /// Repeats axes of size 1; the gradient sums over the repetitions.
    public static Tensor broadcastTo(Tensor x, Shape shape) {
        given(x, "broadcastTo", "a tensor");
        require(
                Shape.broadcast("broadcastTo", x.shape(), shape).equals(shape),
                "broadcastTo: shape %s does not stretch to %s",
                x.shape(),
                shape);
        Kernels kernels = Kernels.of(x.buffer());
        Strided walk = Strided.broadcast(x.shape(), shape);
        Tensor y = x.newEmpty(shape);
        kernels.movements().copy(x.buffer(), walk, 1, Strided.contiguous(shape), new Destination(y.buffer(), false));
        return Autograd.record(y, dy -> kernels.reductions().sumTo(dy, walk, 1, x.gradientDestination()), x);
    }

    private static Tensor walk(Tensor x, Shape shape, Strided walk, boolean all) {
        Kernels kernels = Kernels.of(x.buffer());
        Strided contiguous = Strided.contiguous(shape);
        Tensor y = x.newEmpty(shape);
        kernels.movements().copy(x.buffer(), walk, 1, contiguous, new Destination(y.buffer(), false));
        return Autograd.record(y, dy -> addBack(x, dy, contiguous, walk, all), x);
    }

    /// Adds dy where x was read. A walk that leaves places out finds zeros there.
    static void addBack(Tensor x, Buffer dy, Strided from, Strided to, boolean all) {
        Destination dx = x.gradientDestination();
        if (dx == null) {
            return;
        }
        Kernels kernels = Kernels.of(x.buffer());
        if (!all && !dx.accumulate()) {
            kernels.pointwise().fill(dx.buffer(), 0);
        }
        kernels.movements().copy(dy, from, 1, to, new Destination(dx.buffer(), dx.accumulate() || !all));
    }
}
