package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.Printable;
import gradus.tokenizer.json.JsonNumbers;
import gradus.tokenizer.json.KnownKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The fields of a config.json, each checked as it is read. Nothing in it is ever taken for a class or a path.
///
/// A field that is missing has the default of transformers' class for the model type. A field that is null is
/// refused, as transformers refuses it, unless that class gives null a meaning.
///
/// @param file what messages name
/// @param at   what they call this object: "" for the whole file, else "rope_scaling." and the like
/// @param node the object
record ModelConfigJson(Path file, String at, JsonNode node) {

    ModelConfigJson(Path file, JsonNode node) {
        this(file, "", node);
    }

    /// Whether the field is there, be it null.
    boolean says(String field) {
        return node.has(field);
    }

    /// Whether the field is there and not null.
    boolean has(String field) {
        return node.hasNonNull(field);
    }

    /// A whole number from 1.
    int size(String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw nonsense(field, "must be a whole number from 1");
        }
        return value.intValue();
    }

    int size(String field, int missing) {
        return says(field) ? size(field) : missing;
    }

    /// @param ifNull what null stands for
    int size(String field, int missing, int ifNull) {
        return says(field) && !has(field) ? ifNull : size(field, missing);
    }

    /// A whole number from 0.
    int count(String field, int missing) {
        JsonNode value = node.get(field);
        if (!says(field)) {
            return missing;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw nonsense(field, "must be a whole number from 0");
        }
        return value.intValue();
    }

    /// A finite number.
    double number(String field) {
        JsonNode value = node.get(field);
        double number = value == null || !value.isNumber() ? Double.NaN : JsonNumbers.toDouble(value);
        if (!Double.isFinite(number)) {
            throw nonsense(field, "must be a number");
        }
        return number;
    }

    double number(String field, double missing) {
        return says(field) ? number(field) : missing;
    }

    /// A list of finite numbers.
    List<Double> numbers(String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isArray()) {
            throw nonsense(field, "must be a list of numbers");
        }
        List<Double> numbers = new ArrayList<>();
        for (JsonNode element : value) {
            double number = element.isNumber() ? JsonNumbers.toDouble(element) : Double.NaN;
            if (!Double.isFinite(number)) {
                throw nonsense(field, "must be a list of numbers");
            }
            numbers.add(number);
        }
        return numbers;
    }

    /// Ids of tokens: one number or a list of them. Null and a missing field are none.
    List<Integer> ids(String field) {
        JsonNode value = node.get(field);
        List<Integer> ids = new ArrayList<>();
        if (has(field)) {
            for (JsonNode id : value.isArray() ? value : List.of(value)) {
                if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                    throw nonsense(field, "must be the id of a token, or a list of them");
                }
                if (id.intValue() >= 0) { // -1 is how some files say that there is none
                    ids.add(id.intValue());
                }
            }
        }
        return ids;
    }

    boolean flag(String field, boolean missing) {
        JsonNode value = node.get(field);
        if (!says(field)) {
            return missing;
        }
        if (!value.isBoolean()) {
            throw nonsense(field, "must be true or false");
        }
        return value.booleanValue();
    }

    String text(String field, String missing) {
        JsonNode value = node.get(field);
        if (!says(field)) {
            return missing;
        }
        if (!value.isString()) {
            throw nonsense(field, "must be a string");
        }
        return value.stringValue();
    }

    List<String> texts(String field) {
        JsonNode value = node.get(field);
        List<String> texts = new ArrayList<>();
        if (has(field)) {
            if (!value.isArray()) {
                throw nonsense(field, "must be a list of strings");
            }
            for (JsonNode text : value) {
                if (!text.isString()) {
                    throw nonsense(field, "must be a list of strings");
                }
                texts.add(text.stringValue());
            }
        }
        return texts;
    }

    /// An object within this one; null if there is none, or an empty one.
    ModelConfigJson object(String field) {
        JsonNode value = node.get(field);
        if (!has(field)) {
            return null;
        }
        if (!value.isObject()) {
            throw nonsense(field, "must be an object");
        }
        return value.isEmpty() ? null : new ModelConfigJson(file, at + field + ".", value);
    }

    /// The first architecture that is named, or "".
    String architecture() {
        List<String> names = texts("architectures");
        return names.isEmpty() ? "" : names.getFirst();
    }

    /// Refuses a key that would be passed over, see [KnownKeys].
    void require(KnownKeys keys) {
        keys.fault(node.propertyNames(), key -> java(node.get(key))).ifPresent(fault -> {
            throw mismatch((at.isEmpty() ? "" : at.substring(0, at.length() - 1) + ": ") + fault);
        });
    }

    /// A value in Java's terms; what has none, as an object, becomes its own text.
    private static Object java(JsonNode value) {
        return switch (value) {
            case JsonNode none when none.isNull() -> null;
            case JsonNode flag when flag.isBoolean() -> flag.booleanValue();
            case JsonNode text when text.isString() -> text.stringValue();
            case JsonNode number when number.isNumber() -> JsonNumbers.toDouble(number);
            case JsonNode list
            when list.isArray() -> {
                List<Object> elements = new ArrayList<>();
                list.forEach(element -> elements.add(java(element)));
                yield elements;
            }
            default -> value.toString();
        };
    }

    /// Refuses a value that changes the mathematics in a way that is not built.
    void requireOnly(String field, boolean supported) {
        if (!supported) {
            throw mismatch("%s%s = %s is not supported".formatted(at, field, shown(field)));
        }
    }

    private String shown(String field) {
        return says(field) ? Printable.value(node.get(field).toString()) : "nothing";
    }

    private CorruptCheckpointException nonsense(String field, String rule) {
        return new CorruptCheckpointException("%s: %s%s %s; got %s".formatted(file, at, field, rule, shown(field)));
    }

    CheckpointMismatchException mismatch(String message) {
        return new CheckpointMismatchException(file + ": " + message);
    }
}
