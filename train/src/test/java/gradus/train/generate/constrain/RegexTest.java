package gradus.train.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against java.util.regex, which searches where this derives.
class RegexTest {
    private static final String[] LETTERS = {"a", "b", "é", "語", "😀"};
    private static final String[] ATOMS = {
        "a", "b", "é", "語", "😀", ".", "[ab]", "[^a]", "[a-é]", "\\d", "\\w", "[語-😀]", "\\p{Ll}", "\\P{Ll}", "\\.",
        "[\\w.-]"
    };
    private static final String[] FEW = {"a", "b", "é", "[ab]", "[^a]", "[a-é]"};
    private static final String[] COUNTS = {"", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}"};

    private static String drawn(Random random, int depth) {
        return drawn(random, depth, ATOMS);
    }

    private static String drawn(Random random, int depth, String[] atoms) {
        StringBuilder text = new StringBuilder();
        int alternatives = 1 + random.nextInt(2);
        for (int i = 0; i < alternatives; i++) {
            text.append(i > 0 ? "|" : "");
            for (int j = random.nextInt(4); j > 0; j--) {
                boolean group = depth > 0 && random.nextInt(3) == 0;
                text.append(
                        group
                                ? (random.nextBoolean() ? "(" : "(?:") + drawn(random, depth - 1, atoms) + ")"
                                : atoms[random.nextInt(atoms.length)]);
                text.append(COUNTS[random.nextInt(COUNTS.length)]);
            }
        }
        return text.toString();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int j = random.nextInt(6); j > 0; j--) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    static boolean matches(Regex regex, String text) {
        Regex at = regex;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            at = at.derivative(b & 0xFF);
        }
        return at.nullable();
    }

    @Property(tries = 200)
    void derivativesMatchWhatJavaMatches(@ForAll long seed) {
        Random random = new Random(seed);
        String expression = drawn(random, 2);
        Regex regex = RegexSyntax.parse(expression);
        Pattern pattern = Pattern.compile(expression);
        for (int i = 0; i < 20; i++) {
            String text = text(random);
            assertThat(matches(regex, text))
                    .as("%s on %s", expression, text)
                    .isEqualTo(pattern.matcher(text).matches());
        }
    }

    /// The automaton's steps by ranges of bytes are the derivatives, and its dead state is where no text leads
    /// on.
    @Property(tries = 200)
    void theAutomatonGoesWhereDerivativesGo(@ForAll long seed) {
        Random random = new Random(seed);
        Regex regex = Regex.and(
                RegexSyntax.parse(drawn(random, 0, FEW)), Regex.not(RegexSyntax.parse(drawn(random, 0, FEW))));
        if (new Emptiness().of(regex)) {
            for (int i = 0; i < 20; i++) {
                assertThat(matches(regex, text(random))).isFalse();
            }
            return;
        }
        Automaton automaton = new Automaton(regex);
        for (int i = 0; i < 20; i++) {
            String text = text(random);
            int state = automaton.walk(Automaton.START, text.getBytes(StandardCharsets.UTF_8));
            assertThat(automaton.accepts(state)).isEqualTo(matches(regex, text));
            if (state == Automaton.DEAD) {
                for (int j = 0; j < 10; j++) {
                    assertThat(matches(regex, text + text(random))).isFalse();
                }
            }
        }
    }

    @Property(tries = 200)
    void lawsOfLanguages(@ForAll long seed) {
        Random random = new Random(seed);
        Regex r = RegexSyntax.parse(drawn(random, 1));
        Regex s = RegexSyntax.parse(drawn(random, 1));
        assertThat(Regex.or(r, s)).isEqualTo(Regex.or(s, r)).isEqualTo(Regex.or(s, r, s));
        assertThat(Regex.or(r, s).hashCode()).isEqualTo(Regex.or(s, r).hashCode());
        assertThat(Regex.concat(Regex.concat(r, s), r)).isEqualTo(Regex.concat(r, Regex.concat(s, r)));
        assertThat(Regex.not(Regex.not(r))).isEqualTo(r);
        for (int i = 0; i < 20; i++) {
            String text = text(random);
            boolean inR = matches(r, text);
            boolean inS = matches(s, text);
            assertThat(matches(Regex.or(r, s), text)).isEqualTo(inR || inS);
            assertThat(matches(Regex.and(r, s), text)).isEqualTo(inR && inS);
            assertThat(matches(Regex.not(r), text)).isEqualTo(!inR);
        }
    }

    /// Every character, and no other sequence of bytes.
    @Example
    void utf8OfARangeIsThatOfItsCharacters() {
        Random random = new Random(5);
        for (int tries = 0; tries < 100; tries++) {
            int a = random.nextInt(1 << (1 + random.nextInt(20)));
            int b = Math.min(0x10FFFF, a + random.nextInt(1 << (1 + random.nextInt(20))));
            Regex range = CodePoints.range(a, b).utf8();
            List<Integer> tried = new ArrayList<>(List.of(a - 1, a, a + 1, b - 1, b, b + 1, (a + b) / 2));
            random.ints(30, 0, 0x110000).forEach(tried::add);
            for (int c : tried) {
                boolean character = c >= 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
                if (character) {
                    assertThat(matches(range, Character.toString(c))).isEqualTo(c >= a && c <= b);
                }
            }
        }
        Regex all = CodePoints.ALL.utf8();
        for (int tries = 0; tries < 2000; tries++) {
            byte[] bytes = new byte[1 + random.nextInt(4)];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            boolean one = text.codePointCount(0, text.length()) == 1
                    && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
            Regex at = all;
            for (byte each : bytes) {
                at = at.derivative(each & 0xFF);
            }
            assertThat(at.nullable()).isEqualTo(one);
        }
    }

    @Test
    void escapesOfUnicode() {
        assertThat(matches(RegexSyntax.parse("\\uD83D\\uDE00"), "😀")).isTrue();
        assertThat(matches(RegexSyntax.parse("\\uD83D\\u0041"), Character.toString(0x11841)))
                .isFalse(); // only a low surrogate joins
        assertThat(matches(RegexSyntax.parse("[\\uD83D\\u0041]"), "A")).isTrue();
        assertThat(matches(RegexSyntax.parse("\\p{Alpha}+"), "éя語")).isTrue();
        assertThat(matches(RegexSyntax.parse("\\P{Alpha}"), "é")).isFalse();
    }

    @Test
    void longAndLargeExpressionsNeedNoDeepStack() {
        Regex optional = RegexSyntax.parse("a?".repeat(4000));
        assertThat(matches(optional, "a")).isTrue();
        assertThat(matches(RegexSyntax.parse("a?".repeat(60)), "a".repeat(60))).isTrue();
        assertThat(matches(RegexSyntax.parse("x".repeat(9000)), "x".repeat(9000)))
                .isTrue();
        Automaton counted = new Automaton(RegexSyntax.parse("(ab){1000}"));
        assertThat(counted.accepts(counted.walk(0, "ab".repeat(1000).getBytes(StandardCharsets.UTF_8))))
                .isTrue();
        Automaton exponential = new Automaton(RegexSyntax.parse("(a|b)*a(a|b){30}")); // 2³⁰ states, if one asked
        assertThat(exponential.accepts(exponential.walk(0, "ba".repeat(16).getBytes(StandardCharsets.UTF_8))))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "(a;3;not closed",
                "a);2;closes no group",
                "[ab;4;[ is not closed",
                "*a;1;nothing before",
                "a**;3;follows a count",
                "a*?;3;lazy",
                "a++;3;possessive",
                "(?=a);3;look-ahead",
                "(?<n>a);3;look-ahead, look-behind, name",
                "(a)\\1;4;reference back",
                "\\bword;1;border of words",
                "a^b;2;at the ends only",
                "(a$);3;at the ends only",
                "a{3,2};7;goes up",
                "a{,2};3;count is",
                "a{999999};9;at most",
                "[z-a];5;goes up",
                "[\\d-z];2;between two",
                "\\p{Nonsense};1;not known",
                "\\p{javaLowerCase};1;not known",
                "\\x４１;3;hexadecimal",
                "\\q;1;escape \\q",
                "a\\;3;nothing behind",
            })
    void badInput(String expression, int at, String reason) {
        assertThatThrownBy(() -> RegexSyntax.parse(expression))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("character " + at + ":")
                .hasMessageContaining(reason);
    }

    @Test
    void whatIsTooMuchOrNothingIsRefused() {
        assertThatThrownBy(() -> RegexSyntax.parse("(".repeat(200) + ")".repeat(200)))
                .hasMessageContaining("nested over 100 deep");
        assertThatThrownBy(() -> RegexSyntax.parse("a".repeat(20_000))).hasMessageContaining("10000 characters");
        assertThatThrownBy(() -> RegexSyntax.parse(null)).hasMessageContaining("null");
        assertThatThrownBy(() -> new Automaton(Regex.and(RegexSyntax.parse("a+"), RegexSyntax.parse("b+"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no text meets all that is asked");
        assertThatThrownBy(() -> new Automaton(RegexSyntax.parse("a[]"))).hasMessageContaining("no text");
        assertThatThrownBy(() -> new Automaton(Regex.and(RegexSyntax.parse("a{60000}"), RegexSyntax.parse("(aa)*b"))))
                .hasMessageContaining("too large");
    }
}
