package gradus.lessons.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.run.compare.Interval;
import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void anIntervalThatHoldsZeroSaysNothing() {
        assertThat(Verdict.of(new Interval(1, 0.9))).isEqualTo(Verdict.MORE);
        assertThat(Verdict.of(new Interval(-1, 0.9))).isEqualTo(Verdict.LESS);
        assertThat(Verdict.of(new Interval(1, 1.1))).isEqualTo(Verdict.OPEN);
        assertThat(Verdict.of(new Interval(-1, 1.1))).isEqualTo(Verdict.OPEN);
        assertThat(Verdict.of(new Interval(5, Double.NaN))).isEqualTo(Verdict.OPEN);
        assertThat(Verdict.MORE.choose("a", "b", "c")).isEqualTo("a");
        assertThat(Verdict.LESS.choose("a", "b", "c")).isEqualTo("b");
        assertThat(Verdict.OPEN.choose("a", "b", "c")).isEqualTo("c");
    }

    @Test
    void seedsWithoutANumberAreLeftOut() {
        double[] values = {1, Double.NaN, 3};
        Interval over = Verdict.over(3, i -> values[i]);
        assertThat(over.mean()).isEqualTo(2);
        assertThat(Verdict.shown(over, 1)).isEqualTo("2.0 ± 12.7"); // t of one degree of freedom is 12.706
        assertThat(Verdict.shown(Verdict.over(1, i -> 2), 3)).isEqualTo("2.000");
        assertThat(Verdict.shown(Verdict.over(1, i -> Double.NaN), 3)).isEmpty();
        assertThat(Verdict.shown(new Interval(-1e-9, 0.25), 2)).isEqualTo("0.00 ± 0.25");
    }
}
