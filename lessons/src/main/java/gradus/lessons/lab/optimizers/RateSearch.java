package gradus.lessons.lab.optimizers;

import gradus.lessons.lab.fit.Parabola;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/// The best learning rate of a grid with equal ratios. The grid begins with a middle rate and its two neighbours, and
/// goes on while its best rate is at an end of it.
///
/// @param losses by rate; infinite where the training broke off
record RateSearch(NavigableMap<Double, Double> losses) {
    private static final int MOST = 12; // rates

    /// @param middle where it begins
    /// @param ratio  of a rate to the one before, above 1
    /// @param loss   of a rate; NaN counts as the worst
    static RateSearch of(double middle, double ratio, DoubleUnaryOperator loss) {
        NavigableMap<Double, Double> losses = new TreeMap<>();
        int low = -1;
        int high = 1;
        for (int i = low; i <= high; i++) {
            put(losses, middle * Math.pow(ratio, i), loss);
        }
        RateSearch search = new RateSearch(losses);
        while (losses.size() < MOST && !search.inside()) {
            boolean slower = search.best() == losses.firstKey();
            put(losses, middle * Math.pow(ratio, slower ? --low : ++high), loss);
        }
        return search;
    }

    private static void put(NavigableMap<Double, Double> losses, double rate, DoubleUnaryOperator loss) {
        double value = loss.applyAsDouble(rate);
        losses.put(rate, Double.isNaN(value) ? Double.POSITIVE_INFINITY : value);
    }

    /// The rate with the smallest loss.
    double best() {
        return losses.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    /// Whether there is a worse rate on both sides.
    boolean inside() {
        return best() != losses.firstKey() && best() != losses.lastKey();
    }

    /// The vertex of a parabola through the best rate and its neighbours, in the logarithm: the best rate between those
    /// of the grid; the best of the grid where a neighbour broke off or is missing.
    double vertex() {
        Map.Entry<Double, Double> below = losses.lowerEntry(best());
        Map.Entry<Double, Double> above = losses.higherEntry(best());
        if (below == null
                || above == null
                || below.getValue().isInfinite()
                || above.getValue().isInfinite()) {
            return best();
        }
        Parabola parabola = Parabola.of(
                new double[] {below.getKey(), best(), above.getKey()},
                new double[] {below.getValue(), losses.get(best()), above.getValue()});
        return parabola.inside() ? parabola.vertex() : best();
    }
}
