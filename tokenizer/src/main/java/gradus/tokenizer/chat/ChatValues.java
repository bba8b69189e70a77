package gradus.tokenizer.chat;

import gradus.error.Printable;
import gradus.error.TokenizerException;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.PyDict;
import gradus.tokenizer.chat.python.PyList;
import gradus.tokenizer.chat.python.Work;
import gradus.tokenizer.json.JsonNumbers;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Values of Java as a template sees them, and JSON as values of Java.
final class ChatValues {
    private static final int DEEPEST = 64;

    private ChatValues() {}

    /// @param place where the value stands, for a message
    static Object of(Object value, String place, Work work) {
        return of(value, place, 0, work);
    }

    private static Object of(Object value, String place, int depth, Work work) {
        if (depth > DEEPEST) {
            throw new TokenizerException(place + " is nested more than " + DEEPEST + " deep");
        }
        work.step();
        return switch (value) {
            case null -> None.NONE;
            case Boolean flag -> flag;
            case String text -> text;
            case BigInteger number -> number;
            case Integer number -> BigInteger.valueOf(number);
            case Long number -> BigInteger.valueOf(number);
            case Double number -> number;
            case Float number -> number.doubleValue();
            case List<?> list -> {
                var items = new ArrayList<Object>(list.size());
                for (Object item : list) {
                    items.add(of(item, place + "[" + items.size() + "]", depth + 1, work));
                }
                yield new PyList(items);
            }
            case Map<?, ?> map -> {
                var dict = new PyDict();
                map.forEach((key, each) -> {
                    if (!(key instanceof String name)) {
                        throw new TokenizerException(place + " has a key that is no text: " + Printable.value(key));
                    }
                    dict.put(name, of(each, place + "." + Printable.value(name), depth + 1, work), work);
                });
                yield dict;
            }
            default ->
                throw new TokenizerException(place + " must be null, a boolean, a number, text, a list or a map; got "
                        + value.getClass().getSimpleName());
        };
    }

    /// JSON as null, Boolean, BigInteger, Double, String, List and Map, in the file's order.
    static Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case BOOLEAN -> node.booleanValue();
            case STRING -> node.stringValue();
            case NUMBER -> node.isIntegralNumber() ? (Object) node.bigIntegerValue() : JsonNumbers.toDouble(node);
            case ARRAY -> {
                var list = new ArrayList<>();
                node.forEach(item -> list.add(of(item)));
                yield list;
            }
            case OBJECT -> {
                var map = new LinkedHashMap<String, Object>();
                node.properties().forEach(field -> map.put(field.getKey(), of(field.getValue())));
                yield map;
            }
            default -> null;
        };
    }
}
