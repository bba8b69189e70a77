package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A value of a JSON file that knows where it stands, so that each fault names file and place:
/// `tokenizer.json: model.merges[17]: …`. Nothing here returns null unless its name says so.
record JsonFields(JsonNode node, String source, String path) {

    TokenizerException error(String message) {
        return new TokenizerException(source + ": " + (path.isEmpty() ? "" : path + " ") + message);
    }

    TokenizerException error(String field, String message) {
        return new TokenizerException(source + ": " + at(field) + " " + message);
    }

    private String at(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /// Throws unless each key of this object is one that the reader knows what to do with.
    JsonFields check(KnownKeys known) {
        known.fault(node.propertyNames(), key -> plain(node.get(key))).ifPresent(fault -> {
            throw error(fault);
        });
        return this;
    }

    private static Object plain(JsonNode value) {
        return value.isNull()
                ? null
                : value.isBoolean()
                        ? (Object) value.booleanValue()
                        : value.isString()
                                ? value.stringValue()
                                : value.isNumber() ? (Object) value.doubleValue() : value.toString();
    }

    /// Whether the field is there and is not null.
    boolean has(String field) {
        return node.isObject() && node.hasNonNull(field);
    }

    /// The field as an object.
    JsonFields object(String field) {
        JsonNode value = required(field);
        if (!value.isObject()) {
            throw error(field, "must be an object; got " + shown(value));
        }
        return new JsonFields(value, source, at(field));
    }

    /// The elements of an array.
    List<JsonFields> list(String field) {
        JsonNode value = required(field);
        if (!value.isArray()) {
            throw error(field, "must be an array; got " + shown(value));
        }
        return new JsonFields(value, source, at(field)).elements();
    }

    /// The elements, where this itself is an array.
    List<JsonFields> elements() {
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
    Map<String, JsonFields> fields() {
        if (!node.isObject()) {
            throw error("must be an object; got " + shown(node));
        }
        var fields = new LinkedHashMap<String, JsonFields>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            fields.put(field.getKey(), new JsonFields(field.getValue(), source, at("'" + field.getKey() + "'")));
        }
        return fields;
    }

    /// This value as a string.
    String text() {
        if (!node.isString()) {
            throw error("must be a string; got " + shown(node));
        }
        return node.stringValue();
    }

    /// This value as an id: a whole number in [0, 2³¹).
    int id() {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw error("must be an id, a whole number from 0 to 2147483647; got " + shown(node));
        }
        return node.intValue();
    }

    boolean bool() {
        if (!node.isBoolean()) {
            throw error("must be true or false; got " + shown(node));
        }
        return node.booleanValue();
    }

    String text(String field) {
        return child(field).text();
    }

    String textOr(String field, String absent) {
        return or(field, absent, JsonFields::text);
    }

    int id(String field) {
        return child(field).id();
    }

    int idOr(String field, int absent) {
        return or(field, absent, JsonFields::id);
    }

    boolean boolOr(String field, boolean absent) {
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

    private static String shown(JsonNode value) {
        String json = value.isContainer() ? value.getNodeType().toString().toLowerCase() : value.toString();
        return json.length() <= 60 ? json : json.substring(0, 60) + "…";
    }
}
