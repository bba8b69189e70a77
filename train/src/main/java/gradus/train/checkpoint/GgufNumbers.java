package gradus.train.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// An array of numbers among the keys of a GGUF file, held as the file holds it: eight-bit items would take eight
/// times their file as longs. Items are widened as they are asked for.
public final class GgufNumbers {
    private final Kind kind;
    private final ByteBuffer items;

    /// The types of numbers, by what a file calls them.
    enum Kind {
        U8(0, 1),
        I8(1, 1),
        U16(2, 2),
        I16(3, 2),
        U32(4, 4),
        I32(5, 4),
        F32(6, 4),
        BOOL(7, 1),
        U64(10, 8),
        I64(11, 8),
        F64(12, 8);

        final int number;
        final int bytes;

        Kind(int number, int bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        /// The type of a number, or null.
        static Kind numbered(int number) {
            return Arrays.stream(values())
                    .filter(kind -> kind.number == number)
                    .findFirst()
                    .orElse(null);
        }

        boolean isWhole() {
            return this != F32 && this != F64;
        }

        /// A whole number; one from 2⁶³ of a u64 comes out negative.
        long whole(ByteBuffer items, int i) {
            return switch (this) {
                case U8, BOOL -> items.get(i) & 0xFF;
                case I8 -> items.get(i);
                case U16 -> items.getShort(2 * i) & 0xFFFF;
                case I16 -> items.getShort(2 * i);
                case U32 -> Integer.toUnsignedLong(items.getInt(4 * i));
                case I32 -> items.getInt(4 * i);
                default -> items.getLong(8 * i);
            };
        }

        /// A number; a float32 as the decimal that it was written for, so that 0.1 is 0.1 again.
        double number(ByteBuffer items, int i) {
            return switch (this) {
                case F32 -> Double.parseDouble(Float.toString(items.getFloat(4 * i)));
                case F64 -> items.getDouble(8 * i);
                default -> whole(items, i);
            };
        }
    }

    GgufNumbers(Kind kind, byte[] items) {
        this.kind = kind;
        this.items = ByteBuffer.wrap(items).order(LITTLE_ENDIAN);
    }

    /// How many there are.
    public int size() {
        return items.capacity() / kind.bytes;
    }

    /// Whether they are whole numbers.
    public boolean areWhole() {
        return kind.isWhole();
    }

    /// A number of them, whole ones widened.
    public double number(int i) {
        return kind.number(items, i);
    }

    /// A whole number of them; a u64 from 2⁶³ comes out negative.
    ///
    /// @throws IllegalStateException unless they are whole
    public long whole(int i) {
        if (!kind.isWhole()) {
            throw new IllegalStateException("these numbers are not whole");
        }
        return kind.whole(items, i);
    }

    /// The items as the file holds them, little-endian: what an array of eight bits is for.
    public byte[] bytes() {
        return items.array().clone();
    }

    /// How many items of what type.
    @Override
    public String toString() {
        return "an array of " + size() + " " + kind;
    }
}
