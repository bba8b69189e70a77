package gradus.lessons.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.train.run.compare.Interval;
import org.junit.jupiter.api.Test;

class SeedTableTest {
    private static SeedTable table() {
        SeedTable table = new SeedTable("method", 1, "solved", "calls");
        table.put("tree", 3, 10);
        table.put("chain", 1, Double.NaN);
        table.put("tree", 5, 12);
        table.put("chain", 2, Double.NaN);
        return table;
    }

    /// Differences 2 and 3: mean 2.5, standard error 0.5, and t of one degree of freedom is 12.706.
    @Test
    void rowsAreComparedSeedBySeed() {
        Interval difference = table().difference("tree", "chain", "solved");
        assertThat(difference.mean()).isEqualTo(2.5);
        assertThat(difference.half()).isCloseTo(12.706 * 0.5, within(1e-3));
        assertThat(table().at("tree", "calls", 1)).isEqualTo(12);
    }

    @Test
    void whatWasNotMeasuredIsLeftEmpty() {
        assertThat(table().markdown()).isEqualTo("""
                | method | solved | calls |
                |---|---|---|
                | tree | 4.0 ± 12.7 | 11.0 ± 12.7 |
                | chain | 1.5 ± 6.4 |  |
                """);
    }

    @Test
    void aVerdictFollowsFromItsNumbers() {
        String section = new Section("Title", "It grows.")
                .claim("more", new Interval(1, 0.5), 0)
                .claim("more than a half", new Interval(1, 0.5), 0.5)
                .claim("one seed", new Interval(1, Double.NaN), 0)
                .control("nothing", new Interval(0.1, 0.2), new Interval(1, 0.5))
                .control("something", new Interval(0.3, 0.2), new Interval(1, 0.5))
                .control("noise", new Interval(0.1, 1.2), new Interval(1, 0.5))
                .control("one seed", new Interval(0, Double.NaN), new Interval(1, Double.NaN))
                .toString();
        assertThat(section.lines().filter(line -> !line.isEmpty()))
                .containsExactly(
                        "## Title",
                        "**Prediction.** It grows.",
                        "**Holds.** more: 1.000 ± 0.500.",
                        "**Does not hold here.** more than a half: 1.000 ± 0.500.",
                        "**One seed decides nothing.** one seed: 1.000.",
                        "**Holds.** Control: nothing: 0.100 ± 0.200.",
                        "**Does not hold here.** Control: something: 0.300 ± 0.200.",
                        "**Nothing is decided.** Control: noise: 0.100 ± 1.200, which is too wide to be told from the"
                                + " effect, 1.000 ± 0.500.",
                        "**One seed decides nothing.** Control: one seed: 0.000.");
    }
}
