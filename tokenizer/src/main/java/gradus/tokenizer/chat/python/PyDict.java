package gradus.tokenizer.chat.python;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Python's `dict`, in the order of insertion. Keys that are equal in Python are one key: `1`, `1.0` and
/// `True`.
public final class PyDict {
    /// A key as it was first given, and its value.
    public record Entry(Object key, Object value) {}

    private record TupleKey(String text) implements Comparable<TupleKey> {
        @Override
        public int compareTo(TupleKey other) { // keeps a table of colliding keys fast
            return text.compareTo(other.text);
        }
    }

    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    public void put(Object key, Object value, Work work) {
        entries.merge(canonical(key, work), new Entry(key, value), (old, now) -> new Entry(old.key(), value));
        if (entries.size() > work.limits().listSize()) {
            work.newList(entries.size());
        }
    }

    /// The value, or null.
    public Object get(Object key, Work work) {
        Entry entry = entries.get(canonical(key, work));
        return entry == null ? null : entry.value();
    }

    /// The value under a string, or null.
    public Object get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    public int size() {
        return entries.size();
    }

    public Collection<Entry> entries() {
        return entries.values();
    }

    public List<Object> keys() {
        var keys = new ArrayList<Object>(entries.size());
        entries.values().forEach(entry -> keys.add(entry.key()));
        return keys;
    }

    public PyDict copy(Work work) {
        work.newList(size());
        var copy = new PyDict();
        copy.entries.putAll(entries);
        return copy;
    }

    /// A value that is equal in Java to that of every key which is equal in Python. Throws for what cannot be
    /// hashed.
    public static Object canonical(Object key, Work work) {
        work.step();
        return switch (key) {
            case String text -> text;
            case Boolean flag -> flag ? BigInteger.ONE : BigInteger.ZERO;
            case Double number -> whole(number);
            case Markup(String text) -> text;
            case Undefined _ -> Undefined.class; // every undefined value equals every other
            case PyTuple(List<Object> items) -> tupleKey(items, work);
            case DictView view
            when !view.kind().equals("dict_values") ->
                throw new TemplateError("unhashable type: '" + view.kind() + "'");
            case PyList _, PyDict _ -> throw new TemplateError("unhashable type: '" + Types.name(key) + "'");
            default -> key;
        };
    }

    private static Object whole(Double number) {
        boolean whole = !number.isInfinite() && number == Math.rint(number);
        return whole ? new BigDecimal(number).toBigInteger() : number;
    }

    private static TupleKey tupleKey(List<Object> items, Work work) {
        work.enter();
        var text = new StringBuilder();
        for (Object item : items) {
            Object part = canonical(item, work);
            String shown = part instanceof TupleKey(String inner) ? inner : String.valueOf(part);
            char kind = Types.kindMark(part);
            text.append(kind).append(shown.length()).append(':').append(shown);
            work.newString(text.length());
        }
        work.leave();
        return new TupleKey(text.toString());
    }
}
