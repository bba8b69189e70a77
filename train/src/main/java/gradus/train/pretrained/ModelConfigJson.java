package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/// The fields of a config.json, each checked as it is read. Nothing in it is ever taken for a class or a
/// path.
///
/// @param file what messages name
/// @param node the object
record ModelConfigJson(Path file, JsonNode node) {

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    /// A whole number from 1.
    int size(String field) {
        JsonNode value = node.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw new CorruptCheckpointException(
                    "%s: %s must be a whole number from 1; got %s".formatted(file, field, value));
        }
        return value.intValue();
    }

    int size(String field, int absent) {
        return has(field) ? size(field) : absent;
    }

    double number(String field, double absent) {
        JsonNode value = node.get(field);
        if (!has(field)) {
            return absent;
        }
        if (!value.isNumber()) {
            throw new CorruptCheckpointException("%s: %s must be a number; got %s".formatted(file, field, value));
        }
        return value.doubleValue();
    }

    boolean flag(String field, boolean absent) {
        JsonNode value = node.get(field);
        if (!has(field)) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw new CorruptCheckpointException("%s: %s must be true or false; got %s".formatted(file, field, value));
        }
        return value.booleanValue();
    }

    String text(String field, String absent) {
        JsonNode value = node.get(field);
        if (!has(field)) {
            return absent;
        }
        if (!value.isString()) {
            throw new CorruptCheckpointException("%s: %s must be a string; got %s".formatted(file, field, value));
        }
        return value.stringValue();
    }

    /// An object within this one, or null.
    ModelConfigJson object(String field) {
        JsonNode value = node.get(field);
        if (!has(field)) {
            return null;
        }
        if (!value.isObject()) {
            throw new CorruptCheckpointException("%s: %s must be an object; got %s".formatted(file, field, value));
        }
        return new ModelConfigJson(file, value);
    }

    /// The first architecture that is named, or "".
    String architecture() {
        JsonNode names = node.get("architectures");
        return names != null && names.isArray() && !names.isEmpty()
                ? names.get(0).asString("")
                : "";
    }

    /// Refuses a value that changes the mathematics in a way that is not built.
    void requireOnly(String field, boolean supported) {
        if (!supported) {
            throw mismatch("%s = %s is not supported".formatted(field, node.get(field)));
        }
    }

    CheckpointMismatchException mismatch(String message) {
        return new CheckpointMismatchException(file + ": " + message);
    }
}
