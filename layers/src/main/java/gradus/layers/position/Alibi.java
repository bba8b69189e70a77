package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;

/// Attention with linear biases: `logit(i, j) += -m_h·|i - j|`, added before the softmax. Nothing is learned,
/// and positions are used nowhere else. Press et al. 2022, arXiv:2108.12409. A head with a steep slope
/// attends to near keys, one with a flat slope also to distant keys. A longer sequence only brings larger
/// distances under the same rule, so a trained model can read it.
///
/// With H a power of two `m_h = 2^(-8(h+1)/H)`. Otherwise the slopes for the next lower power p come first,
/// then every second one of those for 2p, as in the authors' code. The paper, for causal models, adds `m·j`,
/// which gives the same softmax; the distance used here also works in encoders.
public final class Alibi extends BiasPosition {
    private final double[] slopes;

    /// @param heads H, any number
    /// @throws gradus.error.ConfigException if heads is below 1
    public Alibi(int heads) {
        require(heads >= 1, "Alibi: heads must be at least 1; got %d", heads);
        this.slopes = slopes(heads);
    }

    private static double[] slopes(int heads) {
        int power = Integer.highestOneBit(heads);
        double[] slopes = new double[heads];
        for (int h = 0; h < heads; h++) {
            slopes[h] = h < power ? slope(h, power) : slope(2 * (h - power), 2 * power);
        }
        return slopes;
    }

    private static double slope(int head, int heads) {
        return Math.pow(2, -8.0 * (head + 1) / heads);
    }

    /// m of each head.
    public double[] slopes() {
        return slopes.clone();
    }

    @Override
    public Tensor bias(int queries, int keys, DType dtype) {
        int distances = queries + keys - 1;
        double[] values = new double[slopes.length * distances];
        for (int h = 0; h < slopes.length; h++) {
            for (int r = 0; r < distances; r++) {
                values[h * distances + r] = -slopes[h] * Math.abs(r - (keys - 1));
            }
        }
        return Tensor.of(values, slopes.length, distances).to(dtype); // (H, T+S-1)
    }
}
