package gradus.error;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void r8_controlCharactersOfAFileAreShownEscaped() {
        assertThat(new DataException("a.txt: \u001b[31mred\u001b[0m\r\nnext\ttab \u0085\u009b2J \u0000 \u007f"))
                .hasMessage("a.txt: \\u001b[31mred\\u001b[0m\\r\\nnext\\ttab \\u0085\\u009b2J \\u0000 \\u007f");
        assertThat(new TokenizerException("\u202eabc\u2066 \u2028 \ud800 x \udfff"))
                .hasMessage("\\u202eabc\\u2066 \\u2028 \\ud800 x \\udfff");
        assertThat(new ConfigException("é 空 😀 ≤ …")).hasMessage("é 空 😀 ≤ …");
    }

    @Test
    void longMessagesAreCutInTheMiddle() {
        String message =
                new CorruptCheckpointException("weights.bin: " + "x".repeat(10_000_000) + " at byte 17").getMessage();
        assertThat(message)
                .hasSize(Printable.MESSAGE_LENGTH)
                .startsWith("weights.bin: xxx")
                .endsWith("xxx at byte 17")
                .contains("x…x");
    }

    @Test
    void aPairOfSurrogatesIsNeverCutInTwo() {
        for (int shift = 0; shift < 4; shift++) {
            String message = Printable.message("a".repeat(shift) + "😀".repeat(600));
            assertThat(message.replace("😀", "")).matches("a*…").hasSizeLessThan(6);
            assertThat(message.length()).isBetween(Printable.MESSAGE_LENGTH - 2, Printable.MESSAGE_LENGTH);
        }
    }

    @Test
    void noMessageStaysNone() {
        assertThat(new ShapeException(null)).hasMessage(null);
        assertThat(Printable.value(null)).isEqualTo("null");
    }

    @Property(tries = 200)
    void everyMessageIsShortPlainAndOneLine(@ForAll @StringLength(max = 1500) String text) {
        String message = new ResourceException(text).getMessage();
        assertThat(message.length()).isLessThanOrEqualTo(Printable.MESSAGE_LENGTH);
        assertThat(message.codePoints().allMatch(Printable::isPlain)).isTrue();
        assertThat(Printable.value(text).length()).isLessThanOrEqualTo(Printable.VALUE_LENGTH);
        if (text.length() <= Printable.VALUE_LENGTH && text.codePoints().allMatch(Printable::isPlain)) {
            assertThat(message).isEqualTo(text);
            assertThat(Printable.value(text)).isEqualTo(text);
        }
    }
}
