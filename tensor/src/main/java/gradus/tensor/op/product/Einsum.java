package gradus.tensor.op.product;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;

/// Einstein's summation convention, as `torch.einsum`: each letter names an axis, equal letters run together,
/// and letters that the result lacks are summed over. `"ij,jk->ik"` is the matrix product, `"ii->"` the
/// trace, `"bhqd,bhkd->bhqk"` the scores of attention. Without an arrow the result has the letters that occur
/// once, in alphabetical order. `...` stands for any further axes, which broadcast, as does an axis of size
/// 1.
///
/// Tensors are joined from the left, two at a time, by one batched matrix product each: letters of both that
/// are still needed are the batch, letters of both that are not needed the inner axis.
public final class Einsum {
    /// Axes under `...` are named from here on, the last axis first: no letter is as large.
    private static final char ELLIPSIS = 0xE000;

    private Einsum() {}

    public static Tensor apply(String equation, Tensor... tensors) {
        given(equation, "einsum", "an equation");
        given(tensors, "einsum", "tensors");
        require(tensors.length > 0, "einsum: at least one tensor must be given");
        String compact = equation.replace(" ", "");
        int arrow = compact.indexOf("->");
        String left = arrow < 0 ? compact : compact.substring(0, arrow);
        String[] inputs = left.split(",", -1);
        require(
                inputs.length == tensors.length,
                "einsum: \"%s\" names %d tensors; got %d",
                equation,
                inputs.length,
                tensors.length);
        Named[] operands = new Named[tensors.length];
        for (int i = 0; i < operands.length; i++) {
            given(tensors[i], "einsum", "tensor " + i);
            tensors[0].requireSame("einsum", tensors[i]);
            operands[i] = new Named(axes(equation, inputs[i], tensors[i].rank(), true), tensors[i]).diagonal();
        }
        String wanted =
                arrow < 0 ? implied(inputs, operands) : output(equation, compact.substring(arrow + 2), operands);
        dropStretched(equation, operands);
        Named result = operands[0];
        for (int i = 1; i < operands.length; i++) {
            StringBuilder needed = new StringBuilder(wanted);
            for (int later = i + 1; later < operands.length; later++) {
                needed.append(operands[later].axes);
            }
            result = result.join(operands[i], needed.toString());
        }
        return result.reduceTo(wanted).arrange(wanted).tensor;
    }

    /// One character for each axis of a tensor, or the part of the result that `...` stands for.
    private static String axes(String equation, String letters, int rank, boolean input) {
        int dots = letters.indexOf("...");
        String plain = dots < 0 ? letters : letters.substring(0, dots) + letters.substring(dots + 3);
        for (char letter : plain.toCharArray()) {
            require(
                    letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z',
                    "einsum: \"%s\" must have letters for axes, commas, one arrow and ... only",
                    equation);
        }
        int open = rank - plain.length();
        require(
                !input || (dots < 0 ? open == 0 : open >= 0),
                "einsum: \"%s\" of \"%s\" names %s%d axes; the tensor has %d",
                letters,
                equation,
                dots < 0 ? "" : "at least ",
                plain.length(),
                rank);
        if (dots < 0) {
            return plain;
        }
        StringBuilder named = new StringBuilder(letters.substring(0, dots));
        for (int i = open - 1; i >= 0; i--) {
            named.append((char) (ELLIPSIS + i));
        }
        return named.append(letters.substring(dots + 3)).toString();
    }

    private static String implied(String[] inputs, Named[] operands) {
        String letters = String.join("", inputs).replace(".", "");
        StringBuilder once = new StringBuilder(ellipsis(operands));
        letters.chars()
                .sorted()
                .filter(letter -> letters.indexOf(letter) == letters.lastIndexOf(letter))
                .forEach(letter -> once.append((char) letter));
        return once.toString();
    }

    private static String output(String equation, String letters, Named[] operands) {
        String wanted = letters.contains("...")
                ? axes(
                        equation,
                        letters,
                        letters.length() - 3 + ellipsis(operands).length(),
                        false)
                : axes(equation, letters, letters.length(), false);
        for (int i = 0; i < wanted.length(); i++) {
            char axis = wanted.charAt(i);
            require(
                    wanted.indexOf(axis) == i && Arrays.stream(operands).anyMatch(named -> named.has(axis)),
                    "einsum: the result of \"%s\" must name each axis once, and only axes of the tensors",
                    equation);
        }
        return wanted;
    }

    /// The axes under `...` of the tensor that has most of them.
    private static String ellipsis(Named[] operands) {
        int most = 0;
        for (Named named : operands) {
            for (char axis : named.axes.toCharArray()) {
                most = Math.max(most, axis - ELLIPSIS + 1);
            }
        }
        StringBuilder axes = new StringBuilder();
        for (int i = most - 1; i >= 0; i--) {
            axes.append((char) (ELLIPSIS + i));
        }
        return axes.toString();
    }

    /// Checks that equal letters have equal sizes. An axis of size 1 that is longer in another tensor is
    /// dropped: the product repeats it anyway.
    private static void dropStretched(String equation, Named[] operands) {
        for (int i = 0; i < operands.length; i++) {
            for (char axis : operands[i].axes.toCharArray()) {
                int own = operands[i].size(axis);
                for (Named other : operands) {
                    int size = other.has(axis) ? other.size(axis) : own;
                    require(
                            size == own || size == 1 || own == 1,
                            "einsum: axis %s of \"%s\" has the sizes %d and %d",
                            axis >= ELLIPSIS ? "..." : String.valueOf(axis),
                            equation,
                            own,
                            size);
                    if (own == 1 && size > 1) {
                        operands[i] = operands[i].drop(axis);
                        break;
                    }
                }
            }
        }
    }

    /// A tensor whose axes have names, one character each.
    private record Named(String axes, Tensor tensor) {
        boolean has(char axis) {
            return axes.indexOf(axis) >= 0;
        }

        int size(char axis) {
            return tensor.dim(axes.indexOf(axis));
        }

        /// Without an axis of size 1.
        Named drop(char axis) {
            int at = axes.indexOf(axis);
            return new Named(new StringBuilder(axes).deleteCharAt(at).toString(), tensor.squeeze(at));
        }

        /// Only the diagonal of axes that share a name.
        Named diagonal() {
            String names = distinct(axes);
            if (names.equals(axes)) {
                return this;
            }
            int[] dims = new int[names.length()];
            int[] strides = new int[names.length()];
            int[] own = tensor.shape().strides();
            for (int axis = 0; axis < axes.length(); axis++) {
                int at = names.indexOf(axes.charAt(axis));
                if (dims[at] != 0 && dims[at] != tensor.dim(axis)) {
                    throw ShapeException.of(
                            "einsum: axis %s twice in one tensor of shape %s has two sizes",
                            axes.charAt(axis), tensor.shape());
                }
                dims[at] = tensor.dim(axis);
                strides[at] += own[axis];
            }
            Shape shape = Shape.of(dims);
            int[] steps = shape.strides();
            int[] places = new int[shape.size()];
            for (int i = 0; i < places.length; i++) {
                for (int axis = 0; axis < dims.length; axis++) {
                    places[i] += i / steps[axis] % dims[axis] * strides[axis];
                }
            }
            Tensor picked = tensor.reshape(tensor.size()).indexSelect(0, Indices.of(places));
            return new Named(names, picked.reshape(dims));
        }

        /// Sums over the axes that are not among these.
        Named reduceTo(String kept) {
            Named result = this;
            for (int axis = axes.length() - 1; axis >= 0; axis--) {
                if (kept.indexOf(axes.charAt(axis)) < 0) {
                    String rest =
                            new StringBuilder(result.axes).deleteCharAt(axis).toString();
                    result = new Named(rest, result.tensor.sum(axis));
                }
            }
            return result;
        }

        /// The same axes in another order.
        Named arrange(String order) {
            if (order.equals(axes)) {
                return this;
            }
            int[] places = new int[order.length()];
            Arrays.setAll(places, i -> axes.indexOf(order.charAt(i)));
            return new Named(order, tensor.permute(places));
        }

        /// The product with another tensor, summed over the common axes that are needed no more.
        Named join(Named other, String needed) {
            Named a = reduceTo(other.axes + needed);
            Named b = other.reduceTo(axes + needed);
            StringBuilder batch = new StringBuilder();
            StringBuilder inner = new StringBuilder();
            StringBuilder rows = new StringBuilder();
            for (char axis : a.axes.toCharArray()) {
                (!b.has(axis) ? rows : needed.indexOf(axis) >= 0 ? batch : inner).append(axis);
            }
            StringBuilder columns = new StringBuilder();
            for (char axis : b.axes.toCharArray()) {
                if (!a.has(axis)) {
                    columns.append(axis);
                }
            }
            Tensor left = a.matrices(batch, rows, inner); // (batch, rows, inner)
            Tensor right = b.matrices(batch, inner, columns); // (batch, inner, columns)
            String names = batch.toString() + rows + columns;
            int[] dims = new int[names.length()];
            Arrays.setAll(dims, i -> (a.has(names.charAt(i)) ? a : b).size(names.charAt(i)));
            return new Named(names, left.matmul(right).reshape(dims));
        }

        private Tensor matrices(CharSequence batch, CharSequence rows, CharSequence columns) {
            Tensor arranged = arrange(batch.toString() + rows + columns).tensor;
            return arranged.reshape(product(batch), product(rows), product(columns));
        }

        private int product(CharSequence names) {
            return names.chars().map(axis -> size((char) axis)).reduce(1, (a, b) -> a * b);
        }
    }

    private static String distinct(String axes) {
        StringBuilder once = new StringBuilder();
        axes.chars().distinct().forEach(axis -> once.append((char) axis));
        return once.toString();
    }
}
