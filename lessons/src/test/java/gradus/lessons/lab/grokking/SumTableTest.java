package gradus.lessons.lab.grokking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.lab.grokking.SumTable.Sums;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SumTableTest {

    private static List<String> written(Sums sums, int p) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < sums.targets().size(); i++) {
            int a = sums.pairs().get(3 * i);
            int b = sums.pairs().get(3 * i + 1) - p;
            assertThat(sums.pairs().get(3 * i + 2)).isEqualTo(2 * p);
            assertThat(sums.targets().get(i)).isEqualTo((a + b) % p);
            all.add(a + "+" + b);
        }
        return all;
    }

    @Property(tries = 200)
    void everySumIsEitherLearnedOrHeldOut(
            @ForAll long seed,
            @ForAll @IntRange(min = 5, max = 13) int p,
            @ForAll @IntRange(min = 5, max = 80) int share) {
        SumTable table = new SumTable(p, share / 100.0);
        List<String> learned = written(table.learned(Rng.of(seed)), p);
        List<String> heldOut = written(table.heldOut(Rng.of(seed)), p);
        assertThat((double) learned.size()).isCloseTo(share / 100.0 * p * p, within(0.5));
        Set<String> all = new HashSet<>(learned);
        all.addAll(heldOut);
        Set<String> cells = new HashSet<>();
        for (int a = 0; a < p; a++) {
            for (int b = 0; b < p; b++) {
                cells.add(a + "+" + b);
            }
        }
        assertThat(all).isEqualTo(cells);
        assertThat(learned.size() + heldOut.size()).isEqualTo(p * p);
        assertThat(written(new SumTable(p, 0.9).learned(Rng.of(seed)), p)).containsAll(learned);
    }

    @Test
    void seedsDrawOtherSumsInNoOrder() {
        SumTable table = new SumTable(11, 0.5);
        List<String> one = written(table.learned(Rng.of(1)), 11);
        assertThat(one)
                .isNotEqualTo(written(table.learned(Rng.of(2)), 11))
                .isNotEqualTo(one.stream().sorted().toList());
    }

    @Test
    void tablesWithNothingToLearnAreRefused() {
        for (double share : new double[] {0, 1, 0.999, 0.01, Double.NaN}) {
            assertThatThrownBy(() -> new SumTable(5, share)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> new SumTable(4, 0.5)).hasMessage("p must be at least 5; got 4");
    }

    /// The whole transformer for one sum, every place of it, in plain loops.
    private static double[] oracle(SequencedMap<String, Tensor> weights, int p, int dim, int heads, int a, int b) {
        int[] ids = {a, b, p};
        double[][] x = new double[3][dim];
        for (int t = 0; t < 3; t++) {
            for (int c = 0; c < dim; c++) {
                x[t][c] = weights.get("wte.weight").toArray()[ids[t] * dim + c]
                        + weights.get("wpe.weight").toArray()[t * dim + c];
            }
        }
        int size = dim / heads;
        double[] q = times(weights, "q_proj", x[2]);
        double[] mixed = new double[dim];
        for (int h = 0; h < heads; h++) {
            double[] e = new double[3];
            double sum = 0;
            for (int s = 0; s < 3; s++) {
                double[] k = times(weights, "k_proj", x[s]);
                double dot = 0;
                for (int d = h * size; d < (h + 1) * size; d++) {
                    dot += q[d] * k[d];
                }
                e[s] = Math.exp(dot / Math.sqrt(size));
                sum += e[s];
            }
            for (int s = 0; s < 3; s++) {
                double[] v = times(weights, "v_proj", x[s]);
                for (int d = h * size; d < (h + 1) * size; d++) {
                    mixed[d] += e[s] / sum * v[d];
                }
            }
        }
        double[] y = plus(x[2], times(weights, "o_proj", mixed));
        double[] hidden =
                plus(times(weights, "mlp.c_fc", y), weights.get("mlp.c_fc.bias").toArray());
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = Math.max(0, hidden[i]);
        }
        double[] added = plus(
                times(weights, "mlp.c_proj", hidden),
                weights.get("mlp.c_proj.bias").toArray());
        return times(weights, "lm_head", plus(y, added));
    }

    private static double[] times(SequencedMap<String, Tensor> weights, String name, double[] x) {
        double[] w = weights.get(name + ".weight").toArray();
        double[] y = new double[w.length / x.length];
        for (int i = 0; i < w.length; i++) {
            y[i / x.length] += w[i] * x[i % x.length];
        }
        return y;
    }

    private static double[] plus(double[] x, double[] y) {
        double[] sum = new double[x.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = x[i] + y[i];
        }
        return sum;
    }

    @Test
    void theModelIsAWholeTransformer() {
        int p = 5;
        ModularAdder model = new ModularAdder(p, 8, 2, Rng.of(3));
        Indices pairs = Indices.of(Shape.of(3, 3), new int[] {1, p + 4, 2 * p, 4, p + 1, 2 * p, 0, p, 2 * p});
        double[] logits = model.forward(pairs).toArray();
        int[][] sums = {{1, 4}, {4, 1}, {0, 0}};
        for (int i = 0; i < 3; i++) {
            double[] own = oracle(model.namedParameters(), p, 8, 2, sums[i][0], sums[i][1]);
            for (int j = 0; j < p; j++) {
                assertThat(logits[i * p + j]).isCloseTo(own[j], within(1e-5));
            }
        }
        double[] tokens = model.namedParameters().get("wte.weight").toArray();
        assertThat(model.numbers().toArray()).hasSize(p * 8).startsWith(tokens[0], tokens[1]);
    }
}
