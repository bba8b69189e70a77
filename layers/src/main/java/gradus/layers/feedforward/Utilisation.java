package gradus.layers.feedforward;

import java.util.Arrays;

/// How a mixture's work fell out in one forward pass.
///
/// @param tokens  how many tokens each expert saw
/// @param dropped how many wishes found their expert full
public record Utilisation(int[] tokens, int dropped) {

    /// The busiest expert's share over the mean: 1 in balance, E where one does everything.
    public double imbalance() {
        double mean = Arrays.stream(tokens).average().orElse(0);
        return mean == 0 ? 1 : Arrays.stream(tokens).max().orElse(0) / mean;
    }

    /// The part of all wishes that was dropped.
    public double droppedFraction() {
        int wishes = Arrays.stream(tokens).sum() + dropped;
        return wishes == 0 ? 0 : dropped / (double) wishes;
    }
}
