package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Comparison;
import gradus.tokenizer.chat.python.DictView;
import gradus.tokenizer.chat.python.Generator;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.Numbers;
import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.PyDict;
import gradus.tokenizer.chat.python.PyList;
import gradus.tokenizer.chat.python.PyTuple;
import gradus.tokenizer.chat.python.Slices;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Filters that take a whole list: its ends, its order, its sum, its parts.
final class ListFilters {
    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            Map.entry("length", ListFilters::length),
            Map.entry("count", ListFilters::length),
            Map.entry("list", ListFilters::list),
            Map.entry("items", ListFilters::itemsOf),
            Map.entry("first", ListFilters::first),
            Map.entry("last", ListFilters::last),
            Map.entry("reverse", ListFilters::reverse),
            Map.entry("join", ListFilters::join),
            Map.entry("sum", ListFilters::sum),
            Map.entry("min", (value, given, work) -> extreme("min", value, given, work)),
            Map.entry("max", (value, given, work) -> extreme("max", value, given, work)),
            Map.entry("sort", ListFilters::sort),
            Map.entry("dictsort", ListFilters::dictSort),
            Map.entry("groupby", ListFilters::groupBy),
            Map.entry("batch", ListFilters::batch),
            Map.entry("slice", ListFilters::slice));

    private ListFilters() {}

    private static boolean isSet(Object flag) {
        return flag != null && Types.truth(flag);
    }

    private static Object length(Object value, Arguments given, Work work) {
        given.bind("length", 0);
        return BigInteger.valueOf(Types.length(value, work));
    }

    private static Object list(Object value, Arguments given, Work work) {
        given.bind("list", 0);
        return new PyList(List.copyOf(Types.elements(value, work)));
    }

    static DictView items(PyDict dict) {
        return new DictView("dict_items", dict);
    }

    private static Object itemsOf(Object value, Arguments given, Work work) {
        given.bind("items", 0);
        return ChoosingFilters.lazy(
                () -> switch (value) {
                    case Undefined _ -> List.of();
                    case PyDict dict -> items(dict).items();
                    default -> throw new TemplateError("Can only get item pairs from a mapping.");
                },
                work);
    }

    private static Object first(Object value, Arguments given, Work work) {
        given.bind("first", 0);
        Iterator<Object> elements = Types.iterator(value, work);
        return elements.hasNext() ? elements.next() : new Undefined("No first item, sequence was empty.");
    }

    private static Object last(Object value, Arguments given, Work work) {
        given.bind("last", 0);
        List<Object> elements = Types.reversed(value, work);
        return elements.isEmpty() ? new Undefined("No last item, sequence was empty.") : elements.getFirst();
    }

    private static Object reverse(Object value, Arguments given, Work work) {
        given.bind("reverse", 0);
        if (Types.isText(value)) {
            return Slices.slice(value, None.NONE, None.NONE, BigInteger.ONE.negate(), work);
        }
        if (!Types.isIterable(value)) {
            throw new TemplateError("argument must be iterable");
        }
        if (value instanceof Generator) {
            return new PyList(Types.reversed(new PyList(Types.elements(value, work)), work));
        }
        return new Generator(Types.reversed(value, work).iterator());
    }

    private static Object join(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("join", 0, "d", "attribute");
        String between = bound[0] == null ? "" : Printing.str(bound[0], work);
        UnaryOperator<Object> getter = Paths.getter(bound[1], null, work);
        var joined = new StringBuilder();
        int i = 0;
        for (Object element : Types.elements(value, work)) {
            joined.append(i++ == 0 ? "" : between).append(Printing.str(getter.apply(element), work));
            work.chars(between.length());
            if (joined.length() > work.limits().stringLength()) {
                work.newString(joined.length());
            }
        }
        return work.made(joined.toString());
    }

    private static Object sum(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("sum", 0, "attribute", "start");
        Object sum = bound[1] == null ? BigInteger.ZERO : bound[1];
        if (Types.isText(sum)) {
            throw new TemplateError("sum() can't sum strings [use ''.join(seq) instead]");
        }
        UnaryOperator<Object> getter = Paths.getter(bound[0], null, work);
        for (Object element : Types.elements(value, work)) {
            sum = Numbers.binary("+", sum, getter.apply(element), work);
        }
        return sum;
    }

    private static Object extreme(String name, Object value, Arguments given, Work work) {
        Object[] bound = given.bind(name, 0, "case_sensitive", "attribute");
        UnaryOperator<Object> getter = Paths.getter(bound[1], null, work);
        Object best = null;
        Object bestKey = null;
        for (Object element : Types.elements(value, work)) {
            Object key = Paths.folded(getter.apply(element), isSet(bound[0]));
            boolean better = best == null
                    || (name.equals("min")
                            ? Comparison.less(key, bestKey, "<", work)
                            : Comparison.less(bestKey, key, ">", work));
            best = better ? element : best;
            bestKey = better ? key : bestKey;
        }
        return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
    }

    private static Object sort(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("sort", 0, "reverse", "case_sensitive", "attribute");
        List<Object> elements = Types.elements(value, work);
        List<Object> keys = Paths.keys(elements, bound[2], isSet(bound[1]), work);
        return new PyList(Comparison.sorted(elements, keys, isSet(bound[0]), work));
    }

    private static Object dictSort(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("dictsort", 0, "case_sensitive", "by", "reverse");
        String by = bound[1] == null ? "key" : Printing.str(bound[1], work);
        if (!by.equals("key") && !by.equals("value")) {
            throw new TemplateError("You can only sort by either \"key\" or \"value\"");
        }
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        if (!(value instanceof PyDict dict)) {
            throw new TemplateError("'" + Types.name(value) + "' object has no attribute 'items'");
        }
        var keys = new ArrayList<Object>();
        for (PyDict.Entry entry : dict.entries()) {
            keys.add(Paths.folded(by.equals("key") ? entry.key() : entry.value(), isSet(bound[0])));
        }
        return new PyList(Comparison.sorted(items(dict).items(), keys, isSet(bound[2]), work));
    }

    private static Object groupBy(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("groupby", 1, "attribute", "default", "case_sensitive");
        UnaryOperator<Object> getter = Paths.getter(bound[0], bound[1], work);
        List<Object> elements = Types.elements(value, work);
        var keys = new ArrayList<Object>();
        elements.forEach(element -> keys.add(Paths.folded(getter.apply(element), isSet(bound[2]))));
        var groups = new ArrayList<Object>();
        List<Object> group = null;
        Object groupKey = null;
        for (Object element : Comparison.sorted(elements, keys, false, work)) {
            Object key = Paths.folded(getter.apply(element), isSet(bound[2]));
            if (group == null || !Comparison.equal(groupKey, key, work)) {
                group = new ArrayList<>();
                groupKey = key;
                groups.add(new PyTuple(new PyTuple.Group(getter.apply(element), group)));
            }
            group.add(element);
        }
        return new PyList(groups);
    }

    private static Object batch(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("batch", 1, "linecount", "fill_with");
        int size = Numbers.index(bound[0]);
        var batches = new ArrayList<Object>();
        List<Object> batch = new ArrayList<>();
        for (Object element : Types.elements(value, work)) {
            if (batch.size() == size) {
                batches.add(new PyList(batch));
                batch = new ArrayList<>();
            }
            batch.add(element);
        }
        if (!batch.isEmpty()) {
            boolean fill = bound[1] != null && bound[1] != None.NONE && batch.size() < size;
            if (fill) {
                work.newList(size);
            }
            while (fill && batch.size() < size) {
                batch.add(bound[1]);
            }
            batches.add(new PyList(batch));
        }
        return new Generator(batches.iterator());
    }

    private static Object slice(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("slice", 1, "slices", "fill_with");
        int count = Numbers.index(bound[0]);
        List<Object> elements = Types.elements(value, work);
        if (count == 0) {
            throw new TemplateError("integer division or modulo by zero");
        }
        work.newList(Math.max(0, count));
        int each = Math.floorDiv(elements.size(), count);
        int longer = Math.floorMod(elements.size(), count);
        var slices = new ArrayList<Object>();
        int start = 0;
        for (int i = 0; i < count; i++) {
            int end = start + each + (i < longer ? 1 : 0);
            var slice = new ArrayList<>(elements.subList(start, end));
            if (bound[1] != null && bound[1] != None.NONE && i >= longer) {
                slice.add(bound[1]);
            }
            slices.add(new PyList(slice));
            start = end;
        }
        return new Generator(slices.iterator());
    }
}
