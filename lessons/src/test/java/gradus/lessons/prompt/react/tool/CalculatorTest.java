package gradus.lessons.prompt.react.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalculatorTest {
    private static String reckon(String expression) {
        return new Calculator().use(expression);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1+2*3|7",
                "(1+2)*3|9",
                "10-4-3|3",
                "2^3^2|512",
                "-2^2|-4",
                "2^-1|0.5",
                "8/3*3|8.0000000000000000001",
                "7/2|3.5",
                "1,000.5 × 2|2001",
                "6 ÷ 4 − 1|0.5",
                "--3|3",
                "+-3|-3",
                "0.1+0.2|0.3",
                ".5*4|2",
                "0^0|1",
                "1^900|1",
                "(-1)^901|-1",
                "999*999*999|997002999"
            })
    void results(String expression, String result) {
        assertThat(reckon(expression)).isEqualTo(result);
    }

    /// Against whole numbers of any size.
    @Property(tries = 200)
    void wholeNumbersAreExact(
            @ForAll int a,
            @ForAll int b,
            @ForAll @IntRange(min = -999, max = 999) int c,
            @ForAll @IntRange(max = 30) int power) {
        BigInteger expected = BigInteger.valueOf(a)
                .multiply(BigInteger.valueOf(b))
                .subtract(BigInteger.valueOf(c).pow(power));
        assertThat(reckon("(" + a + ")*(" + b + ") - (" + c + ")^" + power)).isEqualTo(expected.toString());
    }

    /// Any text gives a result or one clear refusal.
    @Property(tries = 200)
    void anyText(@ForAll @StringLength(max = 40) String text) {
        try {
            assertThat(reckon(text)).isNotEmpty();
        } catch (ConfigException refused) {
            assertThat(refused.getMessage()).isNotEmpty().doesNotContain("\n");
        }
    }

    @Test
    @Timeout(60)
    void whatIsRefused() {
        for (String[] each : new String[][] {
            {"", "expected a number and not the end"},
            {"1+", "expected a number and not the end"},
            {"(1", "expected ) and not the end"},
            {"1 2", "unexpected 2"},
            {"System.exit(1)", "expected a number and not S"},
            {"1/0", "1/0 divides by 0"},
            {"0^-1", "divides by 0"},
            {"2^0.5", "exponents must be whole numbers below 1000"},
            {"9^9^9", "exponents must be whole numbers below 1000"},
            {"(9^999)^999", "the result is too large"},
            {"(0.1^999)^999", "the result is too large"},
            {"9^999*9^999*9^999", "the result is too large"},
            {"1.2.3", "expected a number and not 1.2.3"},
            {"1,23", "expected a number and not 1,23"},
            {"(".repeat(200) + "1", "more than 100 brackets"},
            {"-".repeat(200) + "1", "more than 100 brackets"},
            {"1+".repeat(600) + "1", "has 1201 characters; at most 1000"},
            {"\u0661", "expected a number"}
        }) {
            assertThatThrownBy(() -> reckon(each[0]))
                    .as(each[0])
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(each[1]);
        }
    }
}
