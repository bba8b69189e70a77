package gradus.tensor.type;

import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import java.util.Arrays;

/// An array of whole numbers with any number of axes: token ids, class labels, or numbers of rows to pick.
/// Indices have no gradient. The operation that uses them checks that each is within its bounds.
public final class Indices {
    private final Shape shape;
    private final int[] values;

    private Indices(Shape shape, int[] values) {
        this.shape = shape;
        this.values = values;
    }

    /// A vector of whole numbers.
    ///
    /// **Shapes** values (n) → (n)
    public static Indices of(int... values) {
        requireValues(values);
        return new Indices(Shape.of(values.length), values.clone());
    }

    /// Whole numbers in a given shape, row by row. The array is copied: writing to it later changes nothing
    /// here.
    ///
    /// @throws ShapeException if the count differs from the shape's
    public static Indices of(Shape shape, int[] values) {
        require(shape != null, "indices: a shape must be given; got null");
        requireValues(values);
        require(
                values.length == shape.size(),
                "indices: shape %s needs %d values; got %d",
                shape,
                shape.size(),
                values.length);
        return new Indices(shape, values.clone());
    }

    private static void requireValues(int[] values) {
        require(values != null, "indices: values must be given; got null");
    }

    /// A vector of whole numbers that are given as doubles.
    ///
    /// @throws ShapeException if a value is NaN, fractional or outside the range of int
    public static Indices fromDoubles(double... values) {
        require(values != null, "indices: values must be given; got null");
        int[] whole = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            whole[i] = (int) values[i];
            require(whole[i] == values[i], "indices: value %d must be a whole number; got %s", i, values[i]);
        }
        return of(Shape.of(whole.length), whole);
    }

    /// The size of each axis.
    public Shape shape() {
        return shape;
    }

    /// The number of values.
    public int size() {
        return values.length;
    }

    /// The value at a row-major position.
    ///
    /// @throws ShapeException if there is no such position
    public int get(int i) {
        if (i < 0 || i >= values.length) {
            throw ShapeException.of("indices: position %d is outside 0..%d", i, values.length - 1);
        }
        return values[i];
    }

    /// A copy of the values, row-major.
    public int[] values() {
        return values.clone();
    }

    /// The same values in another shape with the same number of elements.
    public Indices reshape(int... dims) {
        return of(Shape.of(dims), values);
    }

    /// Throws if a value is outside 0 … bound-1. The message names the first such value and its position.
    ///
    /// @throws ShapeException if there is one
    public void requireBelow(String operation, int bound) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= bound) {
                throw ShapeException.of(
                        "%s: index %d at position %d is outside 0..%d", operation, values[i], i, bound - 1);
            }
        }
    }

    @Override
    public String toString() {
        return "Indices" + shape + (values.length <= 20 ? Arrays.toString(values) : "");
    }
}
