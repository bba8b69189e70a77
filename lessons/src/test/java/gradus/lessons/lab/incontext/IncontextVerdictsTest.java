package gradus.lessons.lab.incontext;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.lab.measure.SeedTable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the parts say of numbers that are made up. The second seed has 0.4 more everywhere, which no difference shows.
class IncontextVerdictsTest {
    private static void put(SeedTable table, String row, double... values) {
        table.put(row, values);
        table.put(row, Arrays.stream(values).map(each -> each + 0.4).toArray());
    }

    /// With 6 examples the errors are twice those with 10.
    private static void linear(SeedTable table, String row, double value) {
        put(
                table,
                row,
                IntStream.rangeClosed(0, 10)
                        .mapToDouble(k -> k == 6 ? 2 * value : k == 10 ? value : 9)
                        .toArray());
    }

    /// Of 3 dimensions and noise 0.5, always 0 has 3.25: a quarter of the way from ridge's mean of 0.25 is 0.75.
    private static String linear(double model, double shuffled) {
        String[] counts =
                IntStream.rangeClosed(0, 10).mapToObj(Integer::toString).toArray(String[]::new);
        SeedTable table = new SeedTable("squared error", 2, counts);
        linear(table, "the model", model);
        linear(table, "ridge, λ = σ²: the best there is", 0.05);
        linear(table, "least squares, shortest", 0.6);
        linear(table, "always 0", 3);
        linear(table, "the model, y shuffled among the examples", shuffled);
        return new LinearPart(LinearRecipe.standard(), 1).section(table, "10");
    }

    @Test
    void linearFunctions() {
        assertThat(linear(0.55, 3))
                .contains("**Holds.** With 10 examples the model's error is below that of always 0, by: 2.450 ± 0.000.")
                .contains("**Holds.** It exceeds that of ridge regression by less than 0.75")
                .contains("by: 0.500 ± 0.000.")
                .contains("**Holds.** With 6 noisy examples")
                .contains("least squares, by: 0.100 ± 0.000.")
                .contains("**Holds.** Control: with y shuffled among 10 examples");
        assertThat(linear(0.85, 2.9))
                .contains("**Does not hold here.** It exceeds that of ridge")
                .contains("**Does not hold here.** With 6 noisy examples")
                .contains(
                        "**Does not hold here.** Control: with y shuffled among 10 examples, the error is not below that"
                                + " of always 0; the difference: 0.100 ± 0.000.");
    }

    @Test
    void eachYMovesToTheExampleBehind() {
        double[] y = {1, 2, 3, 4, 5};
        assertThat(LinearPart.moved(y, 3)).containsExactly(3, 1, 2, 4, 5);
        assertThat(y).containsExactly(1, 2, 3, 4, 5);
    }

    private static String markov(double loss, double one, int ordered) {
        SeedTable end = new SeedTable("after training", 4, "KL to uniform", "to unigram", "to bigram", "loss");
        put(end, "two layers", 9, 0.3, 0.1, loss);
        put(end, "one layer", 9, 0.2, one, 9);
        put(end, "two layers, lessons of independent tokens", 9, 0.1, 0.25, 9);
        put(end, "the unigram rule itself", Double.NaN, 0, Double.NaN, 9);
        put(end, "the bigram rule itself", Double.NaN, Double.NaN, 0, 1);
        SeedTable phases = new SeedTable("nearest to", 0, "from step", "to step");
        put(phases, "uniform", 0, 8);
        return MarkovPart.standard().section(end, phases, ordered, 2);
    }

    @Test
    void markovChains() {
        assertThat(markov(1.02, 0.3, 2))
                .contains("**Holds.** Uniform, unigram and bigram come in this order, each once, in 2 of 2 seeds")
                .contains("at the end, by: 0.200 ± 0.000.")
                .contains("**Holds.** The loss at the end exceeds")
                .contains("by: 0.020 ± 0.000.")
                .contains("**Holds.** Control: one layer stays farther from the bigram rule, by: 0.200 ± 0.000.")
                .contains("independent tokens, by: 0.150 ± 0.000.");
        assertThat(markov(1.05, 0.05, 1))
                .contains("**Does not hold here.** Uniform, unigram")
                .contains("**Does not hold here.** The loss at the end")
                .contains("**Does not hold here.** Control: one layer");
    }

    /// Three pairs of six keys: a value that was shown is right in a third, any in a sixth.
    private static String recall(double two, double one, double absent, double exchanged) {
        SeedTable table = new SeedTable("model and test", 3, "right");
        for (int seed = 0; seed < 2; seed++) {
            table.put("two layers", two);
            table.put("one layer", one);
            table.put("two layers, keys that were not there", absent);
            table.put("two layers, values exchanged", exchanged);
        }
        return new RecallPart(RecallRecipe.standard(), 1).section(table);
    }

    @Test
    void associativeRecall() {
        assertThat(recall(0.96, 0.4, 1 / 6.0, 0))
                .contains("**Holds.** Two layers are right in more than 95 of 100: 0.960 ± 0.000.")
                .contains("**Holds.** They are better than one layer, by: 0.560 ± 0.000.")
                .contains("**Holds.** One layer does little better")
                .contains("it does by: 0.067 ± 0.000.")
                .contains("**Holds.** Control: of keys that were not there, no more are right than by chance; the"
                        + " difference: 0.000 ± 0.000.")
                .contains("**Holds.** Control: nor with the values exchanged; the difference: -0.167 ± 0.000.");
        assertThat(recall(0.94, 0.45, 0.2, 0.3))
                .contains("**Does not hold here.** Two layers are right")
                .contains("**Does not hold here.** One layer does little better")
                .contains("**Does not hold here.** Control: of keys that were not there")
                .contains("**Does not hold here.** Control: nor with the values");
    }
}
