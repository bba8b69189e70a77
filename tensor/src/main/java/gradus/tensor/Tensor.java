package gradus.tensor;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.Destination;
import gradus.tensor.memory.Memory;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/// An array of numbers with any number of axes that remembers how it was computed, so that [#backward] can
/// find the derivative of a result with respect to everything it was computed from:
/// ```java
/// Tensor w = Tensor.of(new float[] {2, 3}, 2).requireGrad();
/// Tensor loss = w.square().sum(); // 2² + 3² = 13
/// loss.backward();
/// w.grad();                       // [4, 6], since the derivative of w² is 2w
/// ```
/// The elements are float32 or float64 and lie row by row, without gaps. What can be done with them stands in
/// the interfaces that a tensor implements: [PointwiseOps], [ComparisonOps], [ReductionOps], [OrderOps],
/// [ShapeOps], [IndexingOps], [ProductOps] and [NeuralOps]. An operation leaves its inputs alone and returns a
/// new tensor; only those of [InPlaceOps] change the tensor itself. The ways to make tensors are in
/// [CreationOps]. Names and meanings are PyTorch's. Axes count from 0, and negative ones from the end: -1 is
/// the last axis.
///
/// Every operation checks its arguments before it computes anything, and throws a [ShapeException] that names the
/// operation, says what it was given, and what it needs.
public final class Tensor extends CreationOps
        implements PointwiseOps,
                ComparisonOps,
                ReductionOps,
                OrderOps,
                ShapeOps,
                InPlaceOps,
                IndexingOps,
                ProductOps,
                NeuralOps {
    private DType dtype;
    private final Shape shape;
    private Buffer buffer;
    private Memory memory; // of a closed tensor, else null
    Supplier<Tensor> start; // what the elements begin as; null once they are there
    private boolean leaf;
    private Gradient gradient; // null until there is one
    long askedAt; // the number of operations recorded when the gradient was asked for
    long convertedAt; // the same when the type was changed
    Autograd.Node node; // the operation that computed this tensor; null if none did, or none is to be differentiated

    Tensor(DType dtype, Shape shape, Buffer buffer) {
        this.dtype = dtype;
        this.shape = shape;
        this.buffer = buffer;
    }

    // --- making others like this

    /// A tensor of this one's type and on its device, whose elements are whatever the memory held before, for
    /// operations that then write every one.
    public Tensor newEmpty(Shape shape) {
        given(shape, "newEmpty", "a shape");
        return new Tensor(dtype, shape, buffer().like(shape.size()));
    }

    /// A tensor of this one's type and on its device, whose elements are all one number.
    public Tensor newFull(Shape shape, double value) {
        Tensor tensor = newEmpty(shape);
        Kernels.of(tensor.buffer).pointwise().fill(tensor.buffer, value);
        return tensor;
    }

    /// A new tensor with the same elements in another type. Gradients do not flow through it.
    public Tensor to(DType other) {
        require(other != null, "to: a type must be given; got null");
        return copyTo(buffer().memory(), other);
    }

    /// A new tensor with the same elements on another device. Gradients do not flow through it.
    public Tensor to(Device device) {
        require(device != null, "to: a device must be given; got null");
        return copyTo(device.memory(), dtype);
    }

    private Tensor copyTo(Memory memory, DType type) {
        Tensor copy = new Tensor(type, shape, BufferPool.allocate(memory, type, size()));
        if (type == DType.FLOAT32) {
            copy.buffer.set(buffer().toFloats());
        } else {
            copy.buffer.set(buffer().toDoubles());
        }
        return copy;
    }

    // --- looking

    /// The type of the elements.
    public DType dtype() {
        return dtype;
    }

    /// The size of each axis.
    public Shape shape() {
        return shape;
    }

    /// The number of axes: 0 for a scalar, 1 for a vector, 2 for a matrix.
    public int rank() {
        return shape.rank();
    }

    /// The size of an axis.
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /// The number of elements.
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

    /// An ND4J array over the same memory, for anything that ND4J can do and this class cannot. Writing to it
    /// changes this tensor, like [#set]. It may outlive this tensor and its scope.
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
                boolean fits = made.shape.equals(shape) && made.dtype == dtype;
                require(fits, "lazy: the elements must be %s %s; got %s %s", dtype, shape, made.dtype, made.shape);
                buffer = made.buffer().keep();
            }
            start = null;
        }
        require(buffer != null, "tensor %s used after it was closed", shape);
        return buffer;
    }

    /// Memory for elements that are about to be replaced, without making those they would begin as.
    synchronized void startEmpty() {
        if (start != null) {
            buffer = BufferPool.allocateLasting(Device.current().memory(), dtype, size());
            start = null;
        }
    }

    /// Gives a [#lazy] tensor that nobody has needed yet other elements to begin with. The elements of any other
    /// tensor are replaced at once.
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

    /// Shape, type and elements as NumPy prints them; of many elements the corners. What [#lazy] has not made
    /// yet stays unmade.
    @Override
    public String toString() {
        return TensorText.of(this);
    }

    // --- differentiating

    /// Asks for the gradient of later results with respect to this tensor. Ask before the tensor is used, and
    /// only of one that no operation computed: a parameter, or an input.
    ///
    /// @throws ShapeException if an operation computed this tensor
    public Tensor requireGrad() {
        require(node == null, "requireGrad: an operation made this tensor; ask it of the operation's inputs");
        if (!leaf) {
            leaf = true;
            askedAt = Autograd.recorded();
        }
        return this;
    }

    /// Takes [#requireGrad] back, so that training leaves this tensor as it is.
    ///
    /// @throws ShapeException if an operation computed this tensor
    public Tensor freeze() {
        require(node == null, "freeze: an operation made this tensor; freeze the operation's inputs");
        leaf = false;
        gradient = null;
        return this;
    }

    /// Whether gradients flow to this tensor: it was asked for one, or was computed from a tensor that was.
    public boolean requiresGrad() {
        return leaf || node != null;
    }

    /// Keeps the gradient of a computed tensor, so that [#grad] shows it after [#backward], which otherwise
    /// throws it away as soon as it has been passed on.
    public Tensor retainGrad() {
        gradient().retain();
        return this;
    }

    /// The gradient that [#backward] left here, or null if none reached this tensor. The next backward after
    /// [#zeroGrad] writes over it: keep a copy of what you need longer.
    public Tensor grad() {
        if (gradient == null) {
            return null;
        }
        Buffer sum = node == null ? gradient.arrived() : gradient.retained();
        return sum == null ? null : over(sum, shape);
    }

    /// Forgets the gradient, so that the next [#backward] begins from zero instead of adding to it.
    public void zeroGrad() {
        if (gradient != null) {
            gradient.zero();
        }
    }

    /// Differentiates this one number, usually a loss, with respect to every tensor it was computed from that
    /// [requires a gradient][#requireGrad], and adds each derivative to that tensor's [#grad]. What the
    /// operations had saved is then given back, so a second backward through any of them is refused.
    ///
    /// @throws ShapeException if this has more than one element, was not computed from a tensor that requires
    ///     a gradient,
    ///                        or a backward has gone through a part of its graph before
    public void backward() {
        backward(false);
    }

    /// The same. With `retainGraph` a later backward may go through the same operations again, from a second loss
    /// that shares layers with this one, say.
    public void backward(boolean retainGraph) {
        backward(Autograd.one(this), retainGraph);
    }

    /// Differentiates `Σ upstream·this`: the chain rule begins with the gradient of something that was computed
    /// elsewhere from this tensor.
    ///
    /// **Shapes** upstream as this
    public void backward(Tensor upstream) {
        backward(upstream, false);
    }

    /// The same, keeping the graph for another backward if `retainGraph`.
    ///
    /// **Shapes** upstream as this
    public void backward(Tensor upstream, boolean retainGraph) {
        Autograd.backward(this, upstream, retainGraph);
    }

    /// A copy in memory of its own. Gradients flow through it.
    @Override
    public Tensor clone() {
        return mul(1);
    }

    /// The same elements, in the same memory, as a constant: gradients do not flow through it.
    public Tensor detach() {
        return over(buffer(), shape);
    }

    /// Lets this tensor outlive the [Scope] it was made in.
    public Tensor keep() {
        if (start == null) { // a lazy one does anyway
            buffer().keep();
        }
        return this;
    }

    /// Where the backward of an operation writes this tensor's gradient, or null if nobody asked for it. The
    /// caller must write every element.
    public Destination gradientDestination() {
        return requiresGrad() ? gradient().destination(leaf) : null;
    }

    /// Adds to this tensor's gradient, from the backward of an operation. Without a copy where it is the
    /// first part.
    public void addGradient(Buffer dy) {
        if (requiresGrad()) {
            gradient().add(dy, leaf);
        }
    }

    private Gradient gradient() {
        if (gradient == null) {
            gradient = new Gradient(memory(), dtype, size());
        }
        return gradient;
    }

    /// Runs the backward of the operation that computed this tensor on the gradient that arrived here.
    void passBack(Backward rule) {
        if (gradient != null) {
            gradient.passBack(rule);
        }
    }

    /// Forgets what has arrived of this computed tensor's gradient, so that the next backward begins from zero.
    void dropArrived() {
        if (gradient != null) {
            gradient.drop();
        }
    }

    // --- changing in place

    /// Changes the type of the elements in place, as a layer does to its parameters. The gradient is forgotten.
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

    /// Gives the memory back now, unless another tensor shares it. Using the tensor afterwards is refused;
    /// closing it again does nothing.
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

    // --- checks

    /// Refuses the other operand of an operation if it is missing or of another type.
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
