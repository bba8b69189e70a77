package gradus.tokenizer.sentencepiece;

import gradus.error.TokenizerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads the wire form of a protocol buffer, field by field: `key value key value …`, where a key is
/// `number << 3 | kind`, and the kind says how the value's end is found (0: a varint, seven bits a byte; 1:
/// eight bytes; 2: a length, then so many bytes; 5: four bytes). Source: protobuf.dev, "Encoding".
///
/// Nothing is looked up by name: the numbers' meaning is the caller's. Every fault names the byte it was found
/// at.
final class Protobuf {
    private final byte[] bytes;
    private final int to;
    private int at;
    private int number;
    private int kind;

    Protobuf(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Protobuf(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.to = to;
    }

    /// Moves to the next field; false at the end. The value must then be taken or skipped.
    boolean next() {
        if (at == to) {
            return false;
        }
        long key = varint();
        number = (int) (key >>> 3);
        kind = (int) (key & 7);
        if (number <= 0 || key >>> 3 > 0x1FFFFFFF) {
            throw fault("a field has the number " + (key >>> 3));
        }
        return true;
    }

    int number() {
        return number;
    }

    private void expect(int expected) {
        if (kind != expected) {
            throw fault("field " + number + " is of kind " + kind + "; expected " + expected);
        }
    }

    /// The value as a whole number.
    long whole() {
        expect(0);
        return varint();
    }

    boolean bool() {
        return whole() != 0;
    }

    float float32() {
        expect(5);
        need(4);
        float value =
                ByteBuffer.wrap(bytes, at, 4).order(ByteOrder.LITTLE_ENDIAN).getFloat();
        at += 4;
        return value;
    }

    /// The value as a message of its own.
    Protobuf message() {
        int length = length();
        at += length;
        return new Protobuf(bytes, at - length, at);
    }

    byte[] byteString() {
        int length = length();
        at += length;
        return java.util.Arrays.copyOfRange(bytes, at - length, at);
    }

    String text() {
        int start = at;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(byteString()))
                    .toString();
        } catch (CharacterCodingException e) {
            at = start;
            throw fault("the string of field " + number + " is no UTF-8");
        }
    }

    void skip() {
        switch (kind) {
            case 0 -> varint();
            case 1 -> {
                need(8);
                at += 8;
            }
            case 2 -> {
                int length = length();
                at += length;
            }
            case 5 -> {
                need(4);
                at += 4;
            }
            default -> throw fault("field " + number + " is of the kind " + kind + ", which is not read");
        }
    }

    private int length() {
        expect(2);
        long length = varint();
        if (length < 0 || length > to - at) {
            throw fault("field " + number + " says that it has " + Long.toUnsignedString(length) + " bytes; "
                    + (to - at) + " are left");
        }
        return (int) length;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            need(1);
            byte b = bytes[at++];
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw fault("a number has more than ten bytes");
    }

    private void need(int count) {
        if (to - at < count) {
            throw fault("it ends inside a field");
        }
    }

    TokenizerException fault(String what) {
        return new TokenizerException("byte " + at + ": " + what);
    }
}
