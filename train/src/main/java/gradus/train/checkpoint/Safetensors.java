package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.checkpoint.SafetensorsHeader.Entry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;

/// A file of named tensors in the format of the safetensors project, which Hugging Face's libraries read and
/// write:
/// ```
/// 8 bytes     N, the length of the header, little-endian
/// N bytes     {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {…}}
/// the rest    the elements, row-major, little-endian; offsets count from here
/// ```
/// Opening a file reads and checks its header only; elements are mapped when they are asked for; nothing in
/// it is ever executed. [SafetensorsWriter] writes such files.
public final class Safetensors implements RawSource {
    private static final int LARGEST_HEADER = 100_000_000;
    private static final int HIGHEST_RANK = 32; // ND4J's

    private final Path file;
    private final SafetensorsHeader header;
    private final long dataStart;

    private Safetensors(Path file, SafetensorsHeader header, long dataStart) {
        this.file = file;
        this.header = header;
        this.dataStart = dataStart;
    }

    /// Opens a file.
    ///
    /// @throws gradus.error.DataException              if there is no such file
    /// @throws CorruptCheckpointException if it is not a sound safetensors file
    public static Safetensors open(Path file) {
        long size = MappedFile.size(file);
        ByteBuffer start = ByteBuffer.wrap(MappedFile.read(file, 0, (int) Math.min(8, size)))
                .order(ByteOrder.LITTLE_ENDIAN);
        refuseOtherFormats(file, start);
        if (size < 8) {
            throw corrupt(file, "needs at least 8 bytes; has %d", size);
        }
        long length = start.getLong(0);
        if (length < 0 || length > LARGEST_HEADER) {
            throw corrupt(
                    file,
                    "byte 0 claims a header of %s bytes; at most %,d are read",
                    Long.toUnsignedString(length),
                    LARGEST_HEADER);
        }
        if (length > size - 8) {
            throw corrupt(file, "byte 0 claims a header of %d bytes; only %d follow", length, size - 8);
        }
        byte[] json = MappedFile.read(file, 8, (int) length);
        SafetensorsHeader header = SafetensorsHeader.parse(file, json, size - 8 - length);
        return new Safetensors(file, header, 8 + length);
    }

    private static void refuseOtherFormats(Path file, ByteBuffer start) {
        if (start.limit() >= 4 && start.getInt(0) == 0x04034B50) {
            throw corrupt(file, "is a zip archive, perhaps of PyTorch; only safetensors files are read");
        }
        boolean pickle = start.limit() >= 2 && (start.get(0) & 0xFF) == 0x80 && start.get(1) >= 2 && start.get(1) <= 5;
        if (pickle && (start.limit() < 8 || start.getLong(0) < 0 || start.getLong(0) > LARGEST_HEADER)) {
            throw corrupt(file, "is a Python pickle, which can run code; only safetensors files are read");
        }
    }

    @Override
    public String origin() {
        return file.toString();
    }

    @Override
    public SequencedSet<String> names() {
        return header.tensors().sequencedKeySet();
    }

    /// The texts stored beside the tensors.
    public Map<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    @Override
    public ElementType type(String name) {
        return entry(name).type();
    }

    @Override
    public DType dtype(String name) {
        ElementType type = type(name);
        require(type.isReal(), "tensor %s holds %s; F64, F32, F16 and BF16 can be read as a tensor", name, type);
        return type == ElementType.F64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    /// The elements of a tensor of real numbers; half-precision ones widened to float32.
    @Override
    public Tensor read(String name) {
        DType dtype = dtype(name);
        int[] dims = dims(name);
        return dtype == DType.FLOAT64
                ? Tensor.of(look(name, ElementType.F64::doubles), dims)
                : Tensor.of(look(name, type(name)::floats), dims);
    }

    /// The elements of a tensor of whole numbers (I64, I32, I16, I8, U8) or truths (BOOL, as 0 and 1).
    ///
    /// @throws CheckpointMismatchException if it holds others, is empty or too large, or a number does not
    ///     fit an int
    public Indices readIndices(String name) {
        ElementType type = type(name);
        require(
                type.isWhole(),
                "tensor %s holds %s; I64, I32, I16, I8, U8 and BOOL can be read as indices",
                name,
                type);
        Shape shape = Shape.of(dims(name));
        int[] read = look(name, memory -> {
            int[] values = new int[shape.size()];
            for (int i = 0; i < values.length; i++) {
                long value = type.whole(memory, i);
                require((int) value == value, "tensor %s: element %d, %d, does not fit an int", name, i, value);
                values[i] = (int) value;
            }
            return values;
        });
        return Indices.of(shape, read);
    }

    @Override
    public byte[] bytes(String name) {
        Entry entry = entry(name);
        long count = entry.end() - entry.begin();
        require(count <= Integer.MAX_VALUE - 8, "tensor %s of %d bytes is too large to read", name, count);
        return look(name, memory -> memory.toArray(ValueLayout.JAVA_BYTE));
    }

    private <T> T look(String name, Function<MemorySegment, T> reader) {
        Entry entry = entry(name);
        return MappedFile.look(file, dataStart + entry.begin(), entry.end() - entry.begin(), reader);
    }

    private Entry entry(String name) {
        Entry entry = header.tensors().get(name);
        require(entry != null, "has no tensor %s", name);
        return entry;
    }

    private int[] dims(String name) {
        Entry entry = entry(name);
        long count = (entry.end() - entry.begin()) / (entry.type().bits / 8);
        require(
                count >= 1 && count <= Integer.MAX_VALUE - 8 && entry.shape().length <= HIGHEST_RANK,
                "tensor %s of shape %s is empty or too large to read",
                name,
                entry.shape().length <= HIGHEST_RANK
                        ? Arrays.toString(entry.shape())
                        : "of rank " + entry.shape().length);
        return Arrays.stream(entry.shape()).mapToInt(Math::toIntExact).toArray();
    }

    private void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new CheckpointMismatchException(file + ": " + String.format(Locale.ROOT, message, arguments));
        }
    }

    private static CorruptCheckpointException corrupt(Path file, String message, Object... arguments) {
        return new CorruptCheckpointException(file + ": " + String.format(Locale.ROOT, message, arguments));
    }
}
