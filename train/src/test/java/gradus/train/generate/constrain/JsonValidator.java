package gradus.train.generate.constrain;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether a value meets a schema, by the words of the specification: the value is walked, and no language is
/// thought of.
final class JsonValidator {
    private final JsonNode root;

    JsonValidator(JsonNode root) {
        this.root = root;
    }

    boolean valid(JsonNode value) {
        return valid(root, value);
    }

    private boolean valid(JsonNode schema, JsonNode value) {
        if (schema.isBoolean()) {
            return schema.booleanValue();
        }
        for (String keyword : schema.propertyNames()) {
            if (!holds(keyword, schema.get(keyword), value, schema)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(String keyword, JsonNode rule, JsonNode value, JsonNode schema) {
        return switch (keyword) {
            case "$defs", "title", "description" -> true;
            case "$ref" -> valid(root.at(rule.stringValue().substring(1)), value);
            case "type" ->
                rule.isArray()
                        ? rule.valueStream().anyMatch(type -> is(type.stringValue(), value))
                        : is(rule.stringValue(), value);
            case "const" -> same(rule, value);
            case "enum" -> rule.valueStream().anyMatch(each -> same(each, value));
            case "anyOf" -> rule.valueStream().anyMatch(each -> valid(each, value));
            case "oneOf" ->
                rule.valueStream().filter(each -> valid(each, value)).count() == 1;
            case "required" -> !value.isObject() || rule.valueStream().allMatch(each -> value.has(each.stringValue()));
            case "properties" ->
                !value.isObject()
                        || rule.propertyStream()
                                .allMatch(each ->
                                        !value.has(each.getKey()) || valid(each.getValue(), value.get(each.getKey())));
            case "additionalProperties" ->
                rule.booleanValue()
                        || !(value instanceof ObjectNode object)
                        || object.propertyNames().stream()
                                .allMatch(name -> schema.path("properties").has(name));
            case "items" -> !value.isArray() || value.valueStream().allMatch(each -> valid(rule, each));
            case "minItems" -> !value.isArray() || value.size() >= rule.intValue();
            case "maxItems" -> !value.isArray() || value.size() <= rule.intValue();
            case "minLength" -> !value.isString() || length(value) >= rule.intValue();
            case "maxLength" -> !value.isString() || length(value) <= rule.intValue();
            case "pattern" ->
                !value.isString()
                        || Pattern.compile(rule.stringValue())
                                .matcher(value.stringValue())
                                .find();
            case "minimum" -> !value.isNumber() || compared(value, rule) >= 0;
            case "maximum" -> !value.isNumber() || compared(value, rule) <= 0;
            case "exclusiveMinimum" -> !value.isNumber() || compared(value, rule) > 0;
            case "exclusiveMaximum" -> !value.isNumber() || compared(value, rule) < 0;
            default -> throw new AssertionError(keyword);
        };
    }

    private static int length(JsonNode text) {
        return text.stringValue().codePointCount(0, text.stringValue().length());
    }

    private static int compared(JsonNode value, JsonNode bound) {
        return value.decimalValue().compareTo(bound.decimalValue());
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? compared(a, b) == 0 : a.equals(b);
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "number" -> value.isNumber();
            case "integer" ->
                value.isNumber()
                        && value.decimalValue().remainder(BigDecimal.ONE).signum() == 0;
            default -> throw new AssertionError(type);
        };
    }
}
