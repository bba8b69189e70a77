package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;

/// Relative position representations: for each distance, one learned vector is added to the key and another
/// to the value. `e_ij = q_i·(k_j + aK_r)/√D`, `z_i = Σ α_ij·(v_j + aV_r)`, `r = clip(j - i, -k, k) + k`, so
/// that all distances beyond k share one vector. Shaw et al. 2018, arXiv:1803.02155. The two tables serve all
/// heads and all blocks.
///
/// The vectors are never added to each key by itself: `q·aK` is computed for every distance and shifted into
/// place, and the weights of a distance are summed before they are multiplied by aV. Costs `4·T·(T+S)·H·D`
/// operations beside the attention.
public final class ShawRelative extends ScorePosition {
    private static final double DEVIATION = 0.02;

    private final int headDim;
    private final int furthest;
    private final Tensor keyTable; // (2k+1, D)
    private final Tensor valueTable; // (2k+1, D)

    /// @param headDim  D
    /// @param furthest k, from which on all distances share one vector
    /// @param rng      random numbers for the initial weights
    /// @throws gradus.error.ConfigException if headDim is below 1 or furthest below 0
    public ShawRelative(int headDim, int furthest, Rng rng) {
        require(headDim >= 1, "ShawRelative: headDim must be at least 1; got %d", headDim);
        require(
                furthest >= 0 && furthest < Integer.MAX_VALUE / 2,
                "ShawRelative: furthest must be from 0 to %d; got %d",
                Integer.MAX_VALUE / 2 - 1,
                furthest);
        this.headDim = headDim;
        this.furthest = furthest;
        this.keyTable = param("key_embedding", WeightKind.TABLE, table(rng.at("key_embedding")));
        this.valueTable = param("value_embedding", WeightKind.TABLE, table(rng.at("value_embedding")));
    }

    private Tensor table(Rng rng) {
        int rows = 2 * furthest + 1;
        return Tensor.lazy(() -> Tensor.randn(rng, rows, headDim).mul(DEVIATION), rows, headDim); // (2k+1, D)
    }

    /// @throws gradus.error.ConfigException if the heads have another size than the tables
    @Override
    public Tensor scores(Tensor q, Tensor k) {
        require(q.dim(3) == headDim, "ShawRelative: heads must have size %d; got %d", headDim, q.dim(3));
        Tensor keys = keyTable.embedding(distances(q.dim(2), k.dim(2))); // (R, D)
        Tensor byDistance = q.matmul(keys, false, true); // (B, H, T, R)
        return q.matmul(k, false, true)
                .add(RelativeShift.toKeys(byDistance, k.dim(2)))
                .div(Math.sqrt(headDim)); // (B, H, T, S)
    }

    @Override
    public Tensor mix(Tensor weights, Tensor v) {
        Tensor values = valueTable.embedding(distances(weights.dim(2), weights.dim(3))); // (R, D)
        return weights.matmul(v).add(RelativeShift.toDistances(weights).matmul(values)); // (B, H, T, D)
    }

    /// The row of the tables for each of the T+S-1 distances; the last query stands at the last key.
    private Indices distances(int queries, int keys) {
        int[] rows = new int[queries + keys - 1];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Math.clamp(r - (keys - 1), -furthest, furthest) + furthest;
        }
        return Indices.of(rows); // (T+S-1)
    }
}
