package gradus.train.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The element types of a safetensors file, and how their bytes are read as numbers.
public enum ElementType {
    F64(64),
    F32(32),
    F16(16),
    BF16(16),
    I64(64),
    I32(32),
    I16(16),
    I8(8),
    U64(64),
    U32(32),
    U16(16),
    U8(8),
    BOOL(8),
    C64(64),
    F8_E4M3(8),
    F8_E5M2(8),
    F8_E8M0(8),
    F6_E2M3(6),
    F6_E3M2(6),
    F4(4);

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

    final int bits;

    ElementType(int bits) {
        this.bits = bits;
    }

    /// The type of a name, or null.
    static ElementType named(String name) {
        for (ElementType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /// Whether a tensor can hold it.
    boolean isReal() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /// Whether indices can hold it, where its values fit.
    boolean isWhole() {
        return switch (this) {
            case I64, I32, I16, I8, U8, BOOL -> true;
            default -> false;
        };
    }

    /// All elements of float32 and the halves, widened.
    float[] floats(MemorySegment bytes) {
        int count = (int) (bytes.byteSize() / (bits / 8));
        float[] values = new float[count];
        switch (this) {
            case F32 -> MemorySegment.copy(bytes, FLOAT, 0, values, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.float16ToFloat(bytes.get(SHORT, 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.intBitsToFloat(bytes.get(SHORT, 2L * i) << 16); // the upper half of a float32
                }
            }
            default -> throw new AssertionError(this);
        }
        return values;
    }

    /// All elements of float64.
    double[] doubles(MemorySegment bytes) {
        int count = (int) (bytes.byteSize() / Double.BYTES);
        double[] values = new double[count];
        MemorySegment.copy(bytes, DOUBLE, 0, values, 0, count);
        return values;
    }

    /// One whole number.
    long whole(MemorySegment bytes, int i) {
        return switch (this) {
            case I64 -> bytes.get(LONG, 8L * i);
            case I32 -> bytes.get(INT, 4L * i);
            case I16 -> bytes.get(SHORT, 2L * i);
            case I8 -> bytes.get(ValueLayout.JAVA_BYTE, i);
            case U8 -> bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            case BOOL -> bytes.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
            default -> throw new AssertionError(this);
        };
    }

    /// The upper half of a float32, rounded to nearest, ties to even; a NaN stays one.
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40); // quiet, whatever its lower half held
        }
        int half = 0x7FFF + (bits >>> 16 & 1);
        return (short) (bits + half >>> 16);
    }
}
