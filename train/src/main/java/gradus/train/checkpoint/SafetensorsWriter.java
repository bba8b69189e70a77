package gradus.train.checkpoint;

import gradus.error.ConfigException;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
    private final Function<Tensor, ElementType> type;

    private SafetensorsWriter(Map<String, Tensor> tensors, Function<Tensor, ElementType> type) {
        this.tensors = tensors;
        this.type = type;
    }

    /// Writes tensors as they are, F32 or F64, into one file, or leaves the file that was there as it was.
    ///
    /// @param metadata texts to store beside them
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public static void write(Path file, SequencedMap<String, Tensor> tensors, Map<String, String> metadata) {
        new SafetensorsWriter(tensors, tensor -> tensor.dtype() == DType.FLOAT32 ? ElementType.F32 : ElementType.F64)
                .write(file, metadata);
    }

    /// Writes tensors rounded to a type: F16 and BF16 take half of the room.
    ///
    /// @throws ConfigException if the type is none of F64, F32, F16 and BF16
    public static void write(Path file, SequencedMap<String, Tensor> tensors, ElementType type) {
        ConfigException.require(
                type != null && type.isReal(), "safetensors: type must be F64, F32, F16 or BF16; got %s", type);
        new SafetensorsWriter(tensors, tensor -> type).write(file, METADATA);
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
        });
    }

    private Map<String, Object> describe(Map<String, String> metadata) {
        Map<String, Object> described = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            described.put("__metadata__", metadata);
        }
        long begin = 0;
        for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
            Tensor tensor = named.getValue();
            long end = begin + (long) tensor.size() * type.apply(tensor).bits / 8;
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", type.apply(tensor).name());
            entry.put("shape", tensor.shape().dims());
            entry.put("data_offsets", new long[] {begin, end});
            described.put(named.getKey(), entry);
            begin = end;
        }
        return described;
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
