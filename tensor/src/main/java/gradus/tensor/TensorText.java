package gradus.tensor;

import java.util.Locale;

/// Prints a tensor as NumPy and PyTorch do: shape, type, whether gradients flow to it, and the elements in nested
/// brackets. Of more than a thousand elements only the corners are read and shown.
final class TensorText {
    private static final int ALL = 1000;

    /// How many indices are shown at each end of an axis that is printed in part.
    private static final int EDGE = 3;

    private final Tensor tensor;
    private final boolean corners;
    private final StringBuilder text = new StringBuilder();

    private TensorText(Tensor tensor) {
        this.tensor = tensor;
        this.corners = tensor.size() > ALL;
    }

    static String of(Tensor tensor) {
        TensorText printed = new TensorText(tensor);
        printed.text.append("Tensor").append(tensor.shape()).append(' ').append(tensor.dtype());
        if (tensor.requiresGrad()) {
            printed.text.append(" requiresGrad");
        }
        if (tensor.start != null) {
            return printed.text.append(" lazy").toString();
        }
        printed.text.append(tensor.rank() > 1 ? "\n" : " ");
        printed.write(0, 0);
        return printed.text.toString();
    }

    private void write(int axis, int position) {
        if (axis == tensor.rank()) {
            text.append(String.format(Locale.ROOT, "%.4g", tensor.buffer().get(position)));
            return;
        }
        int n = tensor.dim(axis);
        int stride = tensor.shape().product(axis + 1, tensor.rank());
        String between = axis == tensor.rank() - 1 ? ", " : ",\n" + " ".repeat(axis + 1);
        text.append('[');
        for (int i = 0; i < n; i++) {
            text.append(i > 0 ? between : "");
            if (corners && n > 2 * EDGE && i == EDGE) {
                text.append("...").append(between);
                i = n - EDGE;
            }
            write(axis + 1, position + i * stride);
        }
        text.append(']');
    }
}
