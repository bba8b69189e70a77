package gradus.tensor;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.Destination;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/// A multi-dimensional array that remembers how it was computed, so that [#backward] can find its derivative by
/// everything it came from. Elements are float32 or float64, row-major and contiguous, in the memory of an ND4J
/// backend. Binary operations broadcast as in NumPy; axes count from 0, or from -1 backwards.
///
/// Every operation checks its arguments before any native code runs and throws [ShapeException] with the
/// operation, the shapes and what was expected.
public final class Tensor extends CreationOps
        implements PointwiseOps, ReductionOps, ShapeOps, IndexingOps, ProductOps, NeuralOps {
    private DType dtype;
    private final Shape shape;
    private Buffer buffer;
    private Supplier<Tensor> start; // what the elements begin as; null once they are there
    private boolean leaf;
    private Gradient gradient; // null until there is one
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
        return new Tensor(dtype, shape, BufferPool.allocate(dtype, shape.size()));
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

    /// A float32 tensor whose elements, and the memory for them, are made when they are first asked for: so that a
    /// model of any size can be built and looked at, and one that is loaded never draws numbers that are written
    /// over. It outlives every scope. Any thread may be the first to ask.
    ///
    /// @param start makes a tensor of the shape
    public static Tensor lazy(Supplier<Tensor> start, int... dims) {
        require(start != null, "lazy: what makes the elements must be given; got null");
        Tensor tensor = new Tensor(DType.FLOAT32, Shape.of(dims), null);
        tensor.start = start;
        return tensor;
    }

    /// A new tensor with the same elements in another type, detached from the graph.
    public Tensor to(DType other) {
        require(other != null, "to: a type must be given; got null");
        Tensor copy = uninitialized(other, shape);
        if (other == DType.FLOAT32) {
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

    /// One element, at one index for each axis; a negative one counts from the end.
    public double get(int... index) {
        return buffer().get(shape.position(index));
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
            buffer = BufferPool.allocateLasting(dtype, size());
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
        return this;
    }

    /// Whether a gradient by this tensor is asked for, by itself or by what it was computed from.
    public boolean requiresGrad() {
        return leaf || node != null;
    }

    /// Keeps the gradient of a computed tensor, which [#backward] otherwise gives back as soon as it is used.
    public Tensor retainGrad() {
        gradient().retain();
        return this;
    }

    /// The gradient that [#backward] left here, or null if none reached it. The memory is the tensor's own: a
    /// backward after [#zeroGrad] writes over it.
    public Tensor grad() {
        if (gradient == null) {
            return null;
        }
        Buffer sum = node == null ? gradient.arrived() : gradient.retained();
        return sum == null ? null : over(sum, shape);
    }

    /// Forgets the gradient; the next one replaces it. Its memory is kept.
    public void zeroGrad() {
        if (gradient != null) {
            gradient.zero();
        }
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
        return requiresGrad() ? gradient().destination(leaf) : null;
    }

    /// Adds a whole buffer to this tensor's gradient. The first one is shared, not copied.
    public void addGradient(Buffer dy) {
        if (requiresGrad()) {
            gradient().add(dy, leaf);
        }
    }

    private Gradient gradient() {
        if (gradient == null) {
            gradient = new Gradient(dtype, size());
        }
        return gradient;
    }

    /// Runs the rule that made this tensor on the gradient that arrived, and gives that back.
    void passBack(Backward rule) {
        if (gradient != null) {
            gradient.passBack(rule);
        }
    }

    /// Forgets what has arrived of this computed tensor's gradient, so that the next backward begins anew.
    void dropArrived() {
        if (gradient != null) {
            gradient.drop();
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
        Kernels.of(dtype).affine(other.buffer(), 1, 0, new Destination(buffer(), false));
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
        }
        return this;
    }

    /// Gives the memory back now, unless another tensor reads it too. Using the tensor afterwards is an
    /// error; closing it twice is not.
    public void close() {
        start = null;
        if (buffer != null) {
            buffer.release("the tensor was closed");
            buffer = null;
        }
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
}
