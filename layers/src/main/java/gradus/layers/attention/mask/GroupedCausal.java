package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;

/// Causal attention within groups of G neighbouring tokens, which know nothing of each other: the pattern
/// P1 of Chen et al. 2023, "LongLoRA", arXiv:2309.12307, and what [ShiftedSparse] improves on.
///
/// @param group G, a divisor of the length
public record GroupedCausal(int group) implements KeyMask {
    /// @throws gradus.error.ConfigException if the group is not positive
    public GroupedCausal {
        require(group >= 1, "GroupedCausal: group must be at least 1; got %d", group);
    }

    /// @throws gradus.error.ConfigException if the group does not divide the length
    @Override
    public void see(Query query) {
        ShiftedSparse.requireDivisor("GroupedCausal", group, query);
        int last = query.position();
        query.sees(Math.max(0, last - Math.floorMod(last, group)), last + 1);
    }
}
