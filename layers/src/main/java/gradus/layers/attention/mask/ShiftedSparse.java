package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;

/// Shifted sparse attention, S²-Attn: the first half of the heads attends causally within groups of G
/// tokens, the second half within groups that are shifted by half, with boundaries at `G/2, 3G/2, …`, so
/// that what one half separates the other joins. Chen et al. 2023, "LongLoRA", arXiv:2309.12307, section
/// 3.2. Of an odd number of heads the larger half is not shifted. A sequence of one group has nothing to
/// join, so none is shifted there and it is plain causal attention.
///
/// The first and the last shifted group are half a group each and separate. The paper's rolling puts both
/// into one group, in which the first tokens see the last:
/// [gradus.layers.attention.RolledShiftedSparseAttention]. Costs `T·G/2`. For fine-tuning on long sequences;
/// the tuned model attends fully.
///
/// @param group G, a divisor of the length
public record ShiftedSparse(int group) implements KeyMask {
    /// @throws gradus.error.ConfigException if the group is not positive
    public ShiftedSparse {
        require(group >= 1, "ShiftedSparse: group must be at least 1; got %d", group);
    }

    /// @throws gradus.error.ConfigException if the group does not divide the length
    @Override
    public void see(Query query) {
        requireDivisor("ShiftedSparse", group, query);
        int last = query.position();
        boolean shifted = query.keys() > group && query.head() >= (query.heads() + 1) / 2;
        int boundary = last - Math.floorMod(shifted ? last - group / 2 : last, group);
        query.sees(Math.max(0, boundary), last + 1);
    }

    @Override
    public boolean byHead() {
        return true;
    }

    static void requireDivisor(String name, int group, Query query) {
        require(
                query.keys() % group == 0,
                "%s: group must divide the length; got group=%d, length=%d; pad the sequence or choose another group",
                name,
                group,
                query.keys());
    }
}
