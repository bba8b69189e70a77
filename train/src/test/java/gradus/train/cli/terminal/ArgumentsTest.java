package gradus.train.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.UsageException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    private static byte[] commandLine(String... arguments) {
        return ("java\0-cp\0x.jar\0Main\0" + String.join("\0", arguments) + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /// What a JVM makes of bytes under a locale.
    private static String[] told(Charset locale, String... arguments) {
        String[] told = new String[arguments.length];
        for (int i = 0; i < told.length; i++) {
            told[i] = new String(arguments[i].getBytes(StandardCharsets.UTF_8), locale);
        }
        return told;
    }

    @Property(tries = 200)
    void r3_anyTextIsFoundAgainUnderASCII(
            @ForAll @Size(max = 5) @StringLength(max = 8) @CharRange(from = 1, to = 0xD7FF) String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = arguments[i].replace("\0", "");
        }
        String[] told = told(StandardCharsets.US_ASCII, arguments);
        assertThat(Arguments.typed(told, StandardCharsets.US_ASCII, () -> commandLine(arguments)))
                .containsExactly(arguments);
    }

    @Test
    void r3_questionMarksOfSomeVersionsAreUndone() {
        String[] told = {"encode", "?? ???"};
        assertThat(Arguments.typed(told, StandardCharsets.US_ASCII, () -> commandLine("encode", "é 空")))
                .containsExactly("encode", "é 空");
        assertThat(Arguments.typed(new String[] {"what?"}, StandardCharsets.US_ASCII, () -> commandLine("what?")))
                .containsExactly("what?");
    }

    @Test
    void r3_aReplacementCharacterThatWasTypedStays() {
        String[] told = {"a\uFFFDb"};
        assertThat(Arguments.typed(told, StandardCharsets.UTF_8, () -> commandLine("a\uFFFDb")))
                .containsExactly("a\uFFFDb");
    }

    @Test
    void r3_bytesThatAreNoTextAreRefused() {
        byte[] latin = "java\0Main\0ok\0caf\u00e9\0".getBytes(StandardCharsets.ISO_8859_1);
        for (Charset locale : new Charset[] {StandardCharsets.UTF_8, StandardCharsets.US_ASCII}) {
            assertThatThrownBy(() -> Arguments.typed(new String[] {"ok", "caf\uFFFD"}, locale, () -> latin))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("argument 2, 'caf\uFFFD', is not text in UTF-8");
        }
    }

    @Test
    void r3_whereNoBytesAreKeptWhatIsLostIsRefused() {
        assertThatThrownBy(() -> Arguments.typed(new String[] {"\uFFFD"}, StandardCharsets.US_ASCII, () -> null))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("argument 1", "US-ASCII", "LC_ALL=C.UTF-8");
        assertThat(Arguments.typed(new String[] {"\uFFFD"}, StandardCharsets.UTF_8, () -> null))
                .hasSize(1);
    }

    @Test
    void r3_anotherLocalesTextStaysAsItIs() {
        assertThat(Arguments.typed(new String[] {"café?"}, StandardCharsets.ISO_8859_1, () -> {
                    throw new AssertionError("no need to look");
                }))
                .containsExactly("café?");
    }
}
