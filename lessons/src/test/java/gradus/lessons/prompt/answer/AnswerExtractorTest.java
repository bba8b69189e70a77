package gradus.lessons.prompt.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerExtractorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 + 4 = 7.|7",
                "about $1,250.50.|1250.5",
                "it is -12|-12",
                "10-3|3",
                "x2 = -$0.50|-0.5",
                "007|7",
                "-0.0|0",
                "one, 2, 3|3",
                "1,2345|2345",
                "50%|50",
                "a (-4)|-4",
                "(8)-4|4",
                ".25|0.25",
                "-−−7|-7",
                "1e5|100000",
                "3.5e10|35000000000",
                "-2E-3 m|-0.002",
                "1e5x|1",
                "1/2|0.5",
                "-2/6|-1/3",
                "12/4 legs|3",
                "1/0|0",
                "3/4/2025|2025",
                "1/2.5|2.5"
            })
    void lastNumbers(String text, String number) {
        assertThat(AnswerExtractor.number().extract(text)).contains(number);
    }

    /// However a number is written, the value that comes out is its value, in the one spelling.
    @Property(tries = 200)
    void numbersHaveOneSpelling(
            @ForAll @BigRange(min = "-1e12", max = "1e12") @Scale(4) BigDecimal number,
            @ForAll @StringLength(max = 10) String before) {
        String grouped = String.format(Locale.ROOT, "%,.4f", number);
        String plain = number.toPlainString();
        var extractor = AnswerExtractor.number();
        String first = extractor.extract(before + " is " + grouped + ".").orElseThrow();
        assertThat(first).isEqualTo(extractor.extract("= " + plain).orElseThrow());
        assertThat(new BigDecimal(first)).isEqualByComparingTo(number);
        assertThat(first).doesNotContain(",").doesNotMatch("-?0\\d.*|.*\\.\\d*0");
    }

    /// An answer that cannot be parsed is an empty result.
    @Test
    void whatIsNoAnswerIsNone() {
        for (String text : new String[] {"", "  \n", "none at all", "x2"}) {
            assertThat(AnswerExtractor.number().extract(text)).isEmpty();
        }
        assertThat(AnswerExtractor.letter("ABCD").extract("Bananas, A's and E")).isEmpty();
        assertThat(AnswerExtractor.after("The answer is", AnswerExtractor.number())
                        .extract("7"))
                .isEmpty();
        assertThat(AnswerExtractor.regex(Pattern.compile("<(.*)>")).extract("<>"))
                .isEmpty();
        assertThat(AnswerExtractor.line().extract("\n:\n.\n")).isEmpty();
        assertThat(AnswerExtractor.whole().extract(" \n")).isEmpty();
    }

    @Test
    void lettersMarkersAndLines() {
        assertThat(AnswerExtractor.letter("ABCD").extract("A or (b)? It is (C)."))
                .contains("C");
        assertThat(AnswerExtractor.letter("ABCD").extract("so B.")).contains("B");
        assertThat(AnswerExtractor.letter("ABCD").extract("it is (d)")).contains("D");
        assertThat(AnswerExtractor.after("the answer is", AnswerExtractor.number())
                        .extract("The answer is 3. No: The Answer Is 4, or 5"))
                .contains("5");
        assertThat(AnswerExtractor.line().extract("\n : twelve legs.\nQ: more")).contains("twelve legs");
        assertThat(AnswerExtractor.regex(Pattern.compile("<(a)|(b)>")).extract("<a b>"))
                .contains("b");
        assertThat(AnswerExtractor.regex(Pattern.compile("\\d+")).extract("1 22"))
                .contains("22");
        assertThat(AnswerExtractor.number().orElse(AnswerExtractor.line()).extract("none"))
                .contains("none");
        assertThatThrownBy(() -> AnswerExtractor.letter("a")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> AnswerExtractor.after(" ", AnswerExtractor.line()))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    @Timeout(60)
    void aMegabyteOfAnything() {
        for (String each : new String[] {"1", ",", "1,", "-", ".", "a", "(", "A", "1,234", "\n", " ", ": "}) {
            String text = each.repeat(1_000_000 / each.length());
            AnswerExtractor.number().extract(text);
            AnswerExtractor.letter("ABCD").extract(text);
            AnswerExtractor.line().extract(text);
        }
    }

    /// A group in a loop takes a stack frame a round: told in a line, whatever the stack.
    @Test
    void anExpressionThatNestsTooDeep() {
        String text = "a\n".repeat(200_000);
        assertThatThrownBy(
                        () -> AnswerExtractor.regex(Pattern.compile("(.|\n)*x")).extract(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the expression (.|\\n)*x nests too deep for a text of 400000 characters");
    }
}
