package gradus.train.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// The element types of a GGUF file that are read and written here. The last two store blocks of 32 elements
/// with one scale d, a float16, for each:
///
/// - Q8_0: `q = round(x/d)`, `d = max|x|/127`, `x ≈ d·q`: 34 bytes, 8.5 bits an element;
/// - Q4_0: `q = ⌊x/d + 8.5⌋` in 0 … 15, `d = -m/8` with m the element of largest magnitude, `x ≈ d·(q - 8)`:
/// 18 bytes, 4.5 bits an element; element i of the first half stands in the low nibble of byte i, i + 16 in
/// the high.
///
/// Source: ggerganov/llama.cpp, `gguf-py/gguf/quants.py`, to the bit.
public enum GgufType {
    F32(0, 0, 1, 4),
    F16(1, 1, 1, 2),
    Q4_0(2, 2, 32, 18),
    Q8_0(8, 7, 32, 34);

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    /// What a file calls it.
    final int number;

    private final int fileType;

    /// How many elements a block holds, and in how many bytes.
    final int blockSize;

    final int blockBytes;

    GgufType(int number, int fileType, int blockSize, int blockBytes) {
        this.number = number;
        this.fileType = fileType;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    /// What `general.file_type` calls a file of it.
    public int fileType() {
        return fileType;
    }

    /// The type of a number, or null.
    static GgufType numbered(int number) {
        for (GgufType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return null;
    }

    /// The bytes of so many elements.
    long bytes(long elements) {
        return Math.multiplyExact(elements / blockSize, blockBytes);
    }

    // --- reading

    /// All elements of whole blocks.
    float[] decode(MemorySegment bytes) {
        int blocks = Math.toIntExact(bytes.byteSize() / blockBytes);
        if (this == F32) {
            return ElementType.F32.floats(bytes);
        }
        if (this == F16) {
            return ElementType.F16.floats(bytes);
        }
        float[] values = new float[blocks * blockSize];
        for (int b = 0; b < blocks; b++) {
            long at = (long) b * blockBytes;
            float d = Float.float16ToFloat(bytes.get(SHORT, at));
            for (int i = 0; i < blockSize; i++) {
                values[b * blockSize + i] = d * quantum(bytes, at + 2, i);
            }
        }
        return values;
    }

    private int quantum(MemorySegment bytes, long at, int i) {
        if (this == Q8_0) {
            return bytes.get(ValueLayout.JAVA_BYTE, at + i);
        }
        int pair = bytes.get(ValueLayout.JAVA_BYTE, at + i % 16);
        return (i < 16 ? pair & 0xF : pair >> 4 & 0xF) - 8;
    }

    // --- writing

    /// Appends the block that begins at an element.
    void encode(float[] values, int from, ByteBuffer out) {
        switch (this) {
            case F32 -> out.putFloat(values[from]);
            case F16 -> out.putShort(Float.floatToFloat16(values[from]));
            case Q8_0 -> encode8(values, from, out);
            case Q4_0 -> encode4(values, from, out);
        }
    }

    private static void encode8(float[] values, int from, ByteBuffer out) {
        float largest = 0;
        for (int i = from; i < from + 32; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        float d = largest / 127;
        float inverse = d == 0 ? 0 : 1 / d;
        out.putShort(Float.floatToFloat16(d));
        for (int i = from; i < from + 32; i++) {
            float scaled = values[i] * inverse;
            out.put((byte) (Math.signum(scaled) * Math.floor(Math.abs(scaled) + 0.5f))); // halves away from zero
        }
    }

    private static void encode4(float[] values, int from, ByteBuffer out) {
        float extreme = values[from];
        for (int i = from; i < from + 32; i++) {
            extreme = Math.abs(values[i]) > Math.abs(extreme) ? values[i] : extreme;
        }
        float d = extreme / -8;
        float inverse = d == 0 ? 0 : 1 / d;
        out.putShort(Float.floatToFloat16(d));
        for (int i = from; i < from + 16; i++) {
            out.put((byte) (nibble(values[i], inverse) | nibble(values[i + 16], inverse) << 4));
        }
    }

    private static int nibble(float value, float inverse) {
        return Math.clamp((int) ((double) value * inverse + 8.5), 0, 15);
    }
}
