package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// Shifted sparse attention as LongLoRA's published code does it, **which leaks**: for the second half of
/// the heads q, k and v are rolled by half a group to the left, attended within groups of G by their place
/// in the group, and the result is rolled back. The last rolled group holds the last G/2 tokens before the
/// first G/2, so the first tokens see the last ones, their future. Chen et al. 2023, arXiv:2309.12307,
/// section 3.2, which reports no harm from it in fine-tuning.
///
/// [gradus.layers.attention.mask.ShiftedSparse] is the same without the leak and without moving anything; use
/// that. This one is for comparing.
public final class RolledShiftedSparseAttention extends SelfAttention {
    private final AttentionConfig config;
    private final int group;
    private final Linear project; // (B, T, C) → (B, T, 3·C)
    private final Linear output; // (B, T, C) → (B, T, C)

    /// @param config with K = H, an even number, and D = C/H; its mask is ignored
    /// @param group  G, even, a divisor of the length
    /// @throws gradus.error.ConfigException if the heads or the group are odd
    public RolledShiftedSparseAttention(AttentionConfig config, int group, Rng rng) {
        Projections.requireHalves("RolledShiftedSparseAttention", config);
        // Rolling back by ⌊G/2⌋ undoes a roll by ⌊-G/2⌋ only where G is even.
        require(group >= 2 && group % 2 == 0, "RolledShiftedSparseAttention: group must be even; got %d", group);
        this.config = config;
        this.group = group;
        this.project = child("c_attn", new Linear(config.dim(), 3 * config.dim(), rng.at("c_attn")));
        this.output = child(
                "c_proj", new Linear(config.dim(), config.dim(), rng.at("c_proj")).as(WeightKind.OUTPUT_PROJECTION));
        child("position", config.position());
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @throws gradus.error.ConfigException if the group does not divide T
    @Override
    public Tensor forward(Tensor x) {
        int time = x.dim(1);
        require(
                time % group == 0,
                "RolledShiftedSparseAttention: group must divide the length; got group=%d, length=%d",
                group,
                time);
        Tensor[] qkv = Projections.rotated(project.forward(x), config); // 3 × (B, T, C)
        Tensor straight = Projections.heads(qkv, 0, 2); // (B, T, 3·C/2)
        Tensor shifted = Projections.heads(qkv, 1, 2).indexSelect(1, roll(time, group / 2)); // (B, T, 3·C/2)
        Tensor back = withinGroups(shifted).indexSelect(1, roll(time, -group / 2)); // (B, T, C/2)
        return hooked(output.forward(Tensor.concat(2, withinGroups(straight), back))); // (B, T, C)
    }

    private Tensor withinGroups(Tensor qkv) {
        int batch = qkv.dim(0);
        int time = qkv.dim(1);
        Tensor groups = qkv.reshape(batch * time / group, group, qkv.dim(2)); // (B·T/G, G, 3·C/2)
        Tensor mixed = groups.selfAttention(config.heads() / 2, KeyMask.causal()); // (B·T/G, G, C/2)
        return mixed.reshape(batch, time, qkv.dim(2) / 3); // (B, T, C/2)
    }

    /// Place t takes what stood at `t + by`, going round.
    private static Indices roll(int time, int by) {
        return Indices.of(
                IntStream.range(0, time).map(t -> Math.floorMod(t + by, time)).toArray());
    }
}
