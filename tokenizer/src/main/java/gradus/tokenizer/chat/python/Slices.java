package gradus.tokenizer.chat.python;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// Python's `value[start:stop:step]` and `value[index]`.
public final class Slices {
    private Slices() {}

    /// @param start a number, or `None.NONE` for an end that is not given; likewise `stop` and `step`
    public static Object slice(Object value, Object start, Object stop, Object step, Work work) {
        switch (value) {
            case Undefined undefined -> throw undefined.error();
            case PyDict _ -> throw new TemplateError("unhashable type: 'slice'");
            case String _, Markup _, PyList _, PyTuple _, Range _ -> {}
            default -> throw new TemplateError("'" + Types.name(value) + "' object is not subscriptable");
        }
        int length = Types.length(value, work);
        int by = step == None.NONE ? 1 : sliceIndex(step);
        if (by == 0) {
            throw new TemplateError("slice step cannot be zero");
        }
        int lowest = by > 0 ? 0 : -1;
        int highest = by > 0 ? length : length - 1;
        int from = bound(start, length, by > 0 ? lowest : highest, lowest, highest);
        int to = bound(stop, length, by > 0 ? highest : lowest, lowest, highest);
        work.spend(length / 8 + 1);
        if (Types.isText(value)) {
            String text = Types.text(value);
            String cut = by == 1 ? substring(text, length, from, to) : picked(text, from, to, by);
            return value instanceof Markup ? new Markup(cut) : cut;
        }
        if (value instanceof Range range) {
            return range.slice(from, to, by);
        }
        var items = new ArrayList<Object>();
        List<Object> all = Types.elements(value, work);
        each(from, to, by, i -> items.add(all.get(i)));
        return value instanceof PyTuple ? new PyTuple(items) : new PyList(items);
    }

    private static int sliceIndex(Object value) {
        if (value instanceof Undefined undefined || !Numbers.isInteger(value)) {
            throw new TemplateError("slice indices must be integers or None or have an __index__ method");
        }
        return Numbers.index(value);
    }

    private static int bound(Object given, int length, int absent, int lowest, int highest) {
        if (given == None.NONE) {
            return absent;
        }
        long index = sliceIndex(given);
        return (int) Math.clamp(index < 0 ? index + length : index, lowest, highest);
    }

    private static String substring(String text, int length, int from, int to) {
        if (from >= to) {
            return "";
        }
        if (length == text.length()) {
            return text.substring(from, to);
        }
        int start = text.offsetByCodePoints(0, from);
        return text.substring(start, text.offsetByCodePoints(start, to - from));
    }

    private static String picked(String text, int from, int to, int by) {
        int[] all = text.codePoints().toArray();
        var picked = new StringBuilder();
        each(from, to, by, i -> picked.appendCodePoint(all[i]));
        return picked.toString();
    }

    private static void each(int from, int to, int by, IntConsumer use) {
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            use.accept((int) i);
        }
    }

    /// The element at an index, counted from the end where negative; null where there is none.
    static Object element(Object value, int index, Work work) {
        int length = Types.lengthOr(value, 0);
        int i = index < 0 ? index + length : index;
        if (i < 0 || i >= length) {
            return null;
        }
        return switch (value) {
            case PyList(List<Object> items) -> items.get(i);
            case PyTuple(List<Object> items) -> items.get(i);
            case Range range -> range.get(i);
            default -> {
                String text = Types.text(value);
                work.chars(text.length());
                String one = substring(text, length, i, i + 1);
                yield value instanceof Markup ? new Markup(one) : one;
            }
        };
    }
}
