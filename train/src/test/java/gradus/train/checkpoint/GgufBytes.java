package gradus.train.checkpoint;

import gradus.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The bytes of a GGUF file, put together by hand, and a small sound file.
final class GgufBytes {
    private GgufBytes() {}

    static GgufWriter small() {
        return new GgufWriter()
                .put("n", 7)
                .put("x", 0.25)
                .put("yes", true)
                .put("name", "small")
                .put("words", List.of("a", "ö"))
                .put("types", new int[] {1, 3})
                .tensor("a", new int[] {2, 3}, GgufType.F32, () -> Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3))
                .tensor("b", new int[] {2, 32}, GgufType.Q8_0, () -> Tensor.ones(2, 32));
    }

    static ByteBuffer start(long tensors, long keys) {
        return ByteBuffer.allocate(100_000)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(3)
                .putLong(tensors)
                .putLong(keys);
    }

    static ByteBuffer text(ByteBuffer bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return bytes.putLong(utf8.length).put(utf8);
    }

    static ByteBuffer key(String name, int type) {
        return text(start(0, 1), name).putInt(type);
    }

    /// The information of one tensor.
    static ByteBuffer tensor(String name, int type, long offset, long... innermostFirst) {
        ByteBuffer bytes = text(start(1, 0), name).putInt(innermostFirst.length);
        Arrays.stream(innermostFirst).forEach(bytes::putLong);
        return bytes.putInt(type).putLong(offset);
    }

    static ByteBuffer padded(ByteBuffer bytes, int data) {
        return bytes.position((bytes.position() + 31) / 32 * 32 + data);
    }
}
