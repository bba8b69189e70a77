package gradus.lessons.retrieve.chunk;

import static gradus.error.ConfigException.require;

import java.util.Arrays;

/// Which of the distances between neighbouring sentences are large enough to cut there. All rules compare by
/// "greater", so that equal distances give no cut. The first four are those of LangChain's SemanticChunker.
public sealed interface BreakRule {

    /// For each distance, whether it is a cut. There is at least one distance.
    boolean[] breaks(double... distances);

    /// Cuts at distances above a percentile: the 95th makes about one of twenty places a cut, however alike the
    /// sentences are.
    record Percentile(double percent) implements BreakRule {
        public Percentile {
            requirePercent(percent);
        }

        @Override
        public boolean[] breaks(double... distances) {
            return above(percentile(percent, distances), distances);
        }
    }

    /// Cuts at distances above `mean + factor · σ`, with the population's standard deviation σ.
    record Deviation(double factor) implements BreakRule {
        public Deviation {
            requireFactor(factor);
        }

        @Override
        public boolean[] breaks(double... distances) {
            double mean = mean(distances);
            double variance =
                    Arrays.stream(distances).map(d -> (d - mean) * (d - mean)).sum() / distances.length;
            return above(mean + factor * Math.sqrt(variance), distances);
        }
    }

    /// Cuts at distances above `mean + factor · (Q₃ − Q₁)`, with the quartiles Q₁ and Q₃.
    record Interquartile(double factor) implements BreakRule {
        public Interquartile {
            requireFactor(factor);
        }

        @Override
        public boolean[] breaks(double... distances) {
            double range = percentile(75, distances) - percentile(25, distances);
            return above(mean(distances) + factor * range, distances);
        }
    }

    /// Cuts where the distance *rises* fastest: where its gradient lies above the gradients' percentile. The
    /// gradient is `(d_{i+1} − d_{i−1}) / 2`, and at the ends the difference of the two that are there, as in
    /// NumPy. A single distance has none, and is no cut.
    record Gradient(double percent) implements BreakRule {
        public Gradient {
            requirePercent(percent);
        }

        @Override
        public boolean[] breaks(double... distances) {
            int last = distances.length - 1;
            if (last == 0) {
                return new boolean[1];
            }
            double[] gradient = new double[last + 1];
            for (int i = 0; i <= last; i++) {
                int before = Math.max(i - 1, 0);
                int after = Math.min(i + 1, last);
                gradient[i] = (distances[after] - distances[before]) / (after - before);
            }
            return above(percentile(percent, gradient), gradient);
        }
    }

    /// Cuts at distances above the percentile that makes so many chunks: a straight line leads from as many
    /// chunks as distances, percentile 0, to one chunk, percentile 100. Of distances d₁ ≤ … ≤ dₘ this is dₘ₋ₙ₊₁
    /// itself, so that n − 1 are greater; fewer if some are equal. It is taken from its place, since a
    /// percentage that is rounded could fall on either side of it.
    record NumberOfChunks(int chunks) implements BreakRule {
        public NumberOfChunks {
            require(chunks > 0, "NumberOfChunks: there must be at least 1 chunk; got %d", chunks);
        }

        @Override
        public boolean[] breaks(double... distances) {
            double[] sorted = distances.clone();
            Arrays.sort(sorted);
            return above(sorted[sorted.length - Math.min(chunks, sorted.length)], distances);
        }
    }

    /// The value below which `percent` of a hundred values lie. Between two of the sorted values it goes in a
    /// straight line, as NumPy does: of n values the place is `percent / 100 · (n − 1)`, counted from 0.
    static double percentile(double percent, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double place = percent / 100 * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
    }

    private static double mean(double... values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static boolean[] above(double threshold, double... values) {
        boolean[] above = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            above[i] = values[i] > threshold;
        }
        return above;
    }

    private static void requirePercent(double percent) {
        require(percent >= 0 && percent <= 100, "a percentile must lie between 0 and 100; got %s", percent);
    }

    private static void requireFactor(double factor) {
        require(Double.isFinite(factor) && factor >= 0, "the factor must be 0 or more; got %s", factor);
    }
}
