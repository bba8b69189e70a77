package gradus.tensor.type;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import java.util.Arrays;
import java.util.Locale;

/// The size of each axis of a tensor: (2, 3) is a matrix of 2 rows and 3 columns, (3,) a vector, () a scalar,
/// which has one element. Elements are stored row by row: neighbours along the last axis are neighbours in
/// memory. Every size is at least 1, and there are no more elements than a Java array can have.
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0], 1);
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private final int[] dims;
    private final int size;

    private Shape(int[] dims, int size) {
        this.dims = dims;
        this.size = size;
    }

    /// A shape of the given sizes.
    ///
    /// @throws ShapeException if a dimension is below 1 or there are more elements than an array can index
    public static Shape of(int... dims) {
        require(dims != null, "shape: dimensions must be given; got null");
        if (dims.length == 0) {
            return SCALAR;
        }
        long size = 1;
        for (int dim : dims) {
            if (dim < 1) {
                throw ShapeException.of("shape: every dimension must be at least 1; got %s", Arrays.toString(dims));
            }
            size = size > Long.MAX_VALUE / dim ? Long.MAX_VALUE : size * dim;
        }
        if (size > LARGEST) {
            String count = size == Long.MAX_VALUE ? "over 2^63" : String.format(Locale.ROOT, "%,d", size);
            throw ShapeException.of(
                    "shape: a tensor can have at most %,d elements; %s has %s", LARGEST, Arrays.toString(dims), count);
        }
        return new Shape(dims.clone(), (int) size);
    }

    /// The number of axes.
    public int rank() {
        return dims.length;
    }

    /// The number of elements.
    public int size() {
        return size;
    }

    /// The size of an axis; negative axes count from the end.
    ///
    /// @throws ShapeException if there is no such axis
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /// The size of the last axis, 1 for a scalar.
    public int last() {
        return dims.length == 0 ? 1 : dims[dims.length - 1];
    }

    /// The size of each axis, in a new array.
    public int[] dims() {
        return dims.clone();
    }

    /// The number of an axis counted from the front: for a matrix, -1 becomes 1.
    ///
    /// @throws ShapeException if there is no such axis
    public int axis(int axis) {
        int front = axis < 0 ? axis + dims.length : axis;
        if (front < 0 || front >= dims.length) {
            throw ShapeException.of("axis %d is out of range for shape %s of rank %d", axis, this, rank());
        }
        return front;
    }

    /// The row-major position of an element. Its index has one number for each axis; a negative number counts
    /// from the end of its axis.
    ///
    /// @throws ShapeException if there are more or fewer numbers than axes, or if there is no such element
    public int position(int... index) {
        given(index, "get", "an index");
        require(index.length == rank(), "get: shape %s needs %d indices; got %d", this, rank(), index.length);
        int position = 0;
        for (int axis = 0; axis < index.length; axis++) {
            position = position * dims[axis] + index("get", axis, index[axis]);
        }
        return position;
    }

    /// An index along an axis, counted from the front: a negative index is counted from the end.
    ///
    /// @throws ShapeException if there is no such index; the message names the operation
    public int index(String operation, int axis, int index) {
        int dim = dim(axis);
        int front = index < 0 ? index + dim : index;
        require(
                front >= 0 && front < dim,
                "%s: index %d is outside %d..%d of axis %d of shape %s",
                operation,
                index,
                -dim,
                dim - 1,
                axis(axis),
                this);
        return front;
    }

    /// The product of the sizes of the axes `from` (included) to `to` (excluded).
    public int product(int from, int to) {
        int product = 1;
        for (int i = from; i < to; i++) {
            product *= dims[i];
        }
        return product;
    }

    /// For each axis, the distance in memory from one element to the next along that axis: (12, 4, 1) for the
    /// shape (2, 3, 4).
    public int[] strides() {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= dims[i];
        }
        return strides;
    }

    /// This shape with another size for one axis.
    public Shape with(int axis, int dim) {
        int[] changed = dims();
        changed[axis(axis)] = dim;
        return of(changed);
    }

    /// This shape without an axis.
    public Shape without(int axis) {
        int gone = axis(axis);
        int[] rest = new int[dims.length - 1];
        for (int i = 0, j = 0; i < dims.length; i++) {
            if (i != gone) {
                rest[j++] = dims[i];
            }
        }
        return of(rest);
    }

    /// This shape with a new axis of size `dim`, which becomes axis number `axis`.
    public Shape insert(int axis, int dim) {
        int[] more = new int[dims.length + 1];
        for (int i = 0, j = 0; i < more.length; i++) {
            more[i] = i == axis ? dim : dims[j++];
        }
        return of(more);
    }

    /// The shape of the result when two tensors are combined element by element, by NumPy's rules: shapes are
    /// aligned at the last axis, missing axes count as size 1, and an axis of size 1 is stretched to the
    /// other tensor's size. (2, 1) and (3,) give (2, 3).
    ///
    /// @throws ShapeException if the two sizes of an axis differ and neither is 1
    public static Shape broadcast(String operation, Shape a, Shape b) {
        given(a, operation, "a shape");
        given(b, operation, "a shape");
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int da = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int db = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (da != db && da != 1 && db != 1) {
                throw ShapeException.of(
                        "%s: shapes %s and %s do not broadcast: axis -%d has sizes %d and %d, and neither is 1",
                        operation, a, b, i, da, db);
            }
            dims[rank - i] = Math.max(da, db);
        }
        return of(dims);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /// As Python prints a tuple: `(2, 3)`, `(4,)`, `()`.
    @Override
    public String toString() {
        if (dims.length == 1) {
            return "(" + dims[0] + ",)";
        }
        String text = Arrays.toString(dims);
        return "(" + text.substring(1, text.length() - 1) + ")";
    }
}
