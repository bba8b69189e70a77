package gradus.lessons.learn.exercise;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Values as a learner is shown them.
final class Shown {
    private static final int MOST = 24;

    private Shown() {}

    /// `[[1, 2], [3, 4]]`; of more than 24 numbers the first ones and the shape.
    static String numbers(int[] shape, double[] numbers) {
        if (numbers.length > MOST) {
            StringBuilder text = new StringBuilder("[");
            for (int i = 0; i < 8; i++) {
                text.append(number(numbers[i])).append(", ");
            }
            return text.append("…], ").append(sizes(shape)).append(" numbers").toString();
        }
        int[] at = {0};
        return nested(shape, 0, numbers, at);
    }

    private static String sizes(int[] shape) {
        return java.util.Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(" × "));
    }

    private static String nested(int[] shape, int axis, double[] numbers, int[] at) {
        if (axis == shape.length) {
            return number(numbers[at[0]++]);
        }
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < shape[axis]; i++) {
            text.append(i == 0 ? "" : ", ").append(nested(shape, axis + 1, numbers, at));
        }
        return text.append("]").toString();
    }

    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return Long.toString((long) value);
        }
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        double size = Math.abs(value);
        if (size >= 1e-3 && size < 1e7) {
            String text = String.format(Locale.ROOT, size < 1 ? "%.5f" : "%.4f", value);
            return text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
        }
        return String.format(Locale.ROOT, "%.3e", value);
    }

    /// An argument of a call.
    static String argument(Object value) {
        return switch (value) {
            case null -> "null";
            case Tensor t -> numbers(t.shape().dims(), t.toArray());
            case Indices i ->
                numbers(
                        i.shape().dims(),
                        java.util.Arrays.stream(i.values()).asDoubleStream().toArray());
            case Double d -> number(d);
            case Float f -> number(f);
            case String s -> '"' + s.replace("\n", "\\n") + '"';
            case List<?> list ->
                list.stream()
                        .limit(MOST)
                        .map(Shown::argument)
                        .collect(Collectors.joining(", ", "[", list.size() > MOST ? ", …]" : "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .limit(MOST)
                        .map(e -> argument(e.getKey()) + ": " + argument(e.getValue()))
                        .collect(Collectors.joining(", ", "{", map.size() > MOST ? ", …}" : "}"));
            case Object array when array.getClass().isArray() -> array(array);
            default -> value.toString();
        };
    }

    private static String array(Object array) {
        int length = Array.getLength(array);
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < Math.min(length, MOST); i++) {
            text.append(i == 0 ? "" : ", ").append(argument(Array.get(array, i)));
        }
        return text.append(length > MOST ? ", …], " + length + " of them" : "]").toString();
    }
}
