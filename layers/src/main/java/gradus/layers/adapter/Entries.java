package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Combines the matrices A of several LoRAs entry by entry, and their matrices B likewise.
final class Entries {
    private Entries() {}

    private static void requireDensity(double density) {
        require(density > 0 && density <= 1, "adapters: density must be in (0, 1]; got %s", density);
    }

    /// Which entries of some matrices stay, as arrays; the others become 0.
    @FunctionalInterface
    interface Kept {
        /// @param side "A" or "B", which with the layer decides random numbers
        double[][] of(double[][] entries, String layer, String side);
    }

    /// How the matrices become one.
    @FunctionalInterface
    interface Sum {
        double[] of(double[][] entries, double[] factors);
    }

    static LowRank apart(String layer, List<LowRank> pairs, double[] factors, Kept kept, Sum sum) {
        int r = pairs.getFirst().a().dim(0);
        for (LowRank pair : pairs) {
            require(
                    pair.a().dim(0) == r,
                    "adapters: on %s the ranks must be equal for this combination; got %d and %d; use cat or svd",
                    layer,
                    r,
                    pair.a().dim(0));
        }
        double[] plain = Arrays.stream(factors).map(c -> Math.sqrt(Math.abs(c))).toArray();
        double[] signed = IntStream.range(0, plain.length)
                .mapToDouble(i -> Math.copySign(plain[i], factors[i]))
                .toArray();
        return new LowRank(
                combined(
                        pairs.stream().map(LowRank::a).toList(),
                        entries -> sum.of(kept.of(entries, layer, "A"), signed)),
                combined(
                        pairs.stream().map(LowRank::b).toList(),
                        entries -> sum.of(kept.of(entries, layer, "B"), plain)));
    }

    private static Tensor combined(List<Tensor> matrices, Function<double[][], double[]> how) {
        Tensor first = matrices.getFirst();
        double[][] entries = matrices.stream().map(Tensor::toArray).toArray(double[][]::new);
        return Tensor.of(how.apply(entries), first.shape().dims()).to(first.dtype());
    }

    static Kept all() {
        return (entries, layer, side) -> entries;
    }

    static double[] sum(double[][] entries, double[] factors) {
        double[] sum = new double[entries[0].length];
        for (int i = 0; i < entries.length; i++) {
            for (int j = 0; j < sum.length; j++) {
                sum[j] += factors[i] * entries[i][j];
            }
        }
        return sum;
    }

    /// For each place, the mean of the weighted entries that have the sign of the sum of the unweighted ones.
    static double[] elected(double[][] entries, double[] factors) {
        double[] merged = new double[entries[0].length];
        for (int j = 0; j < merged.length; j++) {
            double total = 0;
            for (double[] each : entries) {
                total += each[j];
            }
            double sign = total >= 0 ? 1 : -1;
            int count = 0;
            for (int i = 0; i < entries.length; i++) {
                if (Math.signum(entries[i][j]) == sign) {
                    merged[j] += factors[i] * entries[i][j];
                    count++;
                }
            }
            merged[j] /= Math.max(1, count);
        }
        return merged;
    }

    /// The largest, so many of each matrix.
    static Kept largest(double density) {
        requireDensity(density);
        return (entries, layer, side) ->
                Arrays.stream(entries).map(each -> largest(each, density)).toArray(double[][]::new);
    }

    private static double[] largest(double[] entries, double density) {
        int kept = (int) (density * entries.length);
        int[] order = IntStream.range(0, entries.length)
                .boxed()
                .sorted((x, y) -> Double.compare(Math.abs(entries[y]), Math.abs(entries[x])))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] pruned = new double[entries.length];
        for (int i = 0; i < kept; i++) {
            pruned[order[i]] = entries[order[i]];
        }
        return pruned;
    }

    /// Those that stay by chance, divided by it.
    static Kept random(double density, Rng rng) {
        requireDensity(density);
        return (entries, layer, side) -> random(entries, density, rng.at(layer).at(side));
    }

    private static double[][] random(double[][] entries, double density, Rng rng) {
        double[][] pruned = new double[entries.length][entries[0].length];
        for (int i = 0; i < entries.length; i++) {
            Rng own = rng.at(i).at(entries[i].length);
            for (int j = 0; j < entries[i].length; j++) {
                pruned[i][j] = own.uniform(j) < density ? entries[i][j] / density : 0;
            }
        }
        return pruned;
    }
}
