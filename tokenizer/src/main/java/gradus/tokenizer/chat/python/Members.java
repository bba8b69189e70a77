package gradus.tokenizer.chat.python;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `value.name` and `value[key]` as Jinja's sandbox answers them. A fixed list of names for each type is all
/// that a template can reach.
public final class Members {
    private static final Set<String> CHANGES_DICT = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> CHANGES_LIST =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

    /// What every Python object has. Jinja's sandbox does not hand it out.
    private static final Set<String> OF_ALL = Set.of(
            "__class__",
            "__doc__",
            "__dir__",
            "__eq__",
            "__format__",
            "__ge__",
            "__getattribute__",
            "__gt__",
            "__hash__",
            "__init__",
            "__init_subclass__",
            "__le__",
            "__lt__",
            "__ne__",
            "__new__",
            "__reduce__",
            "__reduce_ex__",
            "__repr__",
            "__setattr__",
            "__delattr__",
            "__sizeof__",
            "__str__",
            "__subclasshook__");

    private Members() {}

    /// `value.name`: the attribute, else the element, else undefined.
    public static Object attribute(Object value, String name, Work work) {
        work.step();
        if (value instanceof Undefined undefined && !OF_ALL.contains(name)) {
            throw undefined.error();
        }
        Object attribute = own(value, name, work);
        if (attribute != null) {
            return attribute;
        }
        Object element = value instanceof PyDict dict ? dict.get(name) : null;
        return element != null ? element : Undefined.member(value, name, work);
    }

    /// `value[key]`: the element, else the attribute, else undefined.
    public static Object item(Object value, Object key, Work work) {
        work.step();
        Object element = switch (value) {
            case Undefined undefined -> throw undefined.error();
            case PyDict dict -> isHashable(key, work) ? dict.get(key, work) : null;
            case String _, Markup _, PyList _, PyTuple _, Range _ ->
                Numbers.isInteger(key) ? Slices.element(value, Numbers.index(key), work) : null;
            default -> null;
        };
        if (element == null && Types.isText(key)) {
            element = own(value, Types.text(key), work);
        }
        return element != null ? element : Undefined.member(value, key, work);
    }

    private static boolean isHashable(Object key, Work work) {
        return switch (key) {
            case PyList _, PyDict _ -> false;
            case DictView view -> view.kind().equals("dict_values");
            case PyTuple(List<Object> items) -> {
                work.enter();
                boolean hashable = items.stream().allMatch(item -> isHashable(item, work));
                work.leave();
                yield hashable;
            }
            default -> true;
        };
    }

    /// An attribute of the value itself; null where its type has none of this name.
    private static Object own(Object value, String name, Work work) {
        if (value instanceof Namespace(PyDict attributes)) {
            boolean there = attributes.get(name) != null || OF_ALL.contains(name);
            return there && name.startsWith("_") ? Undefined.unsafe(value, name) : attributes.get(name);
        }
        if (OF_ALL.contains(name)) {
            return Undefined.unsafe(value, name);
        }
        return switch (value) {
            case String text -> TextMethods.of(text, false, name);
            case Markup(String text) -> TextMethods.of(text, true, name);
            case PyDict _ when CHANGES_DICT.contains(name) -> Undefined.unsafe(value, name);
            case PyDict dict -> dictMethod(dict, name);
            case PyList _ when CHANGES_LIST.contains(name) -> Undefined.unsafe(value, name);
            case PyList(List<Object> items) -> listMethod(value, items, name);
            case PyTuple(PyTuple.Group group) when group.attribute(name) != null -> group.attribute(name);
            case PyTuple(List<Object> items) -> listMethod(value, items, name);
            case Range range -> rangeMember(range, name);
            case BigInteger number -> numberMember(number, name);
            case Boolean flag -> numberMember(Numbers.integer(flag), name);
            case Double number -> realMember(number, name);
            case Types.Member member -> member.attribute(name, work);
            default -> null;
        };
    }

    private static Function dictMethod(PyDict dict, String name) {
        return switch (name) {
            case "get" ->
                (given, work) -> {
                    Object[] keyAndElse = onlyPositional(given, "get").bind("get", 1, "key", "default");
                    Object value = dict.get(keyAndElse[0], work);
                    return value != null ? value : keyAndElse[1] != null ? keyAndElse[1] : None.NONE;
                };
            case "items", "keys", "values" ->
                (given, work) -> {
                    given.bind(name, 0);
                    return new DictView("dict_" + name, dict);
                };
            case "copy" ->
                (given, work) -> {
                    given.bind(name, 0);
                    return dict.copy(work);
                };
            case "fromkeys" ->
                (given, work) -> {
                    Object[] bound = given.bind(name, 1, "iterable", "value");
                    var filled = new PyDict();
                    Object value = bound[1] == null ? None.NONE : bound[1];
                    Types.elements(bound[0], work).forEach(key -> filled.put(key, value, work));
                    return filled;
                };
            default -> null;
        };
    }

    private static Function listMethod(Object list, List<Object> items, String name) {
        return switch (name) {
            case "count" ->
                (given, work) -> {
                    Object wanted = given.bind(name, 1, "value")[0];
                    long count = items.stream()
                            .filter(item -> Comparison.same(item, wanted, work))
                            .count();
                    return BigInteger.valueOf(count);
                };
            case "index" ->
                (given, work) -> {
                    Object[] bound = given.bind(name, 1, "value", "start", "stop");
                    if (bound[1] == None.NONE || bound[2] == None.NONE) {
                        throw new TemplateError("slice indices must be integers or have an __index__ method");
                    }
                    int start = TextMethods.position(bound[1], 0, items.size());
                    int stop = TextMethods.position(bound[2], items.size(), items.size());
                    for (int i = start; i < stop; i++) {
                        if (Comparison.same(items.get(i), bound[0], work)) {
                            return BigInteger.valueOf(i);
                        }
                    }
                    throw new TemplateError(
                            list instanceof PyList
                                    ? Printing.repr(bound[0], work) + " is not in list"
                                    : "tuple.index(x): x not in tuple");
                };
            case "copy" ->
                list instanceof PyList
                        ? (given, work) -> {
                            given.bind(name, 0);
                            work.newList(items.size());
                            return new PyList(List.copyOf(items));
                        }
                        : null;
            default -> null;
        };
    }

    private static Object rangeMember(Range range, String name) {
        return switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            case "count", "index" ->
                (Function) (given, work) -> {
                    var listed = new PyList(Types.elements(range, work));
                    return ((Function) own(listed, name, work)).call(given, work);
                };
            default -> null;
        };
    }

    private static Object numberMember(BigInteger number, String name) {
        return switch (name) {
            case "real", "numerator" -> number;
            case "imag" -> BigInteger.ZERO;
            case "denominator" -> BigInteger.ONE;
            case "bit_length" ->
                (Function) (given, work) -> BigInteger.valueOf(number.abs().bitLength());
            case "bit_count" ->
                (Function) (given, work) -> BigInteger.valueOf(number.abs().bitCount());
            case "conjugate" -> (Function) (given, work) -> number;
            default -> null;
        };
    }

    private static Object realMember(Double number, String name) {
        return switch (name) {
            case "real" -> number;
            case "imag" -> 0.0;
            case "is_integer" -> (Function) (given, work) -> !number.isInfinite() && number == Math.rint(number);
            case "conjugate" -> (Function) (given, work) -> number;
            default -> null;
        };
    }

    static Arguments onlyPositional(Arguments given, String what) {
        if (!given.named().isEmpty()) {
            throw new TemplateError(what + "() takes no keyword arguments");
        }
        return new Arguments(given.positional(), Map.of());
    }
}
