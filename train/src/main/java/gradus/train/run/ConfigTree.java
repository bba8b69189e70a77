package gradus.train.run;

import static java.util.Map.entry;

import gradus.error.CorruptCheckpointException;
import gradus.tokenizer.json.JsonNumbers;
import gradus.train.corpus.Corpus.FileFacts;
import gradus.train.run.ConfigFields.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks the JSON of a configuration against the records that it fills, before anything is made of it: every
/// field known, none missing, none null, each of its type. Says what is wrong by the field's full name, as
/// `train.lr`.
///
/// @param where what errors call the file
/// @param whole whether fields must not be missing
record ConfigTree(Object where, boolean whole) {
    /// Fields that earlier versions did not write, and what they meant by that.
    private static final Map<String, Object> SINCE = Map.ofEntries(
            entry("task", "lm"),
            entry("train.ema", "WARMED"),
            entry("train.patience", 0),
            entry("train.checkpointing", false),
            entry("model.head", "TIED"),
            entry("model.start", "SMALL"),
            entry("model.cache", "FULL"),
            entry("model.feedForward.hidden", 0),
            entry("model.feedForward.zLoss", 0.0));

    /// Fields that may be missing or null.
    private static final Set<String> OPTIONAL =
            Set.of("made", "made.device", "contrastive", "data.files", "data.documentSeparator", "data.tokenizer");

    /// Lists of records, and of what.
    private static final Map<String, Class<? extends Record>> ELEMENTS = Map.of("data.files", FileFacts.class);

    private static final String NAME = "name"; // of a model's part

    /// Checks an object, and puts in what an earlier version left out.
    ///
    /// @param path the object's own name; empty at the root
    /// @throws CorruptCheckpointException naming the first field that is wrong
    void check(ObjectNode node, Class<? extends Record> type, String path) {
        List<Field> fields = ConfigFields.of(type);
        List<String> known = new ArrayList<>(fields.stream().map(Field::name).toList());
        for (String given : node.propertyNames()) {
            if (!known.contains(given) && !(given.equals(NAME) && isPart(path))) {
                throw fault("there is no %s%s", full(path, given), meant(given, known));
            }
        }
        for (Field field : fields) {
            check(node, field, full(path, field.name()));
        }
    }

    private void check(ObjectNode node, Field field, String name) {
        JsonNode value = node.get(field.name());
        if (value == null && whole && SINCE.containsKey(name)) {
            node.set(field.name(), RunConfig.json().valueToTree(SINCE.get(name)));
            return;
        }
        if (value == null || value.isNull()) {
            boolean mayBe = OPTIONAL.contains(name) || value == null && !whole;
            if (!mayBe) {
                throw fault("%s is %s", name, value == null ? "missing" : "null");
            }
            return;
        }
        Class<?> type = field.type();
        if (Components.SLOTS.containsKey(field.name()) && isPart(name)) {
            checkPart(value, field.name(), name);
        } else if (type.isRecord()) {
            if (!(value instanceof ObjectNode object)) {
                throw fault("%s must be an object; got %s", name, value);
            }
            check(object, type.asSubclass(Record.class), name);
        } else if (!isOf(value, type)) {
            throw fault("%s must be %s; got %s", name, words(type), value);
        } else if (ELEMENTS.containsKey(name)) {
            checkEach(value, ELEMENTS.get(name), name);
        }
    }

    private void checkEach(JsonNode list, Class<? extends Record> type, String name) {
        for (int i = 0; i < list.size(); i++) {
            String element = name + "[" + i + "]";
            if (!(list.get(i) instanceof ObjectNode object)) {
                throw fault("%s must be an object; got %s", element, list.get(i));
            }
            check(object, type, element);
        }
    }

    private void checkPart(JsonNode value, String slot, String name) {
        if (!(value instanceof ObjectNode part) || !part.path(NAME).isString()) {
            throw fault("%s must be an object with the name of a part; got %s", name, value);
        }
        String chosen = part.path(NAME).stringValue();
        Component component = Components.of(slot).stream()
                .filter(each -> each.name().equals(chosen))
                .findFirst()
                .orElseThrow(() -> fault("%s: there is no %s", name, chosen));
        check(part, component.defaults().getClass(), name);
    }

    private static boolean isPart(String path) {
        return path.startsWith("model.");
    }

    private static boolean isOf(JsonNode value, Class<?> type) {
        return switch (type.getName()) {
            case "int", "java.lang.Integer" -> value.isIntegralNumber() && value.canConvertToInt();
            case "long" -> value.isIntegralNumber() && value.canConvertToLong();
            case "double" -> value.isNumber() && Double.isFinite(JsonNumbers.toDouble(value));
            case "boolean" -> value.isBoolean();
            case "java.lang.String" -> value.isString();
            case "java.util.List" -> value.isArray();
            default -> value.isString(); // an enum
        };
    }

    private static String words(Class<?> type) {
        return switch (type.getName()) {
            case "int", "long", "java.lang.Integer" -> "a whole number";
            case "double" -> "a number";
            case "boolean" -> "true or false";
            case "java.util.List" -> "a list";
            case "java.lang.String" -> "a text";
            default -> type.isEnum() ? "one of " + List.of(type.getEnumConstants()) : "a " + type.getSimpleName();
        };
    }

    private static String meant(String given, List<String> known) {
        return Nearest.to(given, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    private static String full(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private CorruptCheckpointException fault(String message, Object... values) {
        return new CorruptCheckpointException(where + ": " + String.format(Locale.ROOT, message, values));
    }
}
