package gradus.tokenizer.json;

import gradus.error.TokenizerException;
import gradus.tokenizer.text.Utf8;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// A value of a JSON file that knows where it stands, so that each fault names file and place:
/// `tokenizer.json: model.merges[17]: …`. Nothing here returns null unless its name says so.
public record JsonFields(JsonNode node, String source, String path) {

    public TokenizerException error(String message) {
        return new TokenizerException(source + ": " + (path.isEmpty() ? "" : path + " ") + message);
    }

    public TokenizerException error(String field, String message) {
        return new TokenizerException(source + ": " + at(field) + " " + message);
    }

    private String at(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /// Throws unless each key of this object is one that the reader knows what to do with.
    public JsonFields check(KnownKeys known) {
        return check(known, key -> false);
    }

    /// The same, without the keys of which another rule says that they are obeyed.
    public JsonFields check(KnownKeys known, Predicate<String> obeyed) {
        if (!node.isObject()) {
            throw error("must be an object; got " + shown(node));
        }
        List<String> keys =
                node.propertyNames().stream().filter(obeyed.negate()).toList();
        known.fault(keys, key -> plain(node.get(key))).ifPresent(fault -> {
            throw error(fault);
        });
        return this;
    }

    /// A value in Java's terms, as [KnownKeys] compares it.
    private static Object plain(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> null;
            case BOOLEAN -> value.booleanValue();
            case STRING -> value.stringValue();
            case NUMBER -> value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : real(value);
            case ARRAY -> {
                var list = new ArrayList<>();
                value.forEach(element -> list.add(plain(element)));
                yield list;
            }
            default -> value.toString();
        };
    }

    private static Object real(JsonNode value) {
        return value.isFloatingPointNumber() ? (Object) JsonNumbers.toDouble(value) : value.toString();
    }

    /// Whether the field is there and is not null.
    public boolean has(String field) {
        return node.isObject() && node.hasNonNull(field);
    }

    /// The field as an object.
    public JsonFields object(String field) {
        JsonNode value = required(field);
        if (!value.isObject()) {
            throw error(field, "must be an object; got " + shown(value));
        }
        return new JsonFields(value, source, at(field));
    }

    /// The elements of an array.
    public List<JsonFields> list(String field) {
        JsonNode value = required(field);
        if (!value.isArray()) {
            throw error(field, "must be an array; got " + shown(value));
        }
        return new JsonFields(value, source, at(field)).elements();
    }

    /// The elements, where this itself is an array.
    public List<JsonFields> elements() {
        if (!node.isArray()) {
            throw error("must be an array; got " + shown(node));
        }
        var elements = new ArrayList<JsonFields>(node.size());
        int i = 0;
        for (JsonNode element : node) {
            elements.add(new JsonFields(element, source, path + "[" + i++ + "]"));
        }
        return elements;
    }

    /// The fields of an object, in the file's order.
    public Map<String, JsonFields> fields() {
        if (!node.isObject()) {
            throw error("must be an object; got " + shown(node));
        }
        var fields = new LinkedHashMap<String, JsonFields>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            checkPairs(field.getKey());
            fields.put(field.getKey(), new JsonFields(field.getValue(), source, at("'" + field.getKey() + "'")));
        }
        return fields;
    }

    /// This value as a string.
    public String text() {
        if (!node.isString()) {
            throw error("must be a string; got " + shown(node));
        }
        checkPairs(node.stringValue());
        return node.stringValue();
    }

    /// JSON can write half of a surrogate pair, which stands for no character and which no UTF-8 can hold.
    private void checkPairs(String text) {
        if (!Utf8.wellFormed(text).equals(text)) {
            throw error("holds half of a surrogate pair: " + shown(text));
        }
    }

    /// This value as an id: a whole number in [0, 2³¹).
    public int id() {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw error("must be an id, a whole number from 0 to 2147483647; got " + shown(node));
        }
        return node.intValue();
    }

    /// An id that stands as a key, in decimal digits.
    public int parseId(String key) {
        try {
            int id = Integer.parseInt(key);
            if (id >= 0 && Integer.toString(id).equals(key)) {
                return id;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw error("must stand under an id, a whole number from 0 to 2147483647; got '" + shown(key) + "'");
    }

    boolean bool() {
        if (!node.isBoolean()) {
            throw error("must be true or false; got " + shown(node));
        }
        return node.booleanValue();
    }

    public String text(String field) {
        return child(field).text();
    }

    public String textOr(String field, String absent) {
        return or(field, absent, JsonFields::text);
    }

    public int id(String field) {
        return child(field).id();
    }

    public int idOr(String field, int absent) {
        return or(field, absent, JsonFields::id);
    }

    public boolean boolOr(String field, boolean absent) {
        return or(field, absent, JsonFields::bool);
    }

    private <T> T or(String field, T absent, Function<JsonFields, T> read) {
        return has(field) ? read.apply(child(field)) : absent;
    }

    private JsonFields child(String field) {
        return new JsonFields(required(field), source, at(field));
    }

    private JsonNode required(String field) {
        JsonNode value = node.isObject() ? node.get(field) : null;
        if (value == null) {
            throw error(field, "is missing");
        }
        return value;
    }

    static String shown(JsonNode value) {
        return shown(value.isContainer() ? value.getNodeType().toString().toLowerCase(Locale.ROOT) : value.toString());
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
