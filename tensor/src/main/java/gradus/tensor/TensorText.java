package gradus.tensor;

import java.util.Locale;

/// Prints elements in nested brackets, as NumPy does.
final class TensorText {
    private TensorText() {}

    static String of(Shape shape, double[] values) {
        StringBuilder text = new StringBuilder(shape.rank() > 1 ? "\n" : " ");
        write(text, shape, values, 0, 0);
        return text.toString();
    }

    private static int write(StringBuilder text, Shape shape, double[] values, int axis, int at) {
        if (axis == shape.rank()) {
            text.append(String.format(Locale.ROOT, "%.4g", values[at]));
            return at + 1;
        }
        text.append('[');
        for (int i = 0; i < shape.dim(axis); i++) {
            if (i > 0) {
                text.append(axis == shape.rank() - 1 ? ", " : ",\n" + " ".repeat(axis + 1));
            }
            at = write(text, shape, values, axis + 1, at);
        }
        text.append(']');
        return at;
    }
}
