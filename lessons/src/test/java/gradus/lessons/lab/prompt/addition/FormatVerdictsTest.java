package gradus.lessons.lab.prompt.addition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the part says of numbers that are made up: three seeds of two measures, each 0.1 above the one before.
class FormatVerdictsTest {
    private static double[][] rows(double first, double last) {
        double[][] rows = new double[3][];
        for (int seed = 0; seed < 3; seed++) {
            rows[seed] = new double[] {first + 0.1 * seed, last + 0.1 * seed};
        }
        return rows;
    }

    @Test
    void formatsAgainstPlain() {
        Map<AdditionFormat, double[][]> right = new EnumMap<>(AdditionFormat.class);
        right.put(AdditionFormat.PLAIN, rows(0.1, 0.3));
        right.put(AdditionFormat.REVERSED, rows(0.3, 0.7));
        right.put(AdditionFormat.SCRATCHPAD, rows(0.1, 0.96)); // all above 95
        right.put(AdditionFormat.SCRAMBLED, rows(0.1, 0.3));
        assertThat(FormatPart.verdicts(right))
                .contains(
                        "- **reversed**: 30.0 ± 0.0 and 40.0 ± 0.0: fewer examples, the prediction holds; better at the"
                                + " end; 0 seeds end above 95, 0 of plain, p = 1.000: no difference that can be told.")
                .contains("- **scratchpad**: 33.0 ± 0.0 and 66.0 ± 0.0:", "3 seeds end above 95, 0 of plain, p = 0.050")
                .contains("- **scrambled** (control): 0.0 ± 0.0 and 0.0 ± 0.0: no gain, as it should be.");
        right.put(AdditionFormat.SCRAMBLED, rows(0.2, 0.4));
        assertThat(FormatPart.verdicts(right))
                .contains(
                        "- **scrambled** (control): 10.0 ± 0.0 and 10.0 ± 0.0: a gain, which a control should not show.");
    }
}
