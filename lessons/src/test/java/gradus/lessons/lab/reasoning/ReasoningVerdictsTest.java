package gradus.lessons.lab.reasoning;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.lab.measure.SeedTable;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the parts say of numbers that are made up, seed by seed: which rows are compared, with which sign and bound.
class ReasoningVerdictsTest {
    /// Two seeds. The first is better at all by 0.4, which no difference of rows shows.
    private static void put(SeedTable table, String row, double second) {
        table.put(row, second + 0.4, 0);
        table.put(row, second, 0);
    }

    private static SeedTable tree(double random) {
        SeedTable table = new SeedTable("search", 3, "solved", "calls of the model");
        put(table, "chain, greedy", 0.1);
        put(table, "breadth first, b = 1", 0.17);
        put(table, "breadth first, b = 3", 0.3);
        put(table, "depth first", 0.31);
        put(table, "b = 3, values drawn at random", random);
        put(table, "b = 3, true values", 0.35);
        return table;
    }

    @Test
    void treesAgainstChains() {
        assertThat(TreePart.standard().section(tree(0.1)))
                .contains(
                        "**Holds.** A tree with b = 3 solves more held-out puzzles than the chain, by: 0.200 ± 0.000.")
                .contains("**Holds.** It solves more than with b = 1, by: 0.130 ± 0.000.")
                .contains("**Holds.** Control: with values drawn at random")
                .contains(
                        "**Holds.** True values solve more than the model's own, which is what its judgement costs, by: 0.050");
        assertThat(TreePart.standard().section(tree(0.12)))
                .contains("**Does not hold here.** Control: with values drawn at random");
    }

    private static SeedTable tools(double wrong, double... without) {
        SeedTable table = new SeedTable("tools", 3, "right", "says what the tool brought");
        for (double each : without) {
            table.put("with the calculator", 0.9 + each, 1);
            table.put("without a tool", each, Double.NaN);
            table.put("with a calculator that is one off", each + wrong, 1);
            table.put("with a calculator that answers at random", each + 2 * wrong, 1);
        }
        return table;
    }

    @Test
    void toolsAgainstNone() {
        assertThat(ToolPart.standard().section(tools(0, 0.02, 0.02)))
                .contains("**Holds.** More answers are right with the calculator, by: 0.900 ± 0.000.")
                .contains("**Holds.** Without a tool less than one answer in twenty is right: 0.020 ± 0.000.")
                .contains("**Holds.** Control: with a calculator that is one off")
                .contains("**Holds.** Control: nor with one that answers at random");
        String other = ToolPart.standard().section(tools(0.1, 0, 0.06));
        assertThat(other)
                .as("a mean of 0.03 whose interval reaches beyond 0.05")
                .contains("**Does not hold here.** Without a tool less than one answer in twenty is right: 0.030 ± ")
                .contains(
                        "**Does not hold here.** Control: with a calculator that is one off, no more answers are right"
                                + " than without; the difference: 0.100 ± 0.000.")
                .contains(
                        "**Does not hold here.** Control: nor with one that answers at random; the difference: 0.200");
    }

    @Test
    void theOneOffCalculatorIsOneOff() throws Exception {
        assertThat(ToolPart.oneOff().use("12 * 12")).isEqualTo("145");
    }

    private static SeedTable demonstrations(double exchanged) {
        SeedTable table = new SeedTable("demonstrations", 3, "right", "words shown");
        put(table, "no demonstrations", 0.1);
        put(table, "random questions", 0.25);
        put(table, "AutoCot", 0.5);
        put(table, "true rationales, one of each word", 0.55);
        put(table, "AutoCot, rules exchanged", exchanged);
        return table;
    }

    @Test
    void demonstrationsAgainstNone() {
        assertThat(DemonstrationPart.standard().section(demonstrations(0.1)))
                .contains("**Holds.** Few-shot is better than zero-shot, by: 0.400 ± 0.000.")
                .contains("**Holds.** AutoCot's demonstrations are better than those of random questions, by: 0.250 ±")
                .contains("**Does not hold here.** Without demonstrations one in six is right, within 0.05: 0.300 ±")
                .contains("**Does not hold here.** With a true one of each word more than 0.9 are right: 0.750 ±")
                .contains("**Holds.** Control: with the rules exchanged they are not better than none");
        SeedTable alike = new SeedTable("demonstrations", 3, "right", "words shown");
        for (int seed = 0; seed < 2; seed++) {
            for (String row : List.of("no demonstrations", "AutoCot, rules exchanged")) {
                alike.put(row, 0.15, 0);
            }
            for (String row : List.of("random questions", "AutoCot", "true rationales, one of each word")) {
                alike.put(row, 0.95, 1);
            }
        }
        assertThat(DemonstrationPart.standard().section(alike))
                .contains("**Holds.** Without demonstrations one in six is right, within 0.05: 0.150 ± 0.000.")
                .contains("**Holds.** With a true one of each word more than 0.9 are right: 0.950 ± 0.000.");
        assertThat(DemonstrationPart.standard().section(demonstrations(0.2)))
                .contains("**Does not hold here.** Control: with the rules exchanged they are not better than none; the"
                        + " difference: 0.100 ± 0.000.");
    }

    private static String speculative(double clock, double same, double alone) {
        SeedTable speed = new SeedTable(
                "tokens drafted at a time",
                2,
                "accepted",
                "tokens a pass of the target",
                "times as fast by the clock",
                "by processor time");
        SeedTable equal = new SeedTable("χ²", 3, "p, speculative", "p, draft alone");
        for (int seed = 0; seed < 2; seed++) {
            for (String ahead : new String[] {"1", "2", "4", "6"}) {
                speed.put(ahead, 0.8, ahead.equals("4") ? 3.5 : 9, ahead.equals("4") ? clock : 9, 1.25);
            }
            equal.put("p-value", seed == 0 ? same : 0.5, seed == 0 ? alone : 0);
        }
        return SpeculativePart.standard().section(speed, equal, 2);
    }

    /// A test of each seed at a level of 0.01 over their number: 0.005 of two.
    @Test
    void speedAndDistribution() {
        assertThat(speculative(1.4, 0.006, 0.004))
                .contains("**Holds.** With 4 drafted tokens a pass gives more than one token: 3.500 ± 0.000.")
                .contains("**Holds.** By the clock it is at least 1.3 times as fast: 1.400 ± 0.000.")
                .contains("**Does not hold here.** By processor time it is at least 1.3 times as fast: 1.250 ± 0.000.")
                .contains("**Holds.** The distribution is the target's: in 2 of 2 seeds")
                .contains("**Holds.** Control: the draft alone is told from the target in 2 of 2 seeds");
        assertThat(speculative(1.3, 0.004, 0.006))
                .contains("**Does not hold here.** By the clock")
                .contains("**Does not hold here.** The distribution is the target's: in 1 of 2 seeds")
                .contains("**Does not hold here.** Control: the draft alone is told from the target in 1 of 2 seeds");
    }
}
