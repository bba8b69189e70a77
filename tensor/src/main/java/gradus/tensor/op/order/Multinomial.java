package gradus.tensor.op.order;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Draws the numbers of categories by their weights, as `torch.multinomial`. Row r draws from the generator's
/// stream `rng.at(r)`, so the same generator gives the same draws. Draws have no gradient.
///
/// With replacement a draw is the category that a uniform number falls into on the line of added-up weights.
/// Without, category i waits `-ln(u)/wᵢ` for a uniform number u, and those that come first are drawn: the
/// next to come is i with probability `wᵢ/Σ w` over those still waiting, whatever came before (Efraimidis &
/// Spirakis 2006).
public final class Multinomial {
    private Multinomial() {}

    /// **Shapes** weights (n) → (draws); weights (rows, n) → (rows, draws)
    ///
    /// @param weights at least 0, finite, and not all 0 in a row; they need not add up to 1
    public static Indices draw(Tensor weights, int draws, boolean replacement, Rng rng) {
        given(weights, "multinomial", "a tensor of weights");
        given(rng, "multinomial", "a generator");
        require(
                weights.rank() == 1 || weights.rank() == 2,
                "multinomial: weights must be (n) or (rows, n); got %s",
                weights.shape());
        require(draws >= 1, "multinomial: at least 1 must be drawn; got %d", draws);
        int n = weights.dim(-1);
        int rows = weights.size() / n;
        double[] all = weights.toArray();
        int[] drawn = new int[Math.multiplyExact(rows, draws)];
        for (int row = 0; row < rows; row++) {
            int possible = requireWeights(all, row, n);
            require(
                    replacement || draws <= possible,
                    "multinomial: %d of row %d cannot be drawn without replacement; %d weights are above 0",
                    draws,
                    row,
                    possible);
            Rng stream = rng.at(row);
            if (replacement) {
                withReplacement(all, row * n, n, stream, drawn, row * draws, draws);
            } else {
                withoutReplacement(all, row * n, n, stream, drawn, row * draws, draws);
            }
        }
        return Indices.of(weights.rank() == 1 ? Shape.of(draws) : Shape.of(rows, draws), drawn);
    }

    /// The number of weights above 0.
    private static int requireWeights(double[] all, int row, int n) {
        int possible = 0;
        for (int i = 0; i < n; i++) {
            double weight = all[row * n + i];
            require(
                    weight >= 0 && Double.isFinite(weight),
                    "multinomial: weights must be finite and at least 0; weight %d of row %d is %s",
                    i,
                    row,
                    weight);
            possible += weight > 0 ? 1 : 0;
        }
        require(possible > 0, "multinomial: one weight at least must be above 0; row %d has none", row);
        return possible;
    }

    private static void withReplacement(double[] all, int start, int n, Rng rng, int[] drawn, int to, int draws) {
        double[] below = new double[n + 1]; // the sum of the weights before each
        for (int i = 0; i < n; i++) {
            below[i + 1] = below[i] + all[start + i];
        }
        for (int j = 0; j < draws; j++) {
            double point = rng.uniform(j) * below[n];
            int i = 0;
            while (below[i + 1] <= point && i < n - 1) {
                i++;
            }
            while (all[start + i] == 0) { // rounding may have gone past the last one
                i--;
            }
            drawn[to + j] = i;
        }
    }

    private static void withoutReplacement(double[] all, int start, int n, Rng rng, int[] drawn, int to, int draws) {
        double[] arrival = new double[n];
        for (int i = 0; i < n; i++) {
            double weight = all[start + i];
            arrival[i] = weight == 0 ? Double.POSITIVE_INFINITY : -StrictMath.log(1 - rng.uniform(i)) / weight;
        }
        for (int j = 0; j < draws; j++) {
            int first = -1;
            for (int i = 0; i < n; i++) {
                if (all[start + i] > 0 && arrival[i] >= 0 && (first < 0 || arrival[i] < arrival[first])) {
                    first = i;
                }
            }
            drawn[to + j] = first;
            arrival[first] = -1; // has gone
        }
    }
}
