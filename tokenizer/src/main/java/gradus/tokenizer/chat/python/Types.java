package gradus.tokenizer.chat.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// A value's type, truth, length and elements.
public final class Types {
    private Types() {}

    /// The name of the type in Python.
    public static String name(Object value) {
        return switch (value) {
            case None _ -> "NoneType";
            case Boolean _ -> "bool";
            case BigInteger _ -> "int";
            case Double _ -> "float";
            case String _ -> "str";
            case Markup _ -> "Markup";
            case PyList _ -> "list";
            case PyTuple _ -> "tuple";
            case PyDict _ -> "dict";
            case Range _ -> "range";
            case DictView view -> view.kind();
            case Generator _ -> "generator";
            case Namespace _ -> "Namespace";
            case Undefined _ -> "Undefined";
            case Member _ -> "Member";
            default -> "function";
        };
    }

    static char kindMark(Object canonical) {
        return switch (canonical) {
            case String _ -> 's';
            case BigInteger _ -> 'i';
            case Double _ -> 'f';
            default -> 'o';
        };
    }

    public static boolean isText(Object value) {
        return value instanceof String || value instanceof Markup;
    }

    /// The characters of a str.
    public static String text(Object value) {
        return value instanceof Markup(String text) ? text : (String) value;
    }

    public static boolean truth(Object value) {
        return switch (value) {
            case None _, Undefined _ -> false;
            case Boolean flag -> flag;
            case BigInteger number -> number.signum() != 0;
            case Double number -> number != 0;
            default -> lengthOr(value, 1) != 0;
        };
    }

    /// Python's `len`.
    public static int length(Object value, Work work) {
        if (isText(value)) {
            work.chars(text(value).length());
        }
        int length = lengthOr(value, -1);
        if (length < 0) {
            throw new TemplateError("object of type '" + name(value) + "' has no len()");
        }
        return length;
    }

    /// The length, or `absent` where there is none.
    public static int lengthOr(Object value, int absent) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case Markup(String text) -> text.codePointCount(0, text.length());
            case PyList(List<Object> items) -> items.size();
            case PyTuple(List<Object> items) -> items.size();
            case PyDict dict -> dict.size();
            case Range range -> range.size();
            case DictView view -> view.of().size();
            case Undefined _ -> 0;
            case Sized sized -> sized.size();
            default -> absent;
        };
    }

    /// Whether Python's `iter` accepts it.
    public static boolean isIterable(Object value) {
        return value instanceof Generator || !(value instanceof Sized) && lengthOr(value, -1) >= 0;
    }

    public static Iterator<Object> iterator(Object value, Work work) {
        if (value instanceof Generator(Iterator<Object> iterator)) {
            return iterator;
        }
        return elements(value, work).iterator();
    }

    /// All elements; a generator is used up.
    public static List<Object> elements(Object value, Work work) {
        switch (value) {
            case PyList(List<Object> items) -> {
                work.spend(1 + items.size());
                return items;
            }
            case PyTuple(List<Object> items) -> {
                work.spend(1 + items.size());
                return items;
            }
            case Undefined _ -> {
                return List.of();
            }
            case Generator(Iterator<Object> iterator) -> {
                var items = new ArrayList<Object>();
                while (iterator.hasNext()) {
                    items.add(iterator.next());
                    work.newList(0);
                    if (items.size() > work.limits().listSize()) {
                        work.newList(items.size());
                    }
                }
                return items;
            }
            default -> {
                if (!isIterable(value)) {
                    throw new TemplateError("'" + name(value) + "' object is not iterable");
                }
                work.newList(lengthOr(value, 0));
                return switch (value) {
                    case PyDict dict -> dict.keys();
                    case DictView view -> view.items();
                    case Range range -> listed(range);
                    default -> characters(text(value));
                };
            }
        }
    }

    private static List<Object> listed(Range range) {
        var items = new ArrayList<Object>(range.size());
        for (int i = 0; i < range.size(); i++) {
            items.add(range.get(i));
        }
        return items;
    }

    private static List<Object> characters(String text) {
        var items = new ArrayList<Object>(text.length());
        text.codePoints().forEach(c -> items.add(Character.toString(c)));
        return items;
    }

    /// The elements last first, where Python's `reversed` accepts the value.
    public static List<Object> reversed(Object value, Work work) {
        if (value instanceof Generator || !isIterable(value)) {
            throw new TemplateError("'" + name(value) + "' object is not reversible");
        }
        var items = new ArrayList<>(elements(value, work));
        Collections.reverse(items);
        return items;
    }

    /// A value that has a length but no elements to iterate, such as `loop`.
    public interface Sized {
        int size();
    }

    /// A value with attributes of its own.
    public interface Member {
        /// The attribute, or null.
        Object attribute(String name, Work work);
    }
}
