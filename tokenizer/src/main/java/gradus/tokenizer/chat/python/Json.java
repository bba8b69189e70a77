package gradus.tokenizer.chat.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Python's `json.dumps`, which transformers puts in the place of Jinja's own `tojson`.
public final class Json {
    /// How to write it.
    ///
    /// @param ascii     whether all but ASCII is written as an escape
    /// @param indent    what one level is indented by; null for one line
    /// @param between   between two elements
    /// @param colon     between key and value
    /// @param sorted    whether keys are sorted
    public record Style(boolean ascii, String indent, String between, String colon, boolean sorted) {}

    private final Style style;
    private final Work work;
    private final StringBuilder out = new StringBuilder();

    private Json(Style style, Work work) {
        this.style = style;
        this.work = work;
    }

    public static String dumps(Object value, Style style, Work work) {
        var json = new Json(style, work);
        json.write(value, "\n");
        return work.made(json.out.toString());
    }

    private void write(Object value, String line) {
        if (out.length() > work.limits().stringLength()) {
            work.newString(out.length());
        }
        work.enter();
        switch (value) {
            case None _ -> out.append("null");
            case Boolean flag -> out.append(flag);
            case BigInteger number -> out.append(Printing.integer(number, work));
            case Double number -> out.append(real(number));
            case String text -> quoted(text);
            case Markup(String text) -> quoted(text);
            case PyList(List<Object> items) -> list(items, line);
            case PyTuple(List<Object> items) -> list(items, line);
            case PyDict dict -> dict(dict, line);
            case Undefined undefined ->
                throw new TemplateError("Object of type Undefined is not JSON serializable: " + undefined.message());
            default -> throw new TemplateError("Object of type " + Types.name(value) + " is not JSON serializable");
        }
        work.leave();
    }

    private static String real(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : Printing.real(number);
    }

    private void list(List<Object> items, String line) {
        String before = open('[', line);
        String inner = line + indent();
        for (Object item : items) {
            out.append(before);
            write(item, inner);
            before = next(inner);
        }
        close(']', items.isEmpty(), line);
    }

    private void dict(PyDict dict, String line) {
        String before = open('{', line);
        String inner = line + indent();
        for (PyDict.Entry entry : style.sorted() ? sorted(dict) : List.copyOf(dict.entries())) {
            out.append(before);
            quoted(key(entry.key()));
            out.append(style.colon());
            write(entry.value(), inner);
            before = next(inner);
        }
        close('}', dict.size() == 0, line);
    }

    private String indent() {
        return style.indent() == null ? "" : style.indent();
    }

    private String open(char bracket, String line) {
        out.append(bracket);
        return style.indent() == null ? "" : line + indent();
    }

    private String next(String inner) {
        return style.indent() == null ? style.between() : style.between() + inner;
    }

    private void close(char bracket, boolean empty, String line) {
        out.append(style.indent() == null || empty ? "" : line).append(bracket);
    }

    private List<PyDict.Entry> sorted(PyDict dict) {
        List<Object> sorted = Comparison.sorted(new ArrayList<>(dict.entries()), dict.keys(), false, work);
        return sorted.stream().map(PyDict.Entry.class::cast).toList();
    }

    private String key(Object key) {
        return switch (key) {
            case String text -> text;
            case Markup(String text) -> text;
            case None _ -> "null";
            case Boolean flag -> flag.toString();
            case Double number -> real(number);
            case BigInteger number -> Printing.integer(number, work);
            default -> throw new TemplateError("keys must be str, int, float, bool or None, not " + Types.name(key));
        };
    }

    private void quoted(String text) {
        work.newString(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || style.ascii() && c > 0x7E) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
