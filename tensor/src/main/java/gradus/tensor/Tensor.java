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
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/// An array of numbers with any number of axes. A tensor remembers how it was computed, so that [#backward]
/// can differentiate a result with respect to every tensor that it was computed from:
/// ```java
/// Tensor w = Tensor.of(new float[] {2, 3}, 2).requireGrad();
/// Tensor loss = w.square().sum(); // 2² + 3² = 13
/// loss.backward();
/// w.grad();                       // [4, 6], since the derivative of w² is 2w
/// ```
/// The elements are float32 or float64 and are stored row by row, without gaps. The operations are declared
/// in the interfaces that a tensor implements: [PointwiseOps], [ComparisonOps], [ReductionOps], [OrderOps],
/// [ShapeOps], [IndexingOps], [ProductOps], [QuantOps] and [NeuralOps]. An operation does not change its inputs: it
/// returns a new tensor. Only the operations of [InPlaceOps] change the tensor itself. The methods that
/// create tensors are in [CreationOps]. Names and meanings are those of PyTorch. Axes are counted from 0, and
/// negative axes from the end: -1 is the last axis.
///
/// Every operation checks its arguments before it computes anything, and throws a [ShapeException] that says
/// which operation failed, what it was given and what it needs.
public final class Tensor extends CreationOps
        implements PointwiseOps,
                ComparisonOps,
                ReductionOps,
                OrderOps,
                ShapeOps,
                InPlaceOps,
                IndexingOps,
                ProductOps,
                QuantOps,
                NeuralOps {
    private DType dtype;
    private final Shape shape;
    private Buffer buffer;
    private Memory memory; // where a closed tensor was stored; null while it is open
    Supplier<Tensor> start; // computes the first elements of a lazy tensor; null once they exist
    private boolean leaf;
    private Gradient gradient; // null until there is one
    long askedAt; // how many operations had been recorded when requireGrad() was called
    long convertedAt; // how many operations had been recorded when convert() changed the type
    Autograd.Node node; // the operation that computed this tensor; null for a leaf and for a constant

    Tensor(DType dtype, Shape shape, Buffer buffer) {
        this.dtype = dtype;
        this.shape = shape;
        this.buffer = buffer;
    }

    // --- new tensors like this one

    /// A new tensor with the type and the device of this one. Its elements are whatever the memory held
    /// before, so the caller must write every one of them.
    public Tensor newEmpty(Shape shape) {
        given(shape, "newEmpty", "a shape");
        return new Tensor(dtype, shape, buffer().like(shape.size()));
    }

    /// A new tensor with the type and the device of this one, in which every element has the same value.
    public Tensor newFull(Shape shape, double value) {
        Tensor tensor = newEmpty(shape);
        Kernels.of(tensor.buffer).pointwise().fill(tensor.buffer, value);
        return tensor;
    }

    /// A new tensor with the same elements in another type. Gradients do not flow through it.
    public Tensor to(DType other) {
        require(other != null, "to: a type must be given; got null");
        Device current = Device.current(); // a card's float64 lies on the host
        boolean ours = current.memory(dtype) == buffer().memory();
        return copyTo((ours ? current : Device.of(buffer())).memory(other), other);
    }

    /// A new tensor with the same elements on another device. Gradients do not flow through it.
    public Tensor to(Device device) {
        require(device != null, "to: a device must be given; got null");
        return copyTo(device.memory(dtype), dtype);
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

    // --- reading

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

    /// The value of a tensor that has exactly one element, such as a loss.
    public double item() {
        require(size() == 1, "item: the tensor must have one element; got shape %s", shape);
        return buffer().get(0);
    }

    /// One element, given by one index for each axis. A negative index counts from the end of its axis.
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

    /// An ND4J array over the same memory, for anything that ND4J can do and this class cannot. Writing to
    /// the array changes this tensor, as [#set] does. The array stays valid after this tensor or its scope is
    /// closed.
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
        require(buffer != null, "a tensor of shape %s was used after it was closed", shape);
        return buffer;
    }

    /// Allocates the memory of a lazy tensor whose elements are about to be replaced anyway, so that its
    /// first elements are never computed.
    synchronized void startEmpty() {
        if (start != null) {
            buffer = BufferPool.allocateLasting(Device.current().memory(dtype), dtype, size());
            start = null;
        }
    }

    /// Sets the first elements of a [#lazy] tensor whose elements have not been computed yet: they will come
    /// from this supplier. The elements of any other tensor are replaced at once.
    ///
    /// @param start computes the elements, as a tensor of the same shape
    public Tensor startAs(Supplier<Tensor> start) {
        require(start != null, "startAs: a supplier of the first elements must be given; got null");
        synchronized (this) {
            if (this.start != null) {
                this.start = start;
                return this;
            }
        }
        return copyFrom(start.get());
    }

    /// Shape, type and elements, in NumPy's format. Of a large tensor only the corners are shown. Printing a
    /// [#lazy] tensor does not compute its elements.
    @Override
    public String toString() {
        return TensorText.of(this);
    }

    // --- differentiating

    /// From now on, [#backward] computes the gradient of a result with respect to this tensor. Call this
    /// before the tensor is used, and only on a tensor that no operation computed: a parameter or an input.
    ///
    /// @throws ShapeException if an operation computed this tensor
    public Tensor requireGrad() {
        require(
                node == null,
                "requireGrad: an operation computed this tensor; call requireGrad() on the operation's inputs");
        if (!leaf) {
            leaf = true;
            askedAt = Autograd.recorded();
        }
        return this;
    }

    /// Undoes [#requireGrad]: this tensor no longer gets a gradient, so training does not change it.
    ///
    /// @throws ShapeException if an operation computed this tensor
    public Tensor freeze() {
        require(node == null, "freeze: an operation computed this tensor; freeze the operation's inputs");
        leaf = false;
        gradient = null;
        return this;
    }

    /// Whether gradients flow to this tensor: [#requireGrad] was called on it, or on a tensor that it was
    /// computed from.
    public boolean requiresGrad() {
        return leaf || node != null;
    }

    /// Keeps the gradient of a computed tensor, so that [#grad] returns it after [#backward]. Without this
    /// call, it is discarded as soon as it has been passed on to the operation's inputs.
    public Tensor retainGrad() {
        gradient().retain();
        return this;
    }

    /// The gradient that [#backward] computed for this tensor, or null if there is none. The next backward
    /// after [#zeroGrad] overwrites it: if you need it longer, keep a copy.
    public Tensor grad() {
        if (gradient == null) {
            return null;
        }
        Buffer sum = node == null ? gradient.arrived() : gradient.retained();
        return sum == null ? null : over(sum, shape);
    }

    /// Discards the gradient, so that the next [#backward] starts from zero instead of adding to it.
    public void zeroGrad() {
        if (gradient != null) {
            gradient.zero();
        }
    }

    /// Differentiates this number, usually a loss, with respect to every tensor that it was computed from and
    /// that [requires a gradient][#requireGrad]. The result is added to that tensor's [#grad]. The values
    /// that the operations had saved for this are freed, so a second backward through the same operations
    /// throws.
    ///
    /// @throws ShapeException if this tensor has more than one element, if it was not computed from a tensor
    ///     that requires a gradient, or if an earlier backward went through a part of its graph
    public void backward() {
        backward(false);
    }

    /// As [#backward()]. If `retainGraph` is true, a later backward may go through the same operations again,
    /// for example from a second loss that shares layers with this one.
    public void backward(boolean retainGraph) {
        backward(Autograd.one(this), retainGraph);
    }

    /// Differentiates `Σ upstream·this`. Use it when a loss was computed from this tensor outside of this
    /// library: the chain rule then starts from that loss's gradient with respect to this tensor.
    ///
    /// **Shapes** upstream as this
    public void backward(Tensor upstream) {
        backward(upstream, false);
    }

    /// As [#backward(Tensor)]. If `retainGraph` is true, the graph is kept for a later backward.
    ///
    /// **Shapes** upstream as this
    public void backward(Tensor upstream, boolean retainGraph) {
        Autograd.backward(this, upstream, retainGraph);
    }

    /// A copy with its own memory. Gradients flow through the copy to this tensor.
    @Override
    public Tensor clone() {
        return mul(1);
    }

    /// The same elements, in the same memory, as a constant: gradients do not flow through it.
    public Tensor detach() {
        return over(buffer(), shape);
    }

    /// Keeps this tensor valid after the [Scope] that it was made in has closed.
    public Tensor keep() {
        if (start == null) { // a lazy tensor outlives every scope anyway
            buffer().keep();
        }
        return this;
    }

    /// The place where the backward of an operation writes this tensor's gradient, or null if this tensor
    /// needs no gradient. The caller must write every element.
    public Destination gradientDestination() {
        return requiresGrad() ? gradient().destination(leaf) : null;
    }

    /// Adds a contribution to this tensor's gradient. The backward of an operation calls it. The first
    /// contribution to a computed tensor is shared, not copied.
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

    /// Discards the contributions that this computed tensor's gradient has received so far, so that the next
    /// backward starts from zero.
    void dropArrived() {
        if (gradient != null) {
            gradient.drop();
        }
    }

    // --- changing in place

    /// Changes the type of the elements in place, as a layer does with its parameters. The gradient is
    /// discarded.
    public Tensor convert(DType other) {
        require(other != null, "convert: a type must be given; got null");
        require(node == null, "convert: an operation computed this tensor; use to(DType)");
        if (other != dtype) {
            Buffer converted = to(other).buffer;
            buffer = buffer().isLasting() ? converted.keep() : converted;
            dtype = other;
            convertedAt = Autograd.recorded();
            gradient = null;
        }
        return this;
    }

    /// Frees the memory now, unless another tensor shares it. Using the tensor afterwards throws a
    /// [ShapeException]; closing it again does nothing.
    public void close() {
        start = null;
        if (buffer != null) {
            buffer.release("the tensor was closed");
            memory = buffer.memory();
            buffer = null;
        }
    }

    /// Where this tensor is stored, or was stored before it was closed: a closed tensor may still have to
    /// pass on a gradient.
    private Memory memory() {
        return memory != null ? memory : buffer().memory();
    }

    // --- checks

    /// Throws if the other operand of an operation is null or has another type.
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
