package gradus.train.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextBlocksTest {
    private static final String TEXT = "The quick brown fox – größer als 狐 🦊 – jumps over\nthe lazy dog. ";

    @Property(tries = 200)
    void blocksMakeUpTheText(
            @ForAll @IntRange(min = 1, max = 200) int block,
            @ForAll @IntRange(min = 0, max = 20) int repeat,
            @ForAll @IntRange(min = 1, max = 5) int atOnce) {
        String text = TEXT.repeat(repeat);
        List<String> blocks = new ArrayList<>();
        var read = new TextBlocks(trickle(text, atOnce), "text", TextBlocks::betweenWords, block);
        read.forEach(blocks::add);
        assertThat(String.join("", blocks)).isEqualTo(text);
        assertThat(read.bytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        for (int i = 0; i + 1 < blocks.size(); i++) {
            assertThat(blocks.get(i)).matches("(?s).*[A-Za-z]");
            assertThat(blocks.get(i + 1)).matches("(?s) [A-Za-z].*");
        }
        if (block < 20 && repeat > 1) {
            assertThat(blocks).hasSizeGreaterThan(repeat);
        }
    }

    @Test
    void aTextWithoutAPlaceToCutStaysWhole() {
        var blocks = new TextBlocks(trickle("狐".repeat(500), 3), "text", TextBlocks::betweenWords, 8);
        assertThat(blocks).containsExactly("狐".repeat(500));
    }

    @Test
    void notUtf8() { // BAD-INPUT 95
        byte[] bytes = "one two\nthree 狐 four\nfive caf\u00e9 six".getBytes(StandardCharsets.UTF_8);
        bytes[28] = (byte) 0xE9; // in "café"
        refused(bytes, "text:3: byte 0xE9 at offset 28");
        byte[] cut = "one\n狐".getBytes(StandardCharsets.UTF_8);
        refused(java.util.Arrays.copyOf(cut, cut.length - 1), "text:2: byte 0xE7 at offset 4");
    }

    private static void refused(byte[] bytes, String message) {
        var blocks = new TextBlocks(new ByteArrayInputStream(bytes), "text", TextBlocks::betweenWords, 8);
        assertThatThrownBy(() -> blocks.forEach(block -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }

    /// A stream that gives out a few bytes at a time, as pipes do.
    private static InputStream trickle(String text, int atOnce) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] b, int offset, int length) {
                return super.read(b, offset, Math.min(length, atOnce));
            }
        };
    }
}
