package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Characters;
import gradus.tokenizer.chat.python.Comparison;
import gradus.tokenizer.chat.python.Function;
import gradus.tokenizer.chat.python.Markup;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.Numbers;
import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.PyDict;
import gradus.tokenizer.chat.python.PyList;
import gradus.tokenizer.chat.python.PyTuple;
import gradus.tokenizer.chat.python.Range;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;

/// What stands behind `is`.
public final class Tests {
    private static final Set<String> ALONE = Set.of(
            "odd",
            "even",
            "defined",
            "undefined",
            "filter",
            "test",
            "none",
            "boolean",
            "false",
            "true",
            "integer",
            "float",
            "lower",
            "upper",
            "string",
            "mapping",
            "number",
            "sequence",
            "iterable",
            "callable",
            "escaped");

    private static final Map<String, String> COMPARISONS = Map.ofEntries(
            Map.entry("==", "=="),
            Map.entry("eq", "=="),
            Map.entry("equalto", "=="),
            Map.entry("!=", "!="),
            Map.entry("ne", "!="),
            Map.entry(">", ">"),
            Map.entry("gt", ">"),
            Map.entry("greaterthan", ">"),
            Map.entry(">=", ">="),
            Map.entry("ge", ">="),
            Map.entry("<", "<"),
            Map.entry("lt", "<"),
            Map.entry("lessthan", "<"),
            Map.entry("<=", "<="),
            Map.entry("le", "<="),
            Map.entry("in", "in"));

    private static final Set<String> WITH_NUMBER = Set.of("divisibleby", "sameas");

    private Tests() {}

    /// The names of all tests.
    public static Set<String> names() {
        var names = new java.util.HashSet<>(ALONE);
        names.addAll(COMPARISONS.keySet());
        names.addAll(WITH_NUMBER);
        return names;
    }

    static boolean test(String name, Object value, Arguments given, Work work) {
        work.step();
        if (ALONE.contains(name)) {
            given.bind(name, 0);
            return alone(name, value, work);
        }
        String sign = COMPARISONS.get(name);
        if (sign != null) {
            return Evaluator.compare(sign, value, given.bind(name, 1, "other")[0], work);
        }
        return switch (name) {
            case "divisibleby" -> {
                Object rest = Numbers.binary("%", value, given.bind(name, 1, "num")[0], work);
                yield Comparison.equal(rest, BigInteger.ZERO, work);
            }
            case "sameas" -> same(value, given.bind(name, 1, "other")[0]);
            default -> throw new TemplateError("No test named '" + name + "' found.");
        };
    }

    private static boolean same(Object a, Object b) {
        boolean single = a instanceof Boolean || a instanceof BigInteger || a instanceof String;
        return a == b || single && a.equals(b);
    }

    private static boolean alone(String name, Object value, Work work) {
        return switch (name) {
            case "odd" -> rest(value, BigInteger.ONE, work);
            case "even" -> rest(value, BigInteger.ZERO, work);
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "filter" -> Filters.names().contains(PyDict.canonical(value, work));
            case "test" -> names().contains(PyDict.canonical(value, work));
            case "none" -> value == None.NONE;
            case "boolean" -> value instanceof Boolean;
            case "false" -> value.equals(false);
            case "true" -> value.equals(true);
            case "integer" -> value instanceof BigInteger;
            case "float" -> value instanceof Double;
            case "lower" -> Characters.isLower(Printing.str(value, work));
            case "upper" -> Characters.isUpper(Printing.str(value, work));
            case "string" -> Types.isText(value);
            case "mapping" -> value instanceof PyDict;
            case "number" -> Numbers.isNumber(value);
            case "sequence" -> isSequence(value);
            case "iterable" -> Types.isIterable(value) || value instanceof Loop;
            case "callable" -> value instanceof Function || value instanceof Undefined;
            default -> value instanceof Markup;
        };
    }

    private static boolean rest(Object value, BigInteger rest, Work work) {
        return Comparison.equal(Numbers.binary("%", value, BigInteger.TWO, work), rest, work);
    }

    private static boolean isSequence(Object value) {
        return Types.isText(value)
                || value instanceof PyList
                || value instanceof PyTuple
                || value instanceof PyDict
                || value instanceof Range
                || value instanceof Undefined;
    }
}
