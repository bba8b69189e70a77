package gradus.tokenizer.chat.python;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Python's `==`, `<` and `in`, and sorting by `<`.
public final class Comparison {
    private Comparison() {}

    public static boolean equal(Object a, Object b, Work work) {
        work.step();
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return !isNaN(a) && !isNaN(b) && compareNumbers(a, b) == 0;
        }
        if (Types.isText(a) && Types.isText(b)) {
            work.chars(Types.text(a).length());
            return Types.text(a).equals(Types.text(b));
        }
        return switch (a) {
            case PyList(List<Object> x) when b instanceof PyList(List<Object> y) -> equalLists(x, y, work);
            case PyTuple(List<Object> x) when b instanceof PyTuple(List<Object> y) -> equalLists(x, y, work);
            case PyDict x when b instanceof PyDict y -> equalDicts(x, y, work);
            case Undefined _ -> b instanceof Undefined;
            case Range x
            when b instanceof Range y -> equalLists(Types.elements(x, work), Types.elements(y, work), work);
            case DictView x
            when b instanceof DictView y && !x.kind().equals("dict_values") ->
                x.kind().equals(y.kind()) && x.of().size() == y.of().size() && allIn(x.items(), y, work);
            default -> a == b;
        };
    }

    private static boolean equalLists(List<Object> a, List<Object> b, Work work) {
        if (a.size() != b.size()) {
            return false;
        }
        work.enter();
        boolean equal = true;
        for (int i = 0; equal && i < a.size(); i++) {
            equal = same(a.get(i), b.get(i), work);
        }
        work.leave();
        return equal;
    }

    private static boolean equalDicts(PyDict a, PyDict b, Work work) {
        if (a.size() != b.size()) {
            return false;
        }
        work.enter();
        boolean equal = true;
        Iterator<PyDict.Entry> entries = a.entries().iterator();
        while (equal && entries.hasNext()) {
            PyDict.Entry entry = entries.next();
            Object other = b.get(entry.key(), work);
            equal = other != null && same(entry.value(), other, work);
        }
        work.leave();
        return equal;
    }

    private static boolean allIn(List<Object> items, DictView view, Work work) {
        List<Object> others = view.items();
        return items.stream().allMatch(item -> others.stream().anyMatch(other -> same(item, other, work)));
    }

    /// Equal, or the very same: what lists compare by.
    static boolean same(Object a, Object b, Work work) {
        work.step();
        return a == b || equal(a, b, work);
    }

    private static boolean isNaN(Object value) {
        return value instanceof Double number && number.isNaN();
    }

    private static int compareNumbers(Object a, Object b) {
        if (a instanceof Double x && b instanceof Double y) {
            return Double.compare(x + 0.0, y + 0.0); // -0.0 equals 0.0
        }
        if (a instanceof Double x && x.isInfinite()) {
            return x > 0 ? 1 : -1;
        }
        if (b instanceof Double y && y.isInfinite()) {
            return y > 0 ? -1 : 1;
        }
        if (a instanceof Double || b instanceof Double) {
            return exact(a).compareTo(exact(b));
        }
        return Numbers.integer(a).compareTo(Numbers.integer(b));
    }

    private static BigDecimal exact(Object number) {
        return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(Numbers.integer(number));
    }

    /// Python's `a < b`.
    ///
    /// @param sign the operator as the message names it
    public static boolean less(Object a, Object b, String sign, Work work) {
        return ordered(a, b, sign, false, work);
    }

    /// Python's `a <= b`.
    public static boolean lessOrEqual(Object a, Object b, String sign, Work work) {
        return ordered(a, b, sign, true, work);
    }

    private static boolean ordered(Object a, Object b, String sign, boolean orEqual, Work work) {
        work.step();
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return !isNaN(a) && !isNaN(b) && compareNumbers(a, b) < (orEqual ? 1 : 0);
        }
        if (Types.isText(a) && Types.isText(b)) {
            work.chars(Math.min(Types.text(a).length(), Types.text(b).length()));
            return Characters.compare(Types.text(a), Types.text(b)) < (orEqual ? 1 : 0);
        }
        if (a instanceof PyList(List<Object> x) && b instanceof PyList(List<Object> y)) {
            return orderedLists(x, y, sign, orEqual, work);
        }
        if (a instanceof PyTuple(List<Object> x) && b instanceof PyTuple(List<Object> y)) {
            return orderedLists(x, y, sign, orEqual, work);
        }
        Numbers.refuseUndefined(a, b);
        boolean turned = sign.startsWith(">");
        throw new TemplateError("'%s' not supported between instances of '%s' and '%s'"
                .formatted(sign, Types.name(turned ? b : a), Types.name(turned ? a : b)));
    }

    private static boolean orderedLists(List<Object> a, List<Object> b, String sign, boolean orEqual, Work work) {
        work.enter();
        try {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!same(a.get(i), b.get(i), work)) {
                    return ordered(a.get(i), b.get(i), sign, orEqual, work);
                }
            }
            return a.size() < b.size() || orEqual && a.size() == b.size();
        } finally {
            work.leave();
        }
    }

    /// Python's `item in container`.
    public static boolean contains(Object container, Object item, Work work) {
        if (Types.isText(container)) {
            if (item instanceof Undefined || !Types.isText(item)) {
                throw new TemplateError("'in <string>' requires string as left operand, not " + Types.name(item));
            }
            work.search(Types.text(container), Types.text(item));
            return Types.text(container).contains(Types.text(item));
        }
        if (container instanceof PyDict dict) {
            return dict.get(item, work) != null;
        }
        if (container instanceof DictView view && view.kind().equals("dict_keys")) {
            return view.of().get(item, work) != null;
        }
        if (!Types.isIterable(container)) {
            throw new TemplateError("argument of type '" + Types.name(container) + "' is not iterable");
        }
        Iterator<Object> elements = Types.iterator(container, work);
        while (elements.hasNext()) {
            if (same(elements.next(), item, work)) {
                return true;
            }
        }
        return false;
    }

    /// The items by ascending keys, those with equal keys in their old order. Java's own sort would throw
    /// where `<` is no order (NaN); this one, a merge sort, only asks whether the right one is less.
    public static List<Object> sorted(List<Object> items, List<Object> keys, boolean descending, Work work) {
        var order = new ArrayList<Integer>(items.size());
        for (int i = 0; i < items.size(); i++) {
            order.add(i);
        }
        var sorted = new ArrayList<Object>(items.size());
        merge(order, keys, descending, work).forEach(i -> sorted.add(items.get(i)));
        return sorted;
    }

    private static List<Integer> merge(List<Integer> order, List<Object> keys, boolean descending, Work work) {
        if (order.size() < 2) {
            return order;
        }
        List<Integer> left = merge(order.subList(0, order.size() / 2), keys, descending, work);
        List<Integer> right = merge(order.subList(order.size() / 2, order.size()), keys, descending, work);
        var merged = new ArrayList<Integer>(order.size());
        int i = 0;
        for (int next : right) {
            while (i < left.size() && !before(keys.get(next), keys.get(left.get(i)), descending, work)) {
                merged.add(left.get(i++));
            }
            merged.add(next);
        }
        merged.addAll(left.subList(i, left.size()));
        return merged;
    }

    private static boolean before(Object a, Object b, boolean descending, Work work) {
        return descending ? less(b, a, "<", work) : less(a, b, "<", work);
    }
}
