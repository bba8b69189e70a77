package gradus.train.corpus;

import gradus.error.DataException;
import gradus.error.FileReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.ToIntBiFunction;

/// A UTF-8 stream as a row of texts of some million characters, so that a corpus of any size passes through little
/// memory. Put together they are the stream. What is not UTF-8 is refused with its line. Can be read once.
public final class TextBlocks implements Iterable<String> {
    private static final int BLOCK = 1 << 22; // chars
    private static final int BUFFER = 1 << 16; // bytes

    private final InputStream stream;
    private final String name;
    private final ToIntBiFunction<String, Integer> cut;
    private final int block;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer chars = CharBuffer.allocate(BUFFER);
    private final StringBuilder held = new StringBuilder();
    private long consumed; // bytes decoded
    private long line = 1;
    private boolean ended;

    /// @param name what errors call the stream
    /// @param cut  the first place at or after the given one where the text may be cut; its length if there is none
    public TextBlocks(InputStream stream, String name, ToIntBiFunction<String, Integer> cut) {
        this(stream, name, cut, BLOCK);
    }

    TextBlocks(InputStream stream, String name, ToIntBiFunction<String, Integer> cut, int block) {
        this.stream = stream;
        this.name = name;
        this.cut = cut;
        this.block = block;
    }

    /// Before a space between two ASCII letters: there every way of cutting text into words begins a new one.
    public static int betweenWords(String text, int from) {
        for (int i = Math.max(1, from); i + 1 < text.length(); i++) {
            if (text.charAt(i) == ' ' && isLetter(text.charAt(i - 1)) && isLetter(text.charAt(i + 1))) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /// Bytes read so far.
    public long bytes() {
        return consumed;
    }

    /// The blocks.
    ///
    /// @throws DataException from `next`, if the stream fails or is not UTF-8
    @Override
    public Iterator<String> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                fill(1);
                return !held.isEmpty();
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return block();
            }
        };
    }

    private String block() {
        for (int size = block; ; size *= 2) { // until there is a place to cut
            fill(size);
            String text = held.toString();
            int end = ended || text.length() <= size / 2 ? text.length() : cut.applyAsInt(text, size / 2);
            if (ended || end < text.length()) {
                held.delete(0, end);
                return text.substring(0, end);
            }
        }
    }

    private void fill(int size) {
        while (!ended && held.length() < size) {
            boolean last = !read();
            CoderResult result = decode(last);
            if (result.isError()) {
                int at = bytes.position();
                throw new DataException(
                        "%s:%s: byte 0x%02X at offset %s is not UTF-8".formatted(name, line, bytes.get(at), consumed));
            }
            ended = last;
        }
    }

    /// Gets more bytes behind those of a cut character; false at the end.
    private boolean read() {
        try {
            bytes.compact();
            int count = stream.read(bytes.array(), bytes.position(), bytes.remaining());
            bytes.position(bytes.position() + Math.max(0, count)).flip();
            return count >= 0;
        } catch (IOException e) {
            throw new DataException(name + " cannot be read: " + FileReason.of(e), e);
        }
    }

    private CoderResult decode(boolean last) {
        int before = bytes.position();
        CoderResult result =
                decoder.decode(bytes, chars.clear(), last); // chars never overflow: a byte gives at most one
        consumed += bytes.position() - before;
        chars.flip();
        for (int i = 0; i < chars.length(); i++) {
            line += chars.charAt(i) == '\n' ? 1 : 0;
        }
        held.append(chars);
        return result;
    }
}
