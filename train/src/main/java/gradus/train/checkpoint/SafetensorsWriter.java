package gradus.train.checkpoint;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/// Writes tensors in the format that [Safetensors] describes. The same tensors give the same bytes.
public final class SafetensorsWriter {
    /// What Hugging Face's libraries ask of a file that they are to open.
    public static final Map<String, String> METADATA = Map.of("format", "pt");

    private static final int CHUNK = 1 << 20;

    private final Map<String, Tensor> tensors;
    private final Map<String, RawTensor> raw;
    private final Function<Tensor, ElementType> type;

    private SafetensorsWriter(
            Map<String, Tensor> tensors, Map<String, RawTensor> raw, Function<Tensor, ElementType> type) {
        this.tensors = tensors;
        this.raw = raw;
        this.type = type;
    }

    /// Writes tensors as they are, F32 or F64, into one file, or leaves the file that was there as it was.
    ///
    /// @param metadata texts to store beside them
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public static void write(Path file, SequencedMap<String, Tensor> tensors, Map<String, String> metadata) {
        write(file, tensors, new LinkedHashMap<>(), metadata);
    }

    /// The same with tensors that are given as bytes after the others, those of larger elements first, so
    /// that every one begins at a multiple of its element's size.
    ///
    /// @throws ConfigException if a name is in both
    public static void write(
            Path file,
            SequencedMap<String, Tensor> tensors,
            SequencedMap<String, RawTensor> raw,
            Map<String, String> metadata) {
        Map<String, RawTensor> ordered = new LinkedHashMap<>();
        raw.entrySet().stream()
                .sorted(Comparator.comparing(named -> -named.getValue().type().bits))
                .forEach(named -> ordered.put(named.getKey(), named.getValue()));
        for (String name : ordered.keySet()) {
            ConfigException.require(!tensors.containsKey(name), "safetensors: the tensor %s is there twice", name);
        }
        new SafetensorsWriter(tensors, ordered, SafetensorsWriter::own).write(file, metadata);
    }

    private static ElementType own(Tensor tensor) {
        return tensor.dtype() == DType.FLOAT32 ? ElementType.F32 : ElementType.F64;
    }

    /// Writes tensors rounded to a type: F16 and BF16 take half of the room.
    ///
    /// @throws ConfigException if the type is none of F64, F32, F16 and BF16
    public static void write(Path file, SequencedMap<String, Tensor> tensors, ElementType type) {
        ConfigException.require(
                type != null && type.isReal(), "safetensors: type must be F64, F32, F16 or BF16; got %s", type);
        new SafetensorsWriter(tensors, Map.of(), tensor -> type).write(file, METADATA);
    }

    private void write(Path file, Map<String, String> metadata) {
        byte[] json = JsonMapper.shared().writeValueAsBytes(describe(metadata));
        int padded = (json.length + 7) / 8 * 8; // so that the elements stand aligned
        ByteBuffer start = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(padded).put(json);
        while (start.hasRemaining()) {
            start.put((byte) ' ');
        }
        AtomicFile.write(file, channel -> {
            AtomicFile.writeAll(channel, start.flip());
            for (Tensor tensor : tensors.values()) {
                writeElements(channel, tensor);
            }
            for (RawTensor tensor : raw.values()) {
                AtomicFile.writeAll(channel, tensor.bytes().duplicate());
            }
        });
    }

    private Map<String, Object> describe(Map<String, String> metadata) {
        Map<String, Object> described = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            described.put("__metadata__", metadata);
        }
        long[] end = {0};
        tensors.forEach((name, tensor) -> {
            int[] dims = tensor.shape().dims();
            described.put(
                    name, entry(type.apply(tensor), dims, end, (long) tensor.size() * type.apply(tensor).bits / 8));
        });
        raw.forEach((name, tensor) -> described.put(
                name, entry(tensor.type(), tensor.shape(), end, tensor.bytes().remaining())));
        return described;
    }

    /// @param end where the tensor before ends; moved to where this one does
    private static Map<String, Object> entry(ElementType type, Object shape, long[] end, long bytes) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("dtype", type.name());
        entry.put("shape", shape);
        entry.put("data_offsets", new long[] {end[0], end[0] + bytes});
        end[0] += bytes;
        return entry;
    }

    private void writeElements(FileChannel channel, Tensor tensor) throws IOException {
        ElementType as = type.apply(tensor);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        if (as == ElementType.F64) {
            for (double value : tensor.toArray()) {
                makeRoom(channel, chunk).putDouble(value);
            }
        } else {
            for (float value : tensor.toFloatArray()) {
                makeRoom(channel, chunk);
                switch (as) {
                    case F32 -> chunk.putFloat(value);
                    case F16 -> chunk.putShort(Float.floatToFloat16(value));
                    default -> chunk.putShort(ElementType.bfloat16(value));
                }
            }
        }
        AtomicFile.writeAll(channel, chunk.flip());
    }

    private static ByteBuffer makeRoom(FileChannel channel, ByteBuffer chunk) throws IOException {
        if (!chunk.hasRemaining()) {
            AtomicFile.writeAll(channel, chunk.flip());
            chunk.clear();
        }
        return chunk;
    }
}
