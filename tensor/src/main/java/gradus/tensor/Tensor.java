package gradus.tensor;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.Destination;
import gradus.tensor.memory.Memory;
import gradus.tensor.op.Arithmetic;
import gradus.tensor.op.Attention;
import gradus.tensor.op.Concat;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.op.Dropout;
import gradus.tensor.op.Gather;
import gradus.tensor.op.IndexSelect;
import gradus.tensor.op.LayerNorm;
import gradus.tensor.op.Linear;
import gradus.tensor.op.LogSoftmax;
import gradus.tensor.op.MatMul;
import gradus.tensor.op.Pointwise;
import gradus.tensor.op.Reduce;
import gradus.tensor.op.Reshape;
import gradus.tensor.op.RmsNorm;
import gradus.tensor.op.Softmax;
import gradus.tensor.op.Views;
import java.util.Arrays;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/// A multi-dimensional array that remembers how it was computed, so that [#backward] can find its derivative by
/// everything it came from. Elements are float32 or float64, row-major and contiguous, in the memory of an ND4J
/// backend. Binary operations broadcast as in NumPy; axes count from 0, or from -1 backwards.
///
/// Every operation checks its arguments before any native code runs and throws [ShapeException] with the
/// operation, the shapes and what was expected.
public final class Tensor {
    private DType dtype;
    private final Shape shape;
    private Buffer buffer;
    private Memory memory; // of a closed tensor, else null
    private Supplier<Tensor> start; // what the elements begin as; null once they are there
    private boolean leaf;
    private boolean retained;
    private Buffer gradient;
    private boolean gradientDefined;
    private Buffer kept;
    private long askedAt;
    private long convertedAt;
    Autograd.Node node;

    private Tensor(DType dtype, Shape shape, Buffer buffer) {
        this.dtype = dtype;
        this.shape = shape;
        this.buffer = buffer;
    }

    // --- making

    /// A tensor whose elements are whatever the memory held: for operations that then write every one.
    public static Tensor uninitialized(DType dtype, Shape shape) {
        given(dtype, "tensor", "a type");
        given(shape, "tensor", "a shape");
        return new Tensor(dtype, shape, BufferPool.allocate(Device.current().memory(), dtype, shape.size()));
    }

    /// A tensor of another shape, of this one's type and on its device, whose elements are whatever the memory held:
    /// for
    /// operations that then write every one.
    public Tensor newEmpty(Shape shape) {
        given(shape, "newEmpty", "a shape");
        return new Tensor(dtype, shape, buffer().like(shape.size()));
    }

    /// A tensor over a buffer of the shape's size; the buffer gains a share.
    ///
    /// @throws ShapeException if the buffer holds more or fewer elements than the shape
    public static Tensor over(Buffer buffer, Shape shape) {
        require(buffer != null && shape != null, "over: a buffer and a shape must be given; got null");
        require(
                buffer.length() == shape.size(),
                "over: shape %s needs %d elements; the buffer has %d",
                shape,
                shape.size(),
                buffer.length());
        return new Tensor(buffer.dtype(), shape, buffer.share());
    }

    /// A float32 tensor whose elements, and the memory for them, are made when they are first asked for: so
    /// that a model of any size can be built and looked at, and one that is loaded never draws numbers that
    /// are written over. It outlives every scope. Any thread may be the first to ask.
    ///
    /// @param start makes a tensor of the shape
    public static Tensor lazy(Supplier<Tensor> start, int... dims) {
        require(start != null, "lazy: what makes the elements must be given; got null");
        Tensor tensor = new Tensor(DType.FLOAT32, Shape.of(dims), null);
        tensor.start = start;
        return tensor;
    }

    public static Tensor full(DType dtype, Shape shape, double value) {
        Tensor tensor = uninitialized(dtype, shape);
        Kernels.of(tensor.buffer).pointwise().fill(tensor.buffer, value);
        return tensor;
    }

    /// float32 zeros.
    public static Tensor zeros(int... dims) {
        return full(DType.FLOAT32, Shape.of(dims), 0);
    }

    /// float32 ones.
    public static Tensor ones(int... dims) {
        return full(DType.FLOAT32, Shape.of(dims), 1);
    }

    /// A float32 scalar.
    public static Tensor scalar(double value) {
        return full(DType.FLOAT32, Shape.of(), value);
    }

    /// float32 elements in row-major order.
    ///
    /// @throws ShapeException if the count differs from the shape's
    public static Tensor of(float[] values, int... dims) {
        Shape shape = requireCount(values == null ? -1 : values.length, dims);
        Tensor tensor = uninitialized(DType.FLOAT32, shape);
        tensor.buffer.set(values);
        return tensor;
    }

    /// float64 elements in row-major order.
    ///
    /// @throws ShapeException if the count differs from the shape's
    public static Tensor of(double[] values, int... dims) {
        Shape shape = requireCount(values == null ? -1 : values.length, dims);
        Tensor tensor = uninitialized(DType.FLOAT64, shape);
        tensor.buffer.set(values);
        return tensor;
    }

    /// The elements of an INDArray of floats or doubles, copied.
    public static Tensor of(INDArray array) {
        require(array != null, "of: array must be given; got null");
        int[] dims = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        return switch (array.dataType()) {
            case FLOAT -> of(array.dup('c').data().asFloat(), dims);
            case DOUBLE -> of(array.dup('c').data().asDouble(), dims);
            default -> throw new ShapeException("of: an INDArray must be FLOAT or DOUBLE; got " + array.dataType());
        };
    }

    /// Standard normal elements, number i being `rng.gaussian(i)`.
    public static Tensor randn(Rng rng, int... dims) {
        require(rng != null, "randn: a generator must be given; got null");
        return random(dims, rng::gaussian);
    }

    /// Uniform elements in [0, 1), number i being `rng.uniform(i)`.
    public static Tensor rand(Rng rng, int... dims) {
        require(rng != null, "rand: a generator must be given; got null");
        return random(dims, rng::uniform);
    }

    private static Tensor random(int[] dims, java.util.function.LongToDoubleFunction number) {
        Shape shape = Shape.of(dims);
        float[] values = new float[shape.size()];
        java.util.stream.IntStream.range(0, values.length)
                .parallel()
                .forEach(i -> values[i] = (float) number.applyAsDouble(i));
        Tensor tensor = uninitialized(DType.FLOAT32, shape);
        tensor.buffer.set(values);
        return tensor;
    }

    /// A new tensor with the same elements in another type, detached from the graph.
    public Tensor to(DType other) {
        require(other != null, "to: a type must be given; got null");
        Tensor copy = new Tensor(other, shape, BufferPool.allocate(buffer().memory(), other, size()));
        if (other == DType.FLOAT32) {
            copy.buffer.set(buffer().toFloats());
        } else {
            copy.buffer.set(buffer().toDoubles());
        }
        return copy;
    }

    /// A new tensor with the same elements on another device, detached from the graph.
    public Tensor to(Device device) {
        require(device != null, "to: a device must be given; got null");
        Tensor copy = new Tensor(dtype, shape, BufferPool.allocate(device.memory(), dtype, size()));
        if (dtype == DType.FLOAT32) {
            copy.buffer.set(buffer().toFloats());
        } else {
            copy.buffer.set(buffer().toDoubles());
        }
        return copy;
    }

    // --- looking

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    public int rank() {
        return shape.rank();
    }

    /// The size of an axis.
    public int dim(int axis) {
        return shape.dim(axis);
    }

    public int size() {
        return shape.size();
    }

    /// The one element of a tensor that has one.
    public double item() {
        require(size() == 1, "item: the tensor must have one element; got shape %s", shape);
        return buffer().get(0);
    }

    /// One element.
    public double get(int... index) {
        given(index, "get", "an index");
        require(index.length == rank(), "get: shape %s needs %d indices; got %d", shape, rank(), index.length);
        int at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            require(
                    index[axis] >= 0 && index[axis] < dim(axis),
                    "get: index %d of axis %d is outside 0..%d",
                    index[axis],
                    axis,
                    dim(axis) - 1);
            at = at * dim(axis) + index[axis];
        }
        return buffer().get(at);
    }

    /// A copy of the elements in row-major order.
    public double[] toArray() {
        return buffer().toDoubles();
    }

    /// A copy of the elements in row-major order, as floats.
    public float[] toFloatArray() {
        return buffer().toFloats();
    }

    /// An INDArray over the same memory: ND4J's thousand operations, one call away. Writing to it counts as a
    /// change in place, like [#set]. It may outlive this tensor; it then keeps its memory for itself.
    public INDArray ndarray() {
        return buffer().ndarray(shape.dims());
    }

    /// The memory behind this tensor, for kernels and operations.
    ///
    /// @throws ShapeException if the tensor was closed
    public Buffer buffer() {
        return buffer == null ? started() : buffer;
    }

    private synchronized Buffer started() {
        if (start != null) {
            try (var scope = Scope.open()) {
                Tensor made = start.get();
                require(
                        made.shape.equals(shape) && made.dtype == dtype,
                        "lazy: the elements must be %s %s; got %s %s",
                        dtype,
                        shape,
                        made.dtype,
                        made.shape);
                buffer = made.buffer().keep();
            }
            start = null;
        }
        require(buffer != null, "tensor %s used after it was closed", shape);
        return buffer;
    }

    /// Memory for elements that are about to be replaced, without making those they would begin as.
    private synchronized void startEmpty() {
        if (start != null) {
            buffer = BufferPool.allocateLasting(Device.current().memory(), dtype, size());
            start = null;
        }
    }

    /// Makes a [#lazy] tensor begin as something else; the elements of any other, or of one that has begun, are
    /// replaced at once.
    ///
    /// @param start makes a tensor of the shape
    public Tensor startAs(Supplier<Tensor> start) {
        require(start != null, "startAs needs a supplier of the first numbers; got null");
        synchronized (this) {
            if (this.start != null) {
                this.start = start;
                return this;
            }
        }
        return copyFrom(start.get());
    }

    @Override
    public String toString() {
        if (size() > 1000) {
            return "Tensor" + shape + " " + dtype;
        }
        return "Tensor" + shape + " " + dtype + TensorText.of(shape, toArray());
    }

    // --- differentiating

    /// Asks for the gradient by this tensor, before it is used. Only for tensors that no operation made.
    public Tensor requireGrad() {
        require(node == null, "requireGrad: an operation made this tensor; ask it of the operation's inputs");
        if (!leaf) {
            leaf = true;
            askedAt = Autograd.recorded();
        }
        return this;
    }

    /// No longer asks for a gradient: the tensor is frozen.
    public Tensor freeze() {
        require(node == null, "freeze: an operation made this tensor; freeze the operation's inputs");
        leaf = false;
        gradient = null;
        gradientDefined = false;
        return this;
    }

    /// Whether a gradient by this tensor is asked for, by itself or by what it was computed from.
    public boolean requiresGrad() {
        return leaf || node != null;
    }

    /// Keeps the gradient of a computed tensor, which [#backward] otherwise gives back as soon as it is used.
    public Tensor retainGrad() {
        retained = true;
        return this;
    }

    /// The gradient that [#backward] left here, or null if none reached it. The memory is the tensor's own: a
    /// backward after [#zeroGrad] writes over it.
    public Tensor grad() {
        if (node != null) {
            return kept == null ? null : over(kept, shape);
        }
        return gradientDefined ? over(gradient, shape) : null;
    }

    /// Forgets the gradient; the next one replaces it. Its memory is kept.
    public void zeroGrad() {
        gradientDefined = false;
        kept = null;
    }

    /// Differentiates this scalar with respect to every tensor it depends on that requires a gradient, adding to
    /// [#grad] of each. The graph is used up: a second backward through any part of it is refused.
    ///
    /// @throws ShapeException if this is no scalar, has no graph, or a part of its graph was used before
    public void backward() {
        backward(false);
    }

    /// The same, keeping the graph if so wished, for another backward through it: of a second loss over a shared
    /// trunk, say. As PyTorch's `retain_graph`.
    public void backward(boolean retainGraph) {
        require(
                size() == 1,
                "backward: only a scalar can be differentiated without an upstream gradient; got shape %s",
                shape);
        backward(full(dtype, shape, 1), retainGraph);
    }

    /// Differentiates `Σ upstream·this`.
    ///
    /// **Shapes** upstream as this
    public void backward(Tensor upstream) {
        backward(upstream, false);
    }

    /// The same, keeping the graph if so wished.
    ///
    /// **Shapes** upstream as this
    public void backward(Tensor upstream, boolean retainGraph) {
        require(
                upstream != null && upstream.shape.equals(shape),
                "backward: the upstream gradient must have shape %s; got %s",
                shape,
                upstream == null ? null : upstream.shape);
        require(upstream.dtype == dtype, "backward: the upstream gradient must be %s; got %s", dtype, upstream.dtype);
        if (leaf) {
            addGradient(upstream.buffer()); // ∂x/∂x
            return;
        }
        Autograd.backward(this, upstream.buffer(), retainGraph);
    }

    /// The same elements without their history.
    public Tensor detach() {
        return over(buffer(), shape);
    }

    /// Takes this tensor out of the scope it was made in, so that it outlives it.
    public Tensor keep() {
        if (start == null) { // a lazy one does anyway
            buffer().keep();
        }
        return this;
    }

    /// Where an operation writes its contribution to this tensor's gradient, or null if none is asked for.
    /// The caller must write all of it.
    public Destination gradientDestination() {
        if (!requiresGrad()) {
            return null;
        }
        if (!gradientDefined) {
            if (gradient == null) {
                gradient = leaf
                        ? BufferPool.allocateLasting(memory(), dtype, size())
                        : BufferPool.allocate(memory(), dtype, size());
            }
            gradientDefined = true;
            return new Destination(gradient, false);
        }
        if (gradient.shared() && !leaf) {
            Buffer own = gradient.like(size());
            Kernels.of(gradient).pointwise().affine(gradient, 1, 0, new Destination(own, false));
            gradient.release("its gradient was replaced");
            gradient = own;
        }
        return new Destination(gradient, true);
    }

    /// Adds a whole buffer to this tensor's gradient. The first one is shared, not copied.
    public void addGradient(Buffer dy) {
        if (!requiresGrad()) {
            return;
        }
        if (!gradientDefined && !leaf) {
            gradient = dy.share();
            gradientDefined = true;
        } else {
            Kernels.of(dy).pointwise().affine(dy, 1, 0, gradientDestination());
        }
    }

    /// Runs the rule that made this tensor on the gradient that arrived, and gives that back.
    void passBack(Backward rule) {
        if (!gradientDefined) {
            return;
        }
        if (retained) {
            boolean first = kept == null;
            if (first) {
                kept = gradient.lastingLike(size());
            }
            Kernels.of(gradient).pointwise().affine(gradient, 1, 0, new Destination(kept, !first));
        }
        rule.run(gradient);
        dropArrived();
    }

    /// Forgets what has arrived of this computed tensor's gradient, so that the next backward begins anew.
    void dropArrived() {
        if (gradientDefined) {
            gradient.release("its gradient was used; call retainGrad() to keep it");
            gradient = null;
            gradientDefined = false;
        }
    }

    /// Refuses a backward through an operation that used this tensor when it was not yet, or not so, to be
    /// differentiated.
    ///
    /// @param number the operation's place in the order of all
    void requireUnchangedSince(long number) {
        require(
                convertedAt <= number,
                "backward: a tensor of shape %s that it needs was converted to %s after the forward pass used it;"
                        + " convert it before, or after backward()",
                shape,
                dtype);
        require(
                !leaf || askedAt <= number,
                "backward: requireGrad() was asked of a tensor of shape %s after the forward pass had used it, so parts"
                        + " of its gradient would be missing; ask before",
                shape);
    }

    // --- changing in place

    /// Replaces the elements.
    ///
    /// @throws ShapeException if shapes or types differ
    public Tensor copyFrom(Tensor other) {
        requireSame("copyFrom", other);
        require(shape.equals(other.shape), "copyFrom: shapes must be equal; got %s and %s", shape, other.shape);
        startEmpty();
        Kernels.of(other.buffer()).pointwise().affine(other.buffer(), 1, 0, new Destination(buffer(), false));
        return this;
    }

    /// Replaces the elements, row-major.
    public Tensor set(double... values) {
        require(values != null, "set: values must be given; got null");
        require(values.length == size(), "set: shape %s needs %d values; got %d", shape, size(), values.length);
        startEmpty();
        buffer().set(values);
        return this;
    }

    /// Changes the type of the elements, as a layer does to its parameters. The gradient is forgotten.
    public Tensor convert(DType other) {
        require(other != null, "convert: a type must be given; got null");
        require(node == null, "convert: an operation made this tensor; use to(DType)");
        if (other != dtype) {
            Buffer converted = to(other).buffer;
            buffer = buffer().isLasting() ? converted.keep() : converted;
            dtype = other;
            convertedAt = Autograd.recorded();
            gradient = null;
            gradientDefined = false;
        }
        return this;
    }

    /// Gives the memory back now, unless another tensor reads it too. Using the tensor afterwards is an
    /// error; closing it twice is not.
    public void close() {
        start = null;
        if (buffer != null) {
            buffer.release("the tensor was closed");
            memory = buffer.memory();
            buffer = null;
        }
    }

    /// Where it lies, or lay before it was closed: a closed tensor may yet pass a gradient on.
    private Memory memory() {
        return memory != null ? memory : buffer().memory();
    }

    // --- arithmetic; shapes broadcast

    public Tensor add(Tensor other) {
        return Arithmetic.add(this, other);
    }

    public Tensor sub(Tensor other) {
        return Arithmetic.subtract(this, other);
    }

    public Tensor mul(Tensor other) {
        return Arithmetic.multiply(this, other);
    }

    public Tensor div(Tensor other) {
        return Arithmetic.divide(this, other);
    }

    public Tensor add(double number) {
        return Pointwise.affine(this, 1, number);
    }

    public Tensor sub(double number) {
        return Pointwise.affine(this, 1, -number);
    }

    public Tensor mul(double number) {
        return Pointwise.affine(this, number, 0);
    }

    public Tensor div(double number) {
        return Pointwise.affine(this, 1 / number, 0);
    }

    public Tensor neg() {
        return mul(-1);
    }

    // --- one element at a time; see UnaryFunction for the equations

    public Tensor exp() {
        return Pointwise.apply(UnaryFunction.EXP, this);
    }

    public Tensor log() {
        return Pointwise.apply(UnaryFunction.LOG, this);
    }

    public Tensor sqrt() {
        return Pointwise.apply(UnaryFunction.SQRT, this);
    }

    public Tensor square() {
        return Pointwise.apply(UnaryFunction.SQUARE, this);
    }

    public Tensor reciprocal() {
        return Pointwise.apply(UnaryFunction.RECIPROCAL, this);
    }

    public Tensor abs() {
        return Pointwise.apply(UnaryFunction.ABS, this);
    }

    public Tensor tanh() {
        return Pointwise.apply(UnaryFunction.TANH, this);
    }

    public Tensor sigmoid() {
        return Pointwise.apply(UnaryFunction.SIGMOID, this);
    }

    public Tensor relu() {
        return Pointwise.apply(UnaryFunction.RELU, this);
    }

    /// The exact form, x·Φ(x).
    public Tensor gelu() {
        return Pointwise.apply(UnaryFunction.GELU, this);
    }

    /// The tanh form of GPT-2.
    public Tensor geluTanh() {
        return Pointwise.apply(UnaryFunction.GELU_TANH, this);
    }

    public Tensor silu() {
        return Pointwise.apply(UnaryFunction.SILU, this);
    }

    // --- products

    /// The matrix product of the last two axes, the others being batches.
    ///
    /// **Shapes** (..., m, k) · (..., k, n) → (..., m, n); either side may be without batches
    public Tensor matmul(Tensor other) {
        return MatMul.apply(this, false, other, false);
    }

    /// The matrix product with either side transposed in its last two axes, without a copy.
    public Tensor matmul(Tensor other, boolean transposeThis, boolean transposeOther) {
        return MatMul.apply(this, transposeThis, other, transposeOther);
    }

    /// `y = x·Wᵀ + b`
    ///
    /// **Shapes** x (..., in), weight (out, in), bias (out) or null → (..., out)
    public Tensor linear(Tensor weight, Tensor bias) {
        return Linear.apply(this, weight, bias);
    }

    // --- sums

    /// The sum of all elements, a scalar.
    public Tensor sum() {
        return Reduce.sum(reshape(size()), 0, false);
    }

    /// The sum along an axis, which disappears.
    public Tensor sum(int axis) {
        return Reduce.sum(this, axis, false);
    }

    /// The sum along an axis, which stays with size 1 if so wished.
    public Tensor sum(int axis, boolean keepDim) {
        return Reduce.sum(this, axis, keepDim);
    }

    /// The mean of all elements, a scalar.
    public Tensor mean() {
        return sum().div(size());
    }

    public Tensor mean(int axis) {
        return sum(axis).div(dim(axis));
    }

    public Tensor mean(int axis, boolean keepDim) {
        return sum(axis, keepDim).div(dim(axis));
    }

    /// The largest along an axis; equal largest ones share the gradient.
    public Tensor max(int axis) {
        return Reduce.extreme(Reduction.MAX, this, axis);
    }

    /// The smallest along an axis; equal smallest ones share the gradient.
    public Tensor min(int axis) {
        return Reduce.extreme(Reduction.MIN, this, axis);
    }

    /// Where the largest along the last axis stands, the first of equals.
    ///
    /// **Shapes** (..., n) → (...)
    public Indices argmax() {
        return Reduce.argmax(this);
    }

    // --- shape

    /// The same elements in another shape, without a copy. One dimension may be -1.
    public Tensor reshape(int... dims) {
        return Reshape.apply(this, dims);
    }

    /// Exchanges two axes, by a copy.
    public Tensor transpose(int axis, int other) {
        return Views.transpose(this, axis, other);
    }

    /// Reorders all axes, by a copy: axis i of the result is axis `axes[i]` of this.
    public Tensor permute(int... axes) {
        return Views.permute(this, axes);
    }

    /// The elements from, not including to, along an axis.
    public Tensor slice(int axis, int from, int to) {
        return Views.slice(this, axis, from, to);
    }

    /// One place along an axis, which disappears.
    public Tensor select(int axis, int index) {
        return Views.select(this, axis, index);
    }

    /// Repeats axes of size 1, by NumPy's rules.
    public Tensor broadcastTo(int... dims) {
        return Views.broadcastTo(this, Shape.of(dims));
    }

    /// Rows, or whatever lies along an axis, picked by number: `y[…, j, …] = x[…, indices[j], …]`.
    ///
    /// **Shapes** indices (n) → axis becomes n
    public Tensor indexSelect(int axis, Indices indices) {
        return IndexSelect.apply(this, axis, indices);
    }

    /// Elements picked one by one along an axis: of a matrix along axis 1, `y[i, j] = x[i, index[i, j]]`.
    ///
    /// **Shapes** index of this tensor's rank → index's shape
    public Tensor gather(int axis, Indices index) {
        return Gather.apply(this, axis, index);
    }

    /// Tensors put one behind the other along an axis.
    public static Tensor concat(int axis, Tensor... parts) {
        return Concat.apply(axis, parts);
    }

    /// Rows of this table by number.
    ///
    /// **Shapes** this (V, C), ids (...) → (..., C)
    public Tensor embedding(Indices ids) {
        return IndexSelect.embedding(this, ids);
    }

    // --- fused operations of transformers

    /// `exp(x)/Σ exp(x)` along the last axis.
    public Tensor softmax() {
        return Softmax.apply(this);
    }

    /// `x - ln Σ exp(x)` along the last axis.
    public Tensor logSoftmax() {
        return LogSoftmax.apply(this);
    }

    /// See [LayerNorm].
    ///
    /// **Shapes** this (..., C), gain (C), bias (C) → (..., C)
    public Tensor layerNorm(Tensor gain, Tensor bias, double eps) {
        return LayerNorm.apply(this, gain, bias, eps);
    }

    /// See [RmsNorm].
    ///
    /// **Shapes** this (..., C), gain (C) → (..., C)
    public Tensor rmsNorm(Tensor gain, double eps) {
        return RmsNorm.apply(this, gain, eps);
    }

    /// Scaled dot-product attention of this, the queries; see [Attention].
    ///
    /// **Shapes** this (B, T, H·D), keys and values (B, S, H·D) → (B, T, H·D)
    public Tensor attention(Tensor keys, Tensor values, int heads, KeyMask mask) {
        return Attention.apply(this, keys, values, heads, mask);
    }

    /// Scaled dot-product attention within this one tensor, which holds queries, keys and values side by side.
    ///
    /// **Shapes** this (B, T, 3·H·D) → (B, T, H·D)
    public Tensor selfAttention(int heads, KeyMask mask) {
        return Attention.packed(this, heads, mask);
    }

    /// The mean of `-log softmax(this)[target]`; see [CrossEntropy].
    ///
    /// **Shapes** this (..., V), targets (...) → ()
    public Tensor crossEntropy(Indices targets) {
        return CrossEntropy.mean(this, targets, CrossEntropy.IGNORE_INDEX, 0);
    }

    /// The same, leaving out rows whose target is `ignoreIndex` and smoothing the labels.
    public Tensor crossEntropy(Indices targets, int ignoreIndex, double labelSmoothing) {
        return CrossEntropy.mean(this, targets, ignoreIndex, labelSmoothing);
    }

    /// Zeros each element with probability p and divides the rest by 1 - p.
    public Tensor dropout(double p, Rng rng) {
        return Dropout.apply(this, p, rng);
    }

    // --- checks

    /// Refuses a partner that is missing or of another type.
    public void requireSame(String operation, Tensor other) {
        require(other != null, "%s: a tensor must be given; got null", operation);
        require(
                dtype == other.dtype,
                "%s: types must be equal; got %s and %s; convert one with to(DType)",
                operation,
                dtype,
                other.dtype);
    }

    private static Shape requireCount(int count, int[] dims) {
        require(count >= 0, "of: values must be given; got null");
        Shape shape = Shape.of(dims);
        require(count == shape.size(), "of: shape %s needs %d values; got %d", shape, shape.size(), count);
        return shape;
    }
}
