package gradus.train.checkpoint;

import gradus.error.CorruptCheckpointException;
import gradus.error.FileReason;
import gradus.error.Printable;
import gradus.error.ResourceException;
import gradus.tokenizer.json.JsonFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The JSON files of a checkpoint, read without trust: bounded in size and depth, no key twice, and nothing
/// in them is ever taken for a class.
public final class CheckpointJson {
    private static final int MAX_BYTES = 64 << 20; // the index of the largest published models is about 10 MB
    private static final int MAX_DEPTH = 64;

    /// Names are not shared between files: one with many that collide would make all later ones fail.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_BYTES)
                            .build())
                    .build())
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private static final Pattern MISSING = Pattern.compile("(Missing|Null|Unrecognized)[^'\"]*['\"](\\w+)['\"]");

    private CheckpointJson() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// Reads a file whose root is an object.
    ///
    /// @throws gradus.error.DataException if there is no such file
    /// @throws CorruptCheckpointException if it is no such JSON
    public static ObjectNode read(Path file) {
        if (root(file) instanceof ObjectNode object) {
            return object;
        }
        throw new CorruptCheckpointException(file + ": must be a JSON object");
    }

    /// Reads a file whose root is a list.
    ///
    /// @throws gradus.error.DataException if there is no such file
    /// @throws CorruptCheckpointException if it is no such JSON
    public static ArrayNode readList(Path file) {
        if (root(file) instanceof ArrayNode list) {
            return list;
        }
        throw new CorruptCheckpointException(file + ": must be a JSON list");
    }

    /// An object in a few bytes of a file, which are its part of that name.
    ///
    /// @throws CorruptCheckpointException if they are no such JSON
    public static ObjectNode parse(Path file, String part, byte[] json) {
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException notJson) {
            throw new CorruptCheckpointException(
                    "%s: %s is not valid JSON: %s".formatted(file, Printable.value(part), JsonFault.reason(notJson)),
                    notJson);
        }
        throw new CorruptCheckpointException("%s: %s must be a JSON object".formatted(file, Printable.value(part)));
    }

    private static JsonNode root(Path file) {
        long size = MappedFile.size(file);
        if (size > MAX_BYTES) {
            throw new CorruptCheckpointException(
                    "%s: has %s bytes; at most %s are read".formatted(file, size, MAX_BYTES));
        }
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException notJson) {
            throw new CorruptCheckpointException(
                    "%s%s: is not valid JSON: %s".formatted(file, JsonFault.place(notJson), JsonFault.reason(notJson)),
                    notJson);
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be read: %s".formatted(file, FileReason.of(failure)), failure);
        }
    }

    /// Reads a file that holds a record, every field of it and none besides.
    ///
    /// @throws CorruptCheckpointException if it does not
    static <R extends Record> R read(Path file, Class<R> type) {
        return as(file, read(file), type);
    }

    /// The same of what has been read already.
    static <R extends Record> R as(Path file, ObjectNode root, Class<R> type) {
        try {
            return MAPPER.treeToValue(root, type);
        } catch (JacksonException other) {
            throw new CorruptCheckpointException("%s: %s".formatted(file, fieldFault(other)), other);
        }
    }

    private static String fieldFault(JacksonException fault) {
        Matcher missing = MISSING.matcher(String.valueOf(fault.getOriginalMessage()));
        if (missing.find()) {
            return "the field '%s' is %s"
                    .formatted(missing.group(2), missing.group(1).equals("Unrecognized") ? "not known" : "missing");
        }
        String path = fault.getPath().stream()
                .map(reference -> reference.getPropertyName() == null
                        ? "[" + reference.getIndex() + "]"
                        : reference.getPropertyName())
                .collect(Collectors.joining("."));
        return path.isEmpty() ? "its fields are not those of such a file" : "'%s' is no value for it".formatted(path);
    }

    /// Replaces a file by a JSON object or a record.
    public static void write(Path file, Object root) {
        byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        AtomicFile.write(file, channel -> AtomicFile.writeAll(channel, ByteBuffer.wrap(json)));
    }
}
