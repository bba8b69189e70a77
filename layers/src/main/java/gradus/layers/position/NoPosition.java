package gradus.layers.position;

/// No word about positions at all. A causal mask alone tells a decoder something: how many keys there are
/// to see (Kazemnejad et al. 2023, "The impact of positional encoding on length generalization",
/// arXiv:2305.19466).
public final class NoPosition extends Position {
    @Override
    public boolean worksInAttention() {
        return false;
    }
}
