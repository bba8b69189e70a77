package gradus.lessons.lab.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.train.run.compare.Interval;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private static Scores scores() {
        Scores scores = new Scores();
        for (double each : new double[] {0.9, 1.0, 0.8}) {
            scores.add("one", "right", each);
            scores.add("other", "right", each - 0.5);
        }
        return scores;
    }

    @Test
    void differencesAreTakenSeedBySeed() {
        Interval difference = scores().difference("right", "one", "other");
        assertThat(difference.mean()).isCloseTo(0.5, within(1e-12));
        assertThat(difference.half()).isCloseTo(0, within(1e-12));
        assertThat(scores().interval("one", "right").half()).isCloseTo(4.3027 * 0.1 / Math.sqrt(3), within(1e-4));
    }

    @Test
    void everyNumberIsALineOfTheFile() {
        assertThat(scores().csv())
                .startsWith("way,measure,seed,value\none,right,1,0.9")
                .contains("\nother,right,3,0.3")
                .hasLineCount(7);
    }

    @Test
    void whatIsMissingIsRefused() {
        Scores scores = scores();
        scores.add("one", "right", 1);
        assertThatThrownBy(() -> scores.interval("one", "wrong"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("nothing was measured of one: wrong");
        assertThatThrownBy(() -> scores.difference("right", "one", "other"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("one and other were measured with 4 and 3 seeds");
    }

    @Test
    void aStatementHoldsWhereTheWholeIntervalDoes() {
        Interval one = new Interval(0.9, 0.1);
        Interval other = new Interval(0.4, 0.1);
        assertThat(Statement.more("x", one, other, new Interval(0.5, 0.1)).verdict())
                .isEqualTo("holds: the difference is 0.50 ± 0.10");
        assertThat(Statement.more("x", one, other, new Interval(-0.5, 0.1)).verdict())
                .isEqualTo("does not hold: the contrary does, the difference is -0.50 ± 0.10");
        assertThat(Statement.more("x", one, other, new Interval(0.05, 0.1)).verdict())
                .isEqualTo("cannot be said: the difference is 0.05 ± 0.10");
        assertThat(Statement.more("x", one, other, new Interval(0.5, Double.NaN))
                        .verdict())
                .isEqualTo("cannot be said of one seed: the difference is 0.50");
        assertThat(Statement.more("x", one, other, new Interval(0, 0)).verdict())
                .isEqualTo("does not hold: there is no difference");
        assertThat(Statement.more("x", one, other, new Interval(0.5, 0.1)).holds())
                .isTrue();
        assertThat(Statement.when(false, "x", "y", "z").holds()).isFalse();
    }
}
