package gradus.train.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlainStreamTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Property(tries = 200)
    void r8_nothingButTextAndLineEndsComesThrough(@ForAll String text, @ForAll boolean tabs) {
        bytes.reset(); // all tries of a property share the object
        new PlainStream(bytes, tabs).print(text);
        assertThat(shown().codePoints()).noneMatch(c -> Character.isISOControl(c) && c != '\n' && !(tabs && c == '\t'));
        assertThat(shown().chars().filter(c -> c == '\n').count())
                .isEqualTo(text.chars().filter(c -> c == '\n').count());
    }

    /// Whatever the way in.
    @Test
    void r8_everyWayToPrintEscapes() {
        PrintStream stream = new PlainStream(bytes, false);
        stream.print("\u001b[2J");
        stream.println("\u009b31m");
        stream.print('\u0007');
        stream.print(new char[] {'\r', 'a'});
        stream.println(new StringBuilder("\u202e"));
        stream.printf(Locale.ROOT, "%s\n", "\u007f");
        stream.append("\u001b]0;title\u0007").append('\b');
        assertThat(shown()).doesNotContain("\u001b", "\u009b", "\u0007", "\r", "\u202e", "\u007f", "\b");
    }

    @Test
    void r8_textStaysText() {
        new PlainStream(bytes, true).print("Größe\t狐 🦊\nfamily 👨‍👩‍👧 \\n\n");
        assertThat(shown()).isEqualTo("Größe\t狐 🦊\nfamily 👨‍👩‍👧 \\n\n");
    }
}
