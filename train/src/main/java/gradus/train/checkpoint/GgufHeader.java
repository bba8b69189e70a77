package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
/// @param metadata  values by key: Long (BigInteger from 2⁶³), Double, Boolean, String, [GgufNumbers] or a
///                  list of strings
/// @param tensors   in the file's order
/// @param dataStart where the elements begin
record GgufHeader(Map<String, Object> metadata, SequencedMap<String, Entry> tensors, long dataStart) {
    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final int LONGEST_KEY = 65_535;
    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_TEXT = Integer.MAX_VALUE - 8;
    private static final int HIGHEST_RANK = 4;
    private static final long DEFAULT_ALIGNMENT = 32;

    // what a value or an item of an array can be beside the numbers
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
    /// @throws CorruptCheckpointException  naming the file, the byte and what is wrong there
    /// @throws CheckpointMismatchException if the version, the byte order or a tensor's type is not read
    static GgufHeader parse(Path file, MemorySegment memory) {
        return new Reader(new GgufCursor(file, memory)).read();
    }

    private record Reader(GgufCursor in) {

        GgufHeader read() {
            in.require(in.left() >= 24, "needs at least 24 bytes; has %s", in.left());
            in.require(in.u32() == MAGIC, "is no GGUF file: it does not begin with \"GGUF\"");
            requireVersion(in.u32());
            long tensorCount = in.count("tensors", 24); // a name's length, a rank, a type, an offset
            long keyCount = in.count("keys", 13); // a key's length, a type, a byte
            Map<String, Object> metadata = new LinkedHashMap<>();
            for (long i = 0; i < keyCount; i++) {
                String key = in.string("a key", LONGEST_KEY);
                in.require(!key.isEmpty(), "key %s is empty", i);
                in.require(metadata.put(key, value(key)) == null, "the key %s is there twice", key);
            }
            long alignment = alignment(metadata);
            List<Unplaced> unplaced = new ArrayList<>();
            for (long i = 0; i < tensorCount; i++) {
                unplaced.add(tensor());
            }
            long dataStart = roundUp(in.at(), alignment);
            return new GgufHeader(metadata, place(unplaced, dataStart, alignment), dataStart);
        }

        /// Version 2 differs from 3 in what it lacks, big-endian files; version 1 counted in 32 bits.
        private void requireVersion(int version) {
            if (version == 2 || version == 3) {
                return;
            }
            int turned = Integer.reverseBytes(version);
            if (turned >= 1 && turned <= 3) {
                throw in.unsupported("is in big-endian order, which is not supported; little-endian files are read");
            }
            if (version == 1) {
                throw in.unsupported("has version 1, which is not supported; versions 2 and 3 are read");
            }
            throw in.corrupt("has version %s; versions 2 and 3 are read", Integer.toUnsignedString(version));
        }

        // --- keys and values

        private long alignment(Map<String, Object> metadata) {
            Object value = metadata.getOrDefault("general.alignment", DEFAULT_ALIGNMENT);
            in.require(
                    value instanceof Long alignment
                            && alignment >= 8
                            && alignment <= 1 << 20
                            && Long.bitCount(alignment) == 1,
                    "general.alignment must be a power of two from 8; got %s",
                    value);
            return (Long) value;
        }

        private Object value(String key) {
            int type = in.u32(key);
            return switch (type) {
                case ARRAY -> array(key);
                case STRING -> in.string(key, LONGEST_TEXT);
                default -> scalar(key, kind(key, type));
            };
        }

        private GgufNumbers.Kind kind(String key, int type) {
            GgufNumbers.Kind kind = GgufNumbers.Kind.numbered(type);
            in.require(kind != null, "%s has the unknown value type %s", key, Integer.toUnsignedString(type));
            return kind;
        }

        private Object scalar(String key, GgufNumbers.Kind kind) {
            in.need(kind.bytes, key);
            ByteBuffer item = ByteBuffer.wrap(in.bytes(kind.bytes)).order(ByteOrder.LITTLE_ENDIAN);
            if (!kind.isWhole()) {
                return kind.number(item, 0);
            }
            long whole = kind.whole(item, 0);
            if (kind == GgufNumbers.Kind.BOOL) {
                in.require(whole <= 1, "%s must be 0 or 1; got %s", key, whole);
                return whole == 1;
            }
            boolean beyond = kind == GgufNumbers.Kind.U64 && whole < 0;
            return beyond ? new BigInteger(Long.toUnsignedString(whole)) : (Object) whole;
        }

        private Object array(String key) {
            int type = in.u32(key);
            in.require(type != ARRAY, "%s is an array of arrays, which nobody writes", key);
            GgufNumbers.Kind kind = type == STRING ? null : kind(key, type);
            int size = kind == null ? 8 : kind.bytes;
            in.need(8, key);
            long count = in.u64();
            in.require(
                    count >= 0 && count <= in.left() / size && count * size <= LONGEST_TEXT,
                    "%s claims %s items; %s bytes are left",
                    key,
                    Long.toUnsignedString(count),
                    in.left());
            if (kind != null) {
                return new GgufNumbers(kind, in.bytes(count * size));
            }
            List<String> strings = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                strings.add(in.string(key, LONGEST_TEXT));
            }
            return strings;
        }

        // --- tensors

        /// A tensor whose place in the file has not been checked.
        private record Unplaced(String name, GgufType type, long[] shape, long begin, long bytes) {}

        private Unplaced tensor() {
            String name = in.string("a tensor's name", LONGEST_NAME);
            in.require(
                    !name.isEmpty() && name.indexOf('\0') < 0 && !name.contains(".."),
                    "\"%s\" is no name for a tensor",
                    name);
            int rank = in.u32(name);
            in.require(
                    rank >= 1 && rank <= HIGHEST_RANK,
                    "tensor %s must have 1 to 4 dimensions; got %s",
                    name,
                    Integer.toUnsignedString(rank));
            in.need(8L * rank + 12, name);
            long[] shape = new long[rank];
            long elements = 1;
            for (int i = rank - 1; i >= 0; i--) { // innermost first in the file
                shape[i] = in.u64();
                in.require(shape[i] >= 1, "tensor %s has a dimension of %s", name, shape[i]);
                in.require(elements <= Long.MAX_VALUE / shape[i], "tensor %s has over 2^63 elements", name);
                elements *= shape[i];
            }
            GgufType type = type(name, in.u32());
            in.require(
                    shape[rank - 1] % type.blockSize == 0,
                    "tensor %s of %s must have rows of a multiple of %s elements; got %s",
                    name,
                    type,
                    type.blockSize,
                    shape[rank - 1]);
            in.require(elements / type.blockSize <= in.fileSize(), "tensor %s has more elements than the file", name);
            return new Unplaced(name, type, shape, in.u64(), type.bytes(elements));
        }

        private GgufType type(String name, int number) {
            GgufType type = GgufType.numbered(number);
            if (type != null) {
                return type;
            }
            String known = GgufType.unreadName(number);
            if (known != null) {
                throw in.unsupported(
                        "tensor %s has type %s, which is not supported; convert the file to one of Q8_0, Q6_K, Q5_K,"
                                + " Q4_K or F16",
                        name, known);
            }
            throw in.corrupt("tensor %s has type %s, which is none", name, Integer.toUnsignedString(number));
        }

        /// Tensors must follow one another, each at the next multiple of the alignment, to the end of the
        /// file.
        private SequencedMap<String, Entry> place(List<Unplaced> unplaced, long dataStart, long alignment) {
            SequencedMap<String, Entry> tensors = new LinkedHashMap<>();
            long end = 0;
            for (Unplaced tensor : unplaced) {
                in.require(
                        tensor.begin == end,
                        "tensor %s begins at byte %s of the data; the one before it ends at %s, padded to %s",
                        tensor.name,
                        Long.toUnsignedString(tensor.begin),
                        end,
                        alignment);
                in.require(
                        dataStart + end + tensor.bytes <= in.fileSize(),
                        "tensor %s needs %s bytes; the file holds %s",
                        tensor.name,
                        tensor.bytes,
                        Math.max(0, in.fileSize() - dataStart - end));
                Entry entry = new Entry(tensor.type, tensor.shape, tensor.begin, tensor.bytes);
                in.require(tensors.put(tensor.name, entry) == null, "the tensor %s is there twice", tensor.name);
                end = roundUp(end + tensor.bytes, alignment);
            }
            long rest = in.fileSize() - dataStart - end;
            in.require(rest <= 0, "%s bytes follow the last tensor", rest);
            return tensors;
        }

        private static long roundUp(long value, long alignment) {
            return (value + alignment - 1) / alignment * alignment;
        }
    }
}
