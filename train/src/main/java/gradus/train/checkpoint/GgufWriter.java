package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Collects what a GGUF file is to hold, and writes it; [Gguf] describes the format. Tensors are asked for
/// one at a time while the file is written. The same contents give the same bytes.
public final class GgufWriter {
    private static final int ALIGNMENT = 32;
    private static final int CHUNK = 1 << 20;

    private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
    private final Map<String, Pending> tensors = new LinkedHashMap<>();
    private long keyCount;

    /// A tensor to write.
    private record Pending(String name, int[] shape, GgufType type, Supplier<Tensor> elements) {
        long bytes() {
            long count = 1;
            for (int dim : shape) {
                count *= dim;
            }
            return type.bytes(count);
        }
    }

    // --- keys

    /// A number from 0, as u32.
    public GgufWriter put(String key, int value) {
        return key(key, 4, little(4).putInt(value));
    }

    /// A number, as f32.
    ///
    /// @throws ConfigException if it is none, or beyond float32
    public GgufWriter put(String key, double value) {
        ConfigException.require(Float.isFinite((float) value), "GGUF: %s must be a finite float32; got %s", key, value);
        return key(key, 6, little(4).putFloat((float) value));
    }

    public GgufWriter put(String key, boolean value) {
        return key(key, 7, little(1).put((byte) (value ? 1 : 0)));
    }

    public GgufWriter put(String key, String value) {
        return key(key, 8, string(value));
    }

    /// An array of strings.
    public GgufWriter put(String key, List<String> values) {
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        values.forEach(value -> items.writeBytes(string(value).array()));
        ByteBuffer array =
                little(12 + items.size()).putInt(8).putLong(values.size()).put(items.toByteArray());
        return key(key, 9, array);
    }

    /// An array of numbers, as i32.
    public GgufWriter put(String key, int[] values) {
        ByteBuffer array = little(12 + 4 * values.length).putInt(5).putLong(values.length);
        for (int value : values) {
            array.putInt(value);
        }
        return key(key, 9, array);
    }

    /// An array of numbers, as f32.
    ///
    /// @throws ConfigException if one is not finite
    public GgufWriter put(String key, float[] values) {
        ByteBuffer array = little(12 + 4 * values.length).putInt(6).putLong(values.length);
        for (float value : values) {
            ConfigException.require(Float.isFinite(value), "GGUF: %s must hold finite numbers; got %s", key, value);
            array.putFloat(value);
        }
        return key(key, 9, array);
    }

    /// An array of bytes, as u8.
    public GgufWriter put(String key, byte[] values) {
        return key(
                key,
                9,
                little(12 + values.length).putInt(0).putLong(values.length).put(values));
    }

    private GgufWriter key(String key, int type, ByteBuffer value) {
        keys.writeBytes(string(key).array());
        keys.writeBytes(little(4).putInt(type).array());
        keys.writeBytes(value.array());
        keyCount++;
        return this;
    }

    private static ByteBuffer string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return little(8 + utf8.length).putLong(utf8.length).put(utf8);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    // --- tensors

    /// A tensor, in a type or, where its rows are no multiple of the type's blocks, in F16.
    ///
    /// @param elements called once, while the file is written
    /// @throws ConfigException if the name is taken or longer than 63 bytes, or the type is not written
    public GgufWriter tensor(String name, int[] shape, GgufType type, Supplier<Tensor> elements) {
        ConfigException.require(
                !name.isEmpty() && name.getBytes(StandardCharsets.UTF_8).length <= 63,
                "GGUF: a tensor's name must have 1 to 63 bytes; got \"%s\"",
                name);
        ConfigException.require(
                GgufType.written().contains(type),
                "GGUF: %s is read and not written; %s are",
                type,
                GgufType.written());
        boolean fits = shape[shape.length - 1] % type.blockSize == 0;
        Pending pending = new Pending(name, shape.clone(), fits ? type : GgufType.F16, elements);
        ConfigException.require(tensors.put(name, pending) == null, "GGUF: the tensor %s is there twice", name);
        return this;
    }

    // --- writing

    /// Writes the file, or leaves the one that was there as it was.
    ///
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    /// @throws CheckpointMismatchException    if a number is not finite, or too large for its type
    public void write(Path file) {
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        start.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        start.writeBytes(
                little(20).putInt(3).putLong(tensors.size()).putLong(keyCount).array());
        start.writeBytes(keys.toByteArray());
        long offset = 0;
        for (Map.Entry<String, Pending> named : tensors.entrySet()) {
            Pending tensor = named.getValue();
            int rank = tensor.shape.length;
            ByteBuffer info = little(4 + 8 * rank + 12).putInt(rank);
            for (int i = rank - 1; i >= 0; i--) { // innermost first
                info.putLong(tensor.shape[i]);
            }
            start.writeBytes(string(named.getKey()).array());
            start.writeBytes(info.putInt(tensor.type.number).putLong(offset).array());
            offset += padded(tensor.bytes());
        }
        start.writeBytes(new byte[(int) (padded(start.size()) - start.size())]);
        AtomicFile.write(file, channel -> {
            AtomicFile.writeAll(channel, ByteBuffer.wrap(start.toByteArray()));
            for (Pending tensor : tensors.values()) {
                write(channel, tensor);
            }
        });
    }

    private static void write(FileChannel channel, Pending tensor) throws IOException {
        float[] values = tensor.elements.get().toFloatArray();
        for (float value : values) {
            if (!(Math.abs(value) <= tensor.type.largest())) {
                throw new CheckpointMismatchException("tensor %s holds %s, which %s cannot hold"
                        .formatted(tensor.name, value, tensor.type)); // BAD-INPUT 130
            }
        }
        ByteBuffer chunk = little(CHUNK);
        for (int i = 0; i < values.length; i += tensor.type.blockSize) {
            if (chunk.remaining() < tensor.type.blockBytes) {
                AtomicFile.writeAll(channel, chunk.flip());
                chunk.clear();
            }
            tensor.type.encode(values, i, chunk);
        }
        AtomicFile.writeAll(channel, chunk.flip());
        AtomicFile.writeAll(channel, ByteBuffer.allocate((int) (padded(tensor.bytes()) - tensor.bytes())));
    }

    private static long padded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
