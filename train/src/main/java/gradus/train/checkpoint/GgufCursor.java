package gradus.train.checkpoint;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.Printable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/// Takes numbers and texts from the start of a GGUF file, one after the other, and throws with the file and the
/// byte where something cannot be. A length is held against the bytes that are left before anything is made of it.
///
/// The readers without an argument expect that [#need] has been asked.
final class GgufCursor {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment memory;
    private long at;

    /// @param memory the whole file
    GgufCursor(Path file, MemorySegment memory) {
        this.file = file;
        this.memory = memory;
    }

    long at() {
        return at;
    }

    long left() {
        return memory.byteSize() - at;
    }

    long fileSize() {
        return memory.byteSize();
    }

    // --- numbers and texts

    byte u8() {
        at += 1;
        return memory.get(ValueLayout.JAVA_BYTE, at - 1);
    }

    short u16() {
        at += 2;
        return memory.get(U16, at - 2);
    }

    int u32() {
        at += 4;
        return memory.get(U32, at - 4);
    }

    long u64() {
        at += 8;
        return memory.get(U64, at - 8);
    }

    int u32(String what) {
        need(4, what);
        return u32();
    }

    /// A count of things of which each takes at least so many bytes.
    long count(String what, int least) {
        need(8, what);
        long count = u64();
        require(
                count >= 0 && count <= left() / least,
                "claims %s %s; %s bytes are left",
                Long.toUnsignedString(count),
                what,
                left());
        return count;
    }

    byte[] bytes(long length) {
        at += length;
        return memory.asSlice(at - length, length).toArray(ValueLayout.JAVA_BYTE);
    }

    String string(String what, int longest) {
        need(8, what);
        long length = u64();
        require(
                length >= 0 && length <= Math.min(longest, left()),
                "%s claims %s bytes; at most %s can be there",
                what,
                Long.toUnsignedString(length),
                Math.min(longest, left()));
        byte[] text = bytes(length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw corrupt("%s is not UTF-8", what);
        }
    }

    // --- faults

    void need(long bytes, String what) {
        require(left() >= bytes, "ends inside %s", what);
    }

    void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw corrupt(message, arguments);
        }
    }

    CorruptCheckpointException corrupt(String message, Object... arguments) {
        return new CorruptCheckpointException(described(message, arguments));
    }

    /// What is thrown for a sound file of a kind that is not read.
    CheckpointMismatchException unsupported(String message, Object... arguments) {
        return new CheckpointMismatchException(described(message, arguments));
    }

    private String described(String message, Object... arguments) {
        Object[] shown = new Object[arguments.length];
        for (int i = 0; i < shown.length; i++) {
            shown[i] = Printable.value(arguments[i]);
        }
        return "%s: %s (byte %s)".formatted(file, String.format(Locale.ROOT, message, shown), at);
    }
}
