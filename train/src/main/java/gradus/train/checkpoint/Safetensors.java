package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.ResourceException;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.SafetensorsHeader.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import tools.jackson.databind.json.JsonMapper;

/// A file of named tensors in the format of the safetensors project, which Hugging Face's libraries read and write:
/// ```
/// 8 bytes     N, the length of the header, little-endian
/// N bytes     {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {…}}
/// the rest    the elements, row-major, little-endian; offsets count from here
/// ```
/// Opening a file reads and checks its header only; nothing in it is ever executed.
public final class Safetensors {
    private static final int LARGEST_HEADER = 100_000_000;
    private static final int CHUNK = 1 << 20;

    private final Path file;
    private final SafetensorsHeader header;
    private final long dataStart;

    private Safetensors(Path file, SafetensorsHeader header, long dataStart) {
        this.file = file;
        this.header = header;
        this.dataStart = dataStart;
    }

    // --- reading

    /// Opens a file.
    ///
    /// @throws DataException              if there is no such file
    /// @throws CorruptCheckpointException if it is not a sound safetensors file
    public static Safetensors open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + (Files.exists(file) ? ": is not a file" : ": no such file"));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer start = read(channel, 0, (int) Math.min(8, size));
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
            byte[] json = read(channel, 8, (int) length).array();
            return new Safetensors(file, SafetensorsHeader.parse(file, json, size - 8 - length), 8 + length);
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
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

    /// The names of the tensors, in the file's order.
    public SequencedSet<String> names() {
        return header.tensors().sequencedKeySet();
    }

    /// The texts stored beside the tensors.
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /// The shape of a tensor.
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /// The type that [#read] gives a tensor.
    ///
    /// @throws CheckpointMismatchException if it holds no floating-point numbers
    public DType dtype(String name) {
        ElementType type = entry(name).type();
        if (!type.readable()) {
            throw new CheckpointMismatchException(
                    "%s: tensor %s holds %s; F64, F32, F16 and BF16 can be read".formatted(file, name, type));
        }
        return type == ElementType.F64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    /// The elements of a tensor; half-precision ones widened.
    ///
    /// @throws CheckpointMismatchException if it holds no floating-point numbers or is too large for a tensor
    public Tensor read(String name) {
        Entry entry = entry(name);
        DType dtype = dtype(name);
        int[] dims = dims(name, entry.shape());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int count = (int) ((entry.end() - entry.begin()) / (entry.type().bits / 8));
            if (dtype == DType.FLOAT64) {
                double[] values = new double[count];
                forEachChunk(
                        channel,
                        entry,
                        (first, bytes) -> bytes.asDoubleBuffer().get(values, first, bytes.remaining() / Double.BYTES));
                return Tensor.of(values, dims);
            }
            float[] values = new float[count];
            forEachChunk(channel, entry, (first, bytes) -> widen(entry.type(), bytes, values, first));
            return Tensor.of(values, dims);
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    private Entry entry(String name) {
        Entry entry = header.tensors().get(name);
        if (entry == null) {
            throw new CheckpointMismatchException("%s: has no tensor %s".formatted(file, name));
        }
        return entry;
    }

    private int[] dims(String name, long[] shape) {
        long count = 1;
        for (long dim : shape) {
            count *= dim;
        }
        if (count < 1 || count > Integer.MAX_VALUE - 8) {
            throw new CheckpointMismatchException("%s: tensor %s of shape %s is empty or too large to read"
                    .formatted(file, name, Arrays.toString(shape)));
        }
        return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
    }

    /// Takes a run of elements that starts at an index.
    private interface ChunkReader {
        void take(int first, ByteBuffer bytes);
    }

    private void forEachChunk(FileChannel channel, Entry entry, ChunkReader reader) throws IOException {
        int bytesPerElement = entry.type().bits / 8;
        for (long at = entry.begin(); at < entry.end(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, entry.end() - at);
            reader.take((int) ((at - entry.begin()) / bytesPerElement), read(channel, dataStart + at, length));
        }
    }

    private static void widen(ElementType type, ByteBuffer bytes, float[] values, int first) {
        switch (type) {
            case F32 -> bytes.asFloatBuffer().get(values, first, bytes.remaining() / Float.BYTES);
            case F16 -> {
                for (int i = first; bytes.hasRemaining(); i++) {
                    values[i] = Float.float16ToFloat(bytes.getShort());
                }
            }
            case BF16 -> {
                for (int i = first; bytes.hasRemaining(); i++) {
                    values[i] = Float.intBitsToFloat(bytes.getShort() << 16); // the upper half of a float32
                }
            }
            default -> throw new AssertionError(type);
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException("the file ended at byte " + (position + bytes.position()));
            }
        }
        return bytes.flip();
    }

    // --- writing

    /// Writes tensors as F32 or F64 into one file, or leaves the file that was there as it was.
    ///
    /// @param metadata texts to store beside them
    /// @throws ResourceException if the disk is full or refuses
    public static void write(Path file, SequencedMap<String, Tensor> tensors, Map<String, String> metadata) {
        byte[] json = JsonMapper.shared().writeValueAsBytes(describe(tensors, metadata));
        int padded = (json.length + 7) / 8 * 8; // so that the elements stand aligned
        ByteBuffer start = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(padded).put(json);
        while (start.hasRemaining()) {
            start.put((byte) ' ');
        }
        AtomicFile.write(file, channel -> {
            writeAll(channel, start.flip());
            for (Tensor tensor : tensors.values()) {
                writeElements(channel, tensor);
            }
        });
    }

    private static Map<String, Object> describe(SequencedMap<String, Tensor> tensors, Map<String, String> metadata) {
        Map<String, Object> described = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            described.put("__metadata__", metadata);
        }
        long begin = 0;
        for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
            Tensor tensor = named.getValue();
            long end = begin + (long) tensor.size() * tensor.dtype().bytes();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", tensor.dtype() == DType.FLOAT32 ? "F32" : "F64");
            entry.put("shape", tensor.shape().dims());
            entry.put("data_offsets", new long[] {begin, end});
            described.put(named.getKey(), entry);
            begin = end;
        }
        return described;
    }

    private static void writeElements(FileChannel channel, Tensor tensor) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        if (tensor.dtype() == DType.FLOAT32) {
            for (float value : tensor.toFloatArray()) {
                makeRoom(channel, chunk).putFloat(value);
            }
        } else {
            for (double value : tensor.toArray()) {
                makeRoom(channel, chunk).putDouble(value);
            }
        }
        writeAll(channel, chunk.flip());
    }

    private static ByteBuffer makeRoom(FileChannel channel, ByteBuffer chunk) throws IOException {
        if (!chunk.hasRemaining()) {
            writeAll(channel, chunk.flip());
            chunk.clear();
        }
        return chunk;
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static CorruptCheckpointException corrupt(Path file, String message, Object... arguments) {
        return new CorruptCheckpointException(file + ": " + message.formatted(arguments));
    }

    private static ResourceException unreadable(Path file, IOException failure) {
        return new ResourceException("%s: cannot be read: %s".formatted(file, failure.getMessage()), failure);
    }
}
