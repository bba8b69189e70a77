package gradus.train.checkpoint;

import gradus.error.CorruptCheckpointException;
import gradus.tokenizer.json.JsonFault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// The JSON at the head of a safetensors file, read without trust: every name, type, shape and range is
/// checked, and the ranges must fill the data exactly.
///
/// @param tensors  in the file's order
/// @param metadata the texts under `__metadata__`
record SafetensorsHeader(SequencedMap<String, Entry> tensors, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";

    /// Names are not shared between files: one with many that collide would make all later ones fail.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /// Where one tensor lies.
    ///
    /// @param begin bytes from the start of the data
    record Entry(ElementType type, long[] shape, long begin, long end) {}

    /// Reads a header.
    ///
    /// @param json      its bytes
    /// @param dataBytes how many bytes follow it
    /// @throws CorruptCheckpointException naming the file and what is wrong with it
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
        return new Reader(file).read(json, dataBytes);
    }

    private static final class Reader {
        private final Path file;
        private final SequencedMap<String, Entry> tensors = new LinkedHashMap<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();

        Reader(Path file) {
            this.file = file;
        }

        SafetensorsHeader read(byte[] json, long dataBytes) {
            String text = decode(json);
            try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
                require(parser.nextToken() == JsonToken.START_OBJECT, "the header must be a JSON object");
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    if (name.equals(METADATA)) {
                        readMetadata(parser);
                    } else {
                        requireName(name);
                        tensors.put(name, readEntry(parser, name));
                    }
                }
                require(parser.nextToken() == null, "the header must end after its JSON object");
            } catch (JacksonException notJson) {
                long at = notJson.getLocation() == null
                        ? 0
                        : Math.max(0, notJson.getLocation().getCharOffset());
                throw new CorruptCheckpointException(
                        "%s: the header is not valid JSON: %s (byte %s of the file)"
                                .formatted(file, JsonFault.reason(notJson), 8 + at),
                        notJson);
            }
            requireFilled(dataBytes);
            return new SafetensorsHeader(tensors, metadata);
        }

        private String decode(byte[] json) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(json))
                        .toString();
            } catch (CharacterCodingException notText) {
                throw new CorruptCheckpointException(file + ": the header (from byte 8) is not UTF-8", notText);
            }
        }

        private void readMetadata(JsonParser parser) {
            require(parser.currentToken() == JsonToken.START_OBJECT, "__metadata__ must be an object");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                require(
                        parser.nextToken() == JsonToken.VALUE_STRING,
                        "__metadata__ must hold strings only; \"%s\" is none",
                        key);
                metadata.put(key, parser.getString());
            }
        }

        private void requireName(String name) {
            require(
                    !name.isEmpty() && name.indexOf('\0') < 0 && !name.contains(".."),
                    "\"%s\" is no name for a tensor",
                    name.replace('\0', '?'));
        }

        private Entry readEntry(JsonParser parser, String name) {
            require(parser.currentToken() == JsonToken.START_OBJECT, "tensor %s must be an object", name);
            ElementType type = null;
            long[] shape = null;
            long[] range = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "dtype" -> type = readType(parser, name);
                    case "shape" -> shape = readNumbers(parser, name, field);
                    case "data_offsets" -> range = readNumbers(parser, name, field);
                    default -> throw corrupt("tensor %s has an unknown field \"%s\"", name, field);
                }
            }
            require(
                    type != null && shape != null && range != null,
                    "tensor %s must have dtype, shape and data_offsets",
                    name);
            require(range.length == 2, "tensor %s: data_offsets must be two numbers; got %d", name, range.length);
            require(
                    range[0] <= range[1],
                    "tensor %s: data_offsets begin at %d after their end at %d",
                    name,
                    range[0],
                    range[1]);
            requireBytes(name, type, shape, range[1] - range[0]);
            return new Entry(type, shape, range[0], range[1]);
        }

        private ElementType readType(JsonParser parser, String name) {
            require(parser.currentToken() == JsonToken.VALUE_STRING, "tensor %s: dtype must be a string", name);
            ElementType type = ElementType.named(parser.getString());
            require(type != null, "tensor %s: unknown dtype \"%s\"", name, parser.getString());
            return type;
        }

        private long[] readNumbers(JsonParser parser, String name, String field) {
            require(parser.currentToken() == JsonToken.START_ARRAY, "tensor %s: %s must be an array", name, field);
            List<Long> numbers = new ArrayList<>(4);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && (parser.getNumberType() == JsonParser.NumberType.INT
                                || parser.getNumberType() == JsonParser.NumberType.LONG);
                require(
                        whole && parser.getLongValue() >= 0,
                        "tensor %s: %s must hold whole numbers from 0 to 2^63 - 1; got %s",
                        name,
                        field,
                        parser.getString());
                numbers.add(parser.getLongValue());
            }
            return numbers.stream().mapToLong(Long::longValue).toArray();
        }

        private void requireBytes(String name, ElementType type, long[] shape, long bytes) {
            long bits;
            try {
                bits = type.bits;
                for (long dim : shape) {
                    bits = Math.multiplyExact(bits, dim);
                }
            } catch (ArithmeticException overflow) {
                throw corrupt("tensor %s: shape %s of %s has over 2^63 bits", name, Arrays.toString(shape), type);
            }
            require(bits % 8 == 0, "tensor %s: shape %s of %s ends inside a byte", name, Arrays.toString(shape), type);
            require(
                    bits / 8 == bytes,
                    "tensor %s: shape %s of %s takes %d bytes; its data_offsets span %d",
                    name,
                    Arrays.toString(shape),
                    type,
                    bits / 8,
                    bytes);
        }

        /// The ranges in order must leave no hole, not overlap, and end where the file ends.
        private void requireFilled(long dataBytes) {
            List<Map.Entry<String, Entry>> order = new ArrayList<>(tensors.entrySet());
            order.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(
                            entry -> entry.getValue().begin())
                    .thenComparingLong(entry -> entry.getValue().end()));
            long end = 0;
            for (Map.Entry<String, Entry> entry : order) {
                long begin = entry.getValue().begin();
                require(begin >= end, "tensor %s begins at %d inside the one before it", entry.getKey(), begin);
                require(begin <= end, "a hole of %d bytes before tensor %s", begin - end, entry.getKey());
                end = entry.getValue().end();
            }
            require(end <= dataBytes, "the tensors need %d bytes; the file holds %d", end, dataBytes);
            require(end >= dataBytes, "%d bytes follow the last tensor", dataBytes - end);
        }

        private void require(boolean holds, String message, Object... arguments) {
            if (!holds) {
                throw corrupt(message, arguments);
            }
        }

        private CorruptCheckpointException corrupt(String message, Object... arguments) {
            return new CorruptCheckpointException(file + ": " + String.format(Locale.ROOT, message, arguments));
        }
    }
}
