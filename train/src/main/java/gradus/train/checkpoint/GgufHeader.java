package gradus.train.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import gradus.error.CorruptCheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What stands before the elements of a GGUF file, read without trust: each length is held against the bytes
/// that are left before anything is made of it, so that a file never takes more than a small multiple of its
/// own size.
///
/// @param metadata  values by key: Long, Double, Boolean, String, `long[]`, `double[]`, or a list of strings
/// @param tensors   in the file's order
/// @param dataStart where the elements begin
record GgufHeader(Map<String, Object> metadata, SequencedMap<String, Entry> tensors, long dataStart) {
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final int VERSION = 3;
    private static final int LONGEST_KEY = 65_535;
    private static final int LONGEST_NAME = 63;
    private static final int HIGHEST_RANK = 4;
    private static final long DEFAULT_ALIGNMENT = 32;

    // what a value or an item of an array can be
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    /// Where one tensor lies.
    ///
    /// @param shape outermost first
    /// @param begin bytes from the start of the data
    record Entry(GgufType type, long[] shape, long begin, long bytes) {}

    /// Reads a header.
    ///
    /// @param memory the whole file
    /// @throws CorruptCheckpointException naming the file, the byte and what is wrong there
    static GgufHeader parse(Path file, MemorySegment memory) {
        return new Reader(file, memory).read();
    }

    private static final class Reader {
        private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
        private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
        private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

        private final Path file;
        private final MemorySegment memory;
        private long at;

        Reader(Path file, MemorySegment memory) {
            this.file = file;
            this.memory = memory;
        }

        GgufHeader read() {
            require(left() >= 24, "needs at least 24 bytes; has %d", left());
            require(u32() == MAGIC, "is no GGUF file: it does not begin with \"GGUF\"");
            int version = u32();
            require(
                    version == VERSION,
                    "has version %s; version 3 in little-endian order is read",
                    Integer.toUnsignedString(version));
            long tensorCount = count("tensors", 24); // a name's length, a rank, a type, an offset
            long keyCount = count("keys", 13); // a key's length, a type, a byte
            Map<String, Object> metadata = new LinkedHashMap<>();
            for (long i = 0; i < keyCount; i++) {
                String key = string("a key", LONGEST_KEY);
                require(!key.isEmpty(), "key %d is empty", i);
                require(metadata.put(key, value(key)) == null, "the key %s is there twice", key);
            }
            long alignment = alignment(metadata);
            List<Unplaced> unplaced = new ArrayList<>();
            for (long i = 0; i < tensorCount; i++) {
                unplaced.add(tensor());
            }
            long dataStart = roundUp(at, alignment);
            return new GgufHeader(metadata, place(unplaced, dataStart, alignment), dataStart);
        }

        // --- keys and values

        private long alignment(Map<String, Object> metadata) {
            Object value = metadata.getOrDefault("general.alignment", DEFAULT_ALIGNMENT);
            require(
                    value instanceof Long alignment
                            && alignment >= 8
                            && alignment <= 1 << 20
                            && Long.bitCount(alignment) == 1,
                    "general.alignment must be a power of two from 8; got %s",
                    value);
            return (Long) value;
        }

        private Object value(String key) {
            int type = u32(key);
            return type == ARRAY ? array(key) : scalar(key, type);
        }

        private Object scalar(String key, int type) {
            if (type == STRING) {
                return string(key, Integer.MAX_VALUE - 8);
            }
            need(size(key, type), key);
            return switch (type) {
                case 6 -> (double) Float.intBitsToFloat(u32());
                case 12 -> Double.longBitsToDouble(u64());
                case BOOL -> {
                    long truth = whole(type);
                    require(truth <= 1, "%s must be 0 or 1; got %d", key, truth);
                    yield truth == 1;
                }
                default -> whole(type);
            };
        }

        private Object array(String key) {
            int type = u32(key);
            require(type != ARRAY, "%s is an array of arrays, which nobody writes", key);
            int size = type == STRING ? 8 : size(key, type);
            need(8, key);
            long count = u64();
            require(
                    count >= 0 && count <= left() / size && count < Integer.MAX_VALUE - 8,
                    "%s claims %s items; %d bytes are left",
                    key,
                    Long.toUnsignedString(count),
                    left());
            if (type == STRING) {
                List<String> strings = new ArrayList<>();
                for (long i = 0; i < count; i++) {
                    strings.add(string(key, Integer.MAX_VALUE - 8));
                }
                return strings;
            }
            if (type == 6 || type == 12) {
                double[] numbers = new double[(int) count];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = type == 6 ? Float.intBitsToFloat(u32()) : Double.longBitsToDouble(u64());
                }
                return numbers;
            }
            long[] numbers = new long[(int) count];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = whole(type);
            }
            return numbers;
        }

        private int size(String key, int type) {
            return switch (type) {
                case 0, 1, BOOL -> 1;
                case 2, 3 -> 2;
                case 4, 5, 6 -> 4;
                case 10, 11, 12 -> 8;
                default -> throw corrupt("%s has the unknown value type %s", key, Integer.toUnsignedString(type));
            };
        }

        private long whole(int type) {
            return switch (type) {
                case 0, BOOL -> u8() & 0xFF;
                case 1 -> u8();
                case 2 -> u16() & 0xFFFF;
                case 3 -> u16();
                case 4 -> Integer.toUnsignedLong(u32());
                case 5 -> u32();
                default -> u64();
            };
        }

        // --- tensors

        /// A tensor whose place in the file has not been checked.
        private record Unplaced(String name, GgufType type, long[] shape, long begin, long bytes) {}

        private Unplaced tensor() {
            String name = string("a tensor's name", LONGEST_NAME);
            require(
                    !name.isEmpty() && name.indexOf('\0') < 0 && !name.contains(".."),
                    "\"%s\" is no name for a tensor",
                    name.replace('\0', '?'));
            int rank = u32(name);
            require(
                    rank >= 1 && rank <= HIGHEST_RANK,
                    "tensor %s must have 1 to 4 dimensions; got %s",
                    name,
                    Integer.toUnsignedString(rank));
            need(8L * rank + 12, name);
            long[] shape = new long[rank];
            long elements = 1;
            for (int i = rank - 1; i >= 0; i--) { // innermost first in the file
                shape[i] = u64();
                require(shape[i] >= 1, "tensor %s has a dimension of %d", name, shape[i]);
                require(elements <= Long.MAX_VALUE / shape[i], "tensor %s has over 2^63 elements", name);
                elements *= shape[i];
            }
            int number = u32();
            GgufType type = GgufType.numbered(number);
            require(
                    type != null,
                    "tensor %s has type %s; F32 (0), F16 (1), Q4_0 (2) and Q8_0 (8) are read",
                    name,
                    Integer.toUnsignedString(number));
            require(
                    shape[rank - 1] % type.blockSize == 0,
                    "tensor %s of %s must have rows of a multiple of %d elements; got %d",
                    name,
                    type,
                    type.blockSize,
                    shape[rank - 1]);
            require(elements / type.blockSize <= memory.byteSize(), "tensor %s has more elements than the file", name);
            return new Unplaced(name, type, shape, u64(), type.bytes(elements));
        }

        /// Tensors must follow one another, each at the next multiple of the alignment, to the end of the
        /// file.
        private SequencedMap<String, Entry> place(List<Unplaced> unplaced, long dataStart, long alignment) {
            SequencedMap<String, Entry> tensors = new LinkedHashMap<>();
            long end = 0;
            for (Unplaced tensor : unplaced) {
                require(
                        tensor.begin == end,
                        "tensor %s begins at byte %s of the data; the one before it ends at %d, padded to %d",
                        tensor.name,
                        Long.toUnsignedString(tensor.begin),
                        end,
                        alignment);
                require(
                        dataStart + end + tensor.bytes <= memory.byteSize(),
                        "tensor %s needs %d bytes; the file holds %d",
                        tensor.name,
                        tensor.bytes,
                        Math.max(0, memory.byteSize() - dataStart - end));
                Entry entry = new Entry(tensor.type, tensor.shape, tensor.begin, tensor.bytes);
                require(tensors.put(tensor.name, entry) == null, "the tensor %s is there twice", tensor.name);
                end = roundUp(end + tensor.bytes, alignment);
            }
            long rest = memory.byteSize() - dataStart - end;
            require(rest <= 0, "%d bytes follow the last tensor", rest);
            return tensors;
        }

        private static long roundUp(long value, long alignment) {
            return (value + alignment - 1) / alignment * alignment;
        }

        // --- bytes

        private long count(String what, int least) {
            long count = u64();
            require(
                    count >= 0 && count <= left() / least,
                    "claims %s %s; %d bytes are left",
                    Long.toUnsignedString(count),
                    what,
                    left());
            return count;
        }

        private String string(String what, int longest) {
            need(8, what);
            long length = u64();
            require(
                    length >= 0 && length <= Math.min(longest, left()),
                    "%s claims %s bytes; at most %d can be there",
                    what,
                    Long.toUnsignedString(length),
                    Math.min(longest, left()));
            byte[] text = memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
            at += length;
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(text))
                        .toString();
            } catch (CharacterCodingException notText) {
                throw corrupt("%s is not UTF-8", what);
            }
        }

        private int u32(String what) {
            need(4, what);
            return u32();
        }

        private byte u8() {
            at += 1;
            return memory.get(ValueLayout.JAVA_BYTE, at - 1);
        }

        private short u16() {
            at += 2;
            return memory.get(U16, at - 2);
        }

        private int u32() {
            at += 4;
            return memory.get(U32, at - 4);
        }

        private long u64() {
            at += 8;
            return memory.get(U64, at - 8);
        }

        private long left() {
            return memory.byteSize() - at;
        }

        private void need(long bytes, String what) {
            require(left() >= bytes, "ends inside %s", what);
        }

        private void require(boolean holds, String message, Object... arguments) {
            if (!holds) {
                throw corrupt(message, arguments);
            }
        }

        private CorruptCheckpointException corrupt(String message, Object... arguments) {
            return new CorruptCheckpointException("%s: %s (byte %d)".formatted(file, message.formatted(arguments), at));
        }
    }
}
