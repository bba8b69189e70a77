package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// Transformer-XL's relative positions: `logit(i, j) = ((q_i + u)·k_j + (q_i + v)·W_R·R_{i-j})/√D`, where R
/// is a sinusoid of the distance. The learned vectors u and v are the same for all queries: u is added for
/// the product with the content, v for the product with the distance. Dai et al. 2019, arXiv:1901.02860, 3.3.
/// u, v and W_R serve all blocks, as in the authors' code.
///
/// Only distances matter, so keys of an earlier segment can be put before those of the current one: with S
/// keys for T queries, the last query stands at the last key. Costs `2·T·(T+S)·H·D` operations beside the
/// attention.
public final class TransformerXlRelative extends ScorePosition {
    private static final double DEVIATION = 0.02;
    private static final double BASE = 10_000;

    private final int heads;
    private final int headDim;
    private final Tensor contentBias; // u, (H, D)
    private final Tensor distanceBias; // v, (H, D)
    private final Linear distances; // W_R, (R, H·D) → (R, H·D)

    /// The sinusoid has as many channels as all heads together.
    ///
    /// @param heads   H
    /// @param headDim D
    /// @param rng     random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1 or their product odd
    public TransformerXlRelative(int heads, int headDim, Rng rng) {
        require(heads >= 1, "TransformerXlRelative: heads must be at least 1; got %d", heads);
        require(headDim >= 1, "TransformerXlRelative: headDim must be at least 1; got %d", headDim);
        int dim = heads * headDim;
        require(
                dim % 2 == 0,
                "TransformerXlRelative: heads·headDim must be even, for sines and cosines; got %d·%d",
                heads,
                headDim);
        this.heads = heads;
        this.headDim = headDim;
        this.contentBias = param("r_w_bias", WeightKind.TABLE, bias(rng.at("r_w_bias")));
        this.distanceBias = param("r_r_bias", WeightKind.TABLE, bias(rng.at("r_r_bias")));
        this.distances = child("r_net", new Linear(dim, dim, false, rng.at("r_net")).as(WeightKind.TABLE));
    }

    private Tensor bias(Rng rng) {
        return Tensor.lazy(() -> Tensor.randn(rng, heads, headDim).mul(DEVIATION), heads, headDim); // (H, D)
    }

    /// @throws gradus.error.ConfigException if the heads are others than those of u and v
    @Override
    public Tensor scores(Tensor q, Tensor k) {
        require(
                q.dim(1) == heads && q.dim(3) == headDim,
                "TransformerXlRelative: there must be %d heads of %d; got %d of %d",
                heads,
                headDim,
                q.dim(1),
                q.dim(3));
        Tensor content = plus(q, contentBias).matmul(k, false, true); // (B, H, T, S)
        Tensor vectors = distances.forward(sinusoid(q.dim(2), k.dim(2), q.dtype())); // (R, H·D)
        Tensor byDistance = plus(q, distanceBias).matmul(byHead(vectors, q.dim(0)), false, true); // (B, H, T, R)
        return content.add(RelativeShift.toKeys(byDistance, k.dim(2))).div(Math.sqrt(headDim)); // (B, H, T, S)
    }

    /// Queries with u or v added.
    private Tensor plus(Tensor q, Tensor bias) {
        return q.add(bias.reshape(heads, 1, headDim)); // (B, H, T, D)
    }

    /// The vectors of distances for each head of each sequence.
    private Tensor byHead(Tensor vectors, int batch) {
        int count = vectors.dim(0);
        Tensor split = vectors.reshape(1, count, heads, headDim).transpose(1, 2); // (1, H, R, D)
        return split.broadcastTo(batch, heads, count, headDim); // (B, H, R, D)
    }

    /// `[sin | cos]` of the distances S-1 … -(T-1), from the last query to the first key on.
    private Tensor sinusoid(int queries, int keys, DType dtype) {
        int dim = heads * headDim;
        double[] angles = RopeFrequencies.powers(BASE, dim);
        int count = queries + keys - 1;
        double[] values = new double[count * dim];
        for (int r = 0; r < count; r++) {
            int distance = keys - 1 - r;
            for (int i = 0; i < dim / 2; i++) {
                values[r * dim + i] = Math.sin(distance * angles[i]);
                values[r * dim + dim / 2 + i] = Math.cos(distance * angles[i]);
            }
        }
        return Tensor.of(values, count, dim).to(dtype); // (R, H·D)
    }
}
