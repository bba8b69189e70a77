package gradus.lessons.lab.grokking;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The table of `(a + b) mod p`: all p² sums, of which a part is learned and all others are held out.
///
/// @param p     the modulus, at least 5
/// @param share of the table that is learned, above 0 and below 1
record SumTable(int p, double share) {
    private static final int LEAST = 5;

    /// Sums, as the model reads them.
    ///
    /// @param pairs   (B, 3): a, p + b and 2p, see [ModularAdder]
    /// @param targets (B), `(a + b) mod p`
    record Sums(Indices pairs, Indices targets) {}

    /// @throws gradus.error.ConfigException if nothing would be learned, or nothing held out
    SumTable {
        require(p >= LEAST, "p must be at least 5; got %d", p);
        require(share > 0 && share < 1, "the share must be above 0 and below 1; got %s", share);
        require(
                Math.round(share * p * p) >= 1 && Math.round(share * p * p) < (long) p * p,
                "of %d sums, a share of %s leaves none to learn or none to hold out",
                p * p,
                share);
    }

    /// How many sums are learned.
    int count() {
        return (int) Math.round(share * p * p);
    }

    /// The sums that are learned. Of two shares, the larger one has all sums of the smaller.
    Sums learned(Rng rng) {
        return sums(order(p * p, rng).subList(0, count()));
    }

    /// All others.
    Sums heldOut(Rng rng) {
        return sums(order(p * p, rng).subList(count(), p * p));
    }

    /// The vectors of the p numbers, row after row, in random order.
    double[] shuffled(double[] table, Rng rng) {
        int channels = table.length / p;
        List<Integer> order = order(p, rng);
        double[] other = new double[table.length];
        for (int n = 0; n < p; n++) {
            System.arraycopy(table, order.get(n) * channels, other, n * channels, channels);
        }
        return other;
    }

    private static List<Integer> order(int count, Rng rng) {
        return IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> rng.bits(i)))
                .toList();
    }

    private Sums sums(List<Integer> cells) {
        int[] read = new int[3 * cells.size()];
        int[] targets = new int[cells.size()];
        for (int i = 0; i < targets.length; i++) {
            int a = cells.get(i) / p;
            int b = cells.get(i) % p;
            read[3 * i] = a;
            read[3 * i + 1] = p + b;
            read[3 * i + 2] = 2 * p;
            targets[i] = (a + b) % p;
        }
        return new Sums(Indices.of(Shape.of(targets.length, 3), read), Indices.of(targets));
    }
}
