package gradus.train.generate.constrain;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.Printable;
import gradus.train.generate.constrain.Decimals.Bound;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The JSON texts that a schema allows, as a [Regex], as far as these are a regular language. Every text in it
/// is valid; of the valid ones it has those of one form: an object's properties stand in the order of the
/// schema, with none beyond them; a space may stand behind `,` and `:` and nowhere else; a string escapes only
/// what it must; numbers have no exponent.
///
/// Supported are `type`, `enum`, `const`, `anyOf`, `oneOf` of different types, `$ref` within the schema, and
///
/// | type | keywords |
/// |---|---|
/// | object | properties, required, additionalProperties (true or false) |
/// | array | items, minItems, maxItems |
/// | string | minLength, maxLength, pattern |
/// | integer, number | minimum, maximum, exclusiveMinimum, exclusiveMaximum |
///
/// A keyword that tells a reader something, such as `description`, is passed over; any other is refused by
/// name. So is a schema that contains itself: it has texts of any depth, and to count brackets is beyond an
/// automaton.
public final class JsonSchema {
    private static final Set<String> ABOUT = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "$schema",
            "$id",
            "$comment",
            "$anchor",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$defs",
            "definitions");
    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "object", Set.of("properties", "required", "additionalProperties"),
            "array", Set.of("items", "minItems", "maxItems"),
            "string", Set.of("minLength", "maxLength", "pattern"),
            "integer", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
            "number", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
            "boolean", Set.of(),
            "null", Set.of());
    private static final int MOST_DIGITS = 100;

    private static final Regex SPACE = Regex.optional(CodePoints.literal(" "));
    private static final Regex COMMA = Regex.concat(CodePoints.literal(","), SPACE);
    private static final Regex COLON = Regex.concat(CodePoints.literal(":"), SPACE);

    private final JsonNode root;
    private final Map<String, Regex> referred = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();

    private JsonSchema(JsonNode root) {
        this.root = root;
    }

    /// Reads a schema from a file.
    ///
    /// @throws ConfigException as [#parse], or if the file cannot be read
    public static Regex read(Path file) {
        return parse(SchemaText.read(file), file.toString());
    }

    /// Reads a schema.
    ///
    /// @param source names it in messages
    /// @throws ConfigException if it is no JSON, has a keyword that is not supported, or contains itself
    public static Regex parse(String json, String source) {
        try {
            JsonNode root = SchemaText.parse(json);
            return new JsonSchema(root).of(root, "#");
        } catch (ConfigException wrong) {
            throw new ConfigException(source + ": " + wrong.getMessage(), wrong);
        }
    }

    private Regex of(JsonNode schema, String where) {
        if (schema.isBoolean()) {
            require(!schema.booleanValue(), "%s: true allows any JSON, which is no regular language; say which", where);
            return Regex.NOTHING;
        }
        require(schema.isObject(), "%s: a schema is an object; got %s", where, Printable.value(schema));
        for (String deciding : List.of("$ref", "const", "enum", "anyOf", "oneOf")) {
            if (schema.has(deciding)) {
                boolean choice = deciding.equals("const") || deciding.equals("enum");
                requireKnown(schema, where, choice ? Set.of(deciding, "type") : Set.of(deciding), deciding);
                return switch (deciding) {
                    case "$ref" -> referred(schema.get("$ref"), where);
                    case "const" -> literals(schema, List.of(schema.get("const")), where);
                    case "enum" -> literals(schema, elements(schema.get("enum"), where + "/enum"), where);
                    default -> choices(schema.get(deciding), deciding, where + "/" + deciding);
                };
            }
        }
        Set<String> types = types(schema, where);
        Set<String> allowed = new TreeSet<>(Set.of("type"));
        types.forEach(type -> allowed.addAll(KEYWORDS.get(type)));
        requireKnown(schema, where, allowed, "type " + String.join(" or ", types));
        return Regex.or(types.stream().map(type -> typed(type, schema, where)).toList());
    }

    private Regex typed(String type, JsonNode schema, String where) {
        return switch (type) {
            case "object" -> object(schema, where);
            case "array" -> array(schema, where);
            case "string" -> string(schema, where);
            case "boolean" -> Regex.or(CodePoints.literal("true"), CodePoints.literal("false"));
            case "null" -> CodePoints.literal("null");
            default -> number(type.equals("integer"), schema, where);
        };
    }

    /// The keywords of a type that the schema has not are without effect; others are refused.
    private static void requireKnown(JsonNode schema, String where, Set<String> allowed, String beside) {
        for (String name : schema.propertyNames()) {
            require(
                    allowed.contains(name) || ABOUT.contains(name),
                    "%s: the keyword %s is not supported beside %s",
                    where,
                    Printable.value(name),
                    beside);
        }
    }

    private static Set<String> types(JsonNode schema, String where) {
        JsonNode type = schema.get("type");
        require(
                type != null,
                "%s: a schema needs a type, enum, const, anyOf, oneOf or $ref: without, it allows any JSON, which is no"
                        + " regular language",
                where);
        Set<String> types = new TreeSet<>();
        for (JsonNode each : type.isArray() ? elements(type, where + "/type") : List.of(type)) {
            require(
                    each.isString() && KEYWORDS.containsKey(each.stringValue()),
                    "%s: a type is one of %s; got %s",
                    where,
                    String.join(", ", new TreeSet<>(KEYWORDS.keySet())),
                    Printable.value(each));
            types.add(each.stringValue());
        }
        return types;
    }

    // --- one of several

    private Regex choices(JsonNode list, String keyword, String where) {
        List<Regex> either = new ArrayList<>();
        for (JsonNode each : elements(list, where)) {
            either.add(of(each, where + "/" + either.size()));
        }
        if (keyword.equals("oneOf")) {
            requireDifferentTypes(either, where);
        }
        return Regex.or(either);
    }

    /// Texts of different types begin differently, so no value is of two of them.
    private static void requireDifferentTypes(List<Regex> either, String where) {
        BitSet begun = new BitSet();
        Emptiness emptiness = new Emptiness();
        for (int i = 0; i < either.size(); i++) {
            BitSet own = new BitSet();
            for (int b = 0; b < 128; b++) {
                if (!emptiness.of(either.get(i).derivative(b))) {
                    own.set(b >= '0' && b <= '9' ? '-' : b); // all numbers begin alike
                }
            }
            require(
                    !begun.intersects(own),
                    "%s: a value may be of two of these schemas, as number %d begins like one before it; use anyOf",
                    where,
                    i);
            begun.or(own);
        }
    }

    private static Regex literals(JsonNode schema, List<JsonNode> values, String where) {
        Set<String> types = schema.has("type") ? types(schema, where) : KEYWORDS.keySet();
        return Regex.or(values.stream()
                .filter(value -> types.stream().anyMatch(type -> isOf(type, value)))
                .map(value -> literal(value, where))
                .toList());
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "integer" ->
                value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
            default -> value.isNumber();
        };
    }

    private static Regex literal(JsonNode value, String where) {
        List<Regex> parts = new ArrayList<>();
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> each : value.properties()) {
                parts.add(parts.isEmpty() ? Regex.EMPTY : COMMA);
                parts.add(property(each.getKey(), literal(each.getValue(), where)));
            }
            return within("{", Regex.concat(parts), "}");
        }
        if (value.isArray()) {
            for (JsonNode each : value.values()) {
                parts.add(parts.isEmpty() ? Regex.EMPTY : COMMA);
                parts.add(literal(each, where));
            }
            return within("[", Regex.concat(parts), "]");
        }
        if (value.isString()) {
            return JsonStrings.literal(value.stringValue());
        }
        if (value.isNumber()) {
            requireModest(value, where);
            return CodePoints.literal(value.decimalValue().toPlainString());
        }
        return CodePoints.literal(value.isNull() ? "null" : String.valueOf(value.booleanValue()));
    }

    // --- references

    private Regex referred(JsonNode reference, String where) {
        require(
                reference.isString() && reference.stringValue().startsWith("#"),
                "%s: a $ref points into the schema, as #/$defs/name does; got %s",
                where,
                Printable.value(reference));
        String pointer = reference.stringValue();
        Regex known = referred.get(pointer);
        if (known != null) {
            return known;
        }
        require(
                !open.contains(pointer),
                "%s: %s contains itself, so its texts are of any depth, which is no regular language",
                where,
                Printable.value(pointer));
        JsonNode there = SchemaText.at(root, pointer);
        require(!there.isMissingNode(), "%s: nothing is at %s", where, Printable.value(pointer));
        open.push(pointer);
        Regex regex = of(there, pointer);
        open.pop();
        referred.put(pointer, regex);
        return regex;
    }

    // --- types

    /// Properties in their order: from the last to the first, what may follow where one stands already, and
    /// where none does.
    private Regex object(JsonNode schema, String where) {
        JsonNode properties = schema.path("properties");
        require(properties.isMissingNode() || properties.isObject(), "%s/properties: must be an object", where);
        JsonNode additional = schema.path("additionalProperties");
        require(
                additional.isMissingNode() || additional.isBoolean(),
                "%s: the keyword additionalProperties is supported with true and false only",
                where);
        Set<String> required = new TreeSet<>();
        if (schema.has("required")) {
            for (JsonNode each : elements(schema.get("required"), where + "/required")) {
                require(
                        each.isString() && properties.has(each.stringValue()),
                        "%s/required: %s is none of the properties",
                        where,
                        Printable.value(each));
                required.add(each.stringValue());
            }
        }
        Regex behind = Regex.EMPTY;
        List<Regex> firsts = new ArrayList<>(List.of(Regex.EMPTY)); // what begins with the first that is shown
        for (String name : List.copyOf(properties.propertyNames()).reversed()) {
            Regex own = property(name, of(properties.get(name), where + "/properties/" + name));
            if (required.contains(name)) {
                firsts.clear();
            }
            firsts.add(Regex.concat(own, behind));
            Regex shown = Regex.concat(COMMA, own);
            behind = Regex.concat(required.contains(name) ? shown : Regex.optional(shown), behind);
        }
        return within("{", Regex.or(firsts), "}");
    }

    private static Regex property(String name, Regex value) {
        return Regex.concat(List.of(JsonStrings.literal(name), COLON, value));
    }

    private Regex array(JsonNode schema, String where) {
        int min = count(schema, "minItems", 0, where);
        int max = count(schema, "maxItems", Regex.UNBOUNDED, where);
        if (max == 0) {
            return min > 0 ? Regex.NOTHING : CodePoints.literal("[]");
        }
        require(
                schema.has("items"),
                "%s: an array needs items: without, it allows any JSON, which is no regular language",
                where);
        if (max != Regex.UNBOUNDED && min > max) {
            return Regex.NOTHING;
        }
        Regex item = of(schema.get("items"), where + "/items");
        int further = max == Regex.UNBOUNDED ? max : max - 1;
        Regex some = Regex.concat(item, Regex.repeat(Regex.concat(COMMA, item), Math.max(0, min - 1), further));
        return within("[", min == 0 ? Regex.optional(some) : some, "]");
    }

    private static Regex string(JsonNode schema, String where) {
        JsonNode pattern = schema.path("pattern");
        require(pattern.isMissingNode() || pattern.isString(), "%s/pattern: must be a string", where);
        return JsonStrings.of(
                count(schema, "minLength", 0, where),
                count(schema, "maxLength", Regex.UNBOUNDED, where),
                pattern.isMissingNode() ? null : pattern.stringValue());
    }

    private static Regex number(boolean whole, JsonNode schema, String where) {
        List<Bound> lows = new ArrayList<>();
        List<Bound> highs = new ArrayList<>();
        for (String name : KEYWORDS.get("number")) {
            JsonNode bound = schema.path(name);
            if (!bound.isMissingNode()) {
                require(bound.isNumber(), "%s/%s: must be a number; got %s", where, name, Printable.value(bound));
                requireModest(bound, where + "/" + name);
                List<Bound> side = name.endsWith("inimum") ? lows : highs;
                side.add(new Bound(bound.decimalValue(), name.startsWith("exclusive")));
            }
        }
        return Decimals.between(whole, lows, highs);
    }

    private static void requireModest(JsonNode number, String where) {
        BigDecimal value = number.decimalValue();
        require(
                Math.abs((long) value.precision() - value.scale()) <= MOST_DIGITS && value.scale() <= MOST_DIGITS,
                "%s: a number has at most %d digits before and behind its point",
                where,
                MOST_DIGITS);
    }

    private static int count(JsonNode schema, String name, int usual, String where) {
        JsonNode count = schema.path(name);
        if (count.isMissingNode()) {
            return usual;
        }
        require(
                count.isIntegralNumber() && count.canConvertToInt() && count.intValue() >= 0,
                "%s/%s: must be an integer of at least 0; got %s",
                where,
                name,
                Printable.value(count));
        return count.intValue();
    }

    private static Regex within(String before, Regex inner, String behind) {
        return Regex.concat(List.of(CodePoints.literal(before), inner, CodePoints.literal(behind)));
    }

    private static List<JsonNode> elements(JsonNode list, String where) {
        require(list.isArray() && !list.isEmpty(), "%s: must be a list with something in it", where);
        return List.copyOf(list.values());
    }
}
