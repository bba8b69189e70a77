package gradus.tensor;

import gradus.tensor.type.Shape;

/// Counting through a shape in plain Java, for the oracles of operations.
public final class Places {
    private Places() {}

    /// The index of a row-major position.
    public static int[] index(Shape shape, int position) {
        int[] index = new int[shape.rank()];
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = position % shape.dim(axis);
            position /= shape.dim(axis);
        }
        return index;
    }

    /// The elements along an axis that goes through a place of the shape without that axis.
    public static double[] line(Tensor x, int axis, int[] others) {
        double[] line = new double[x.dim(axis)];
        int[] index = new int[x.rank()];
        for (int a = 0, b = 0; a < index.length; a++) {
            index[a] = a == axis ? 0 : others[b++];
        }
        for (int i = 0; i < line.length; i++) {
            index[axis] = i;
            line[i] = x.get(index);
        }
        return line;
    }
}
