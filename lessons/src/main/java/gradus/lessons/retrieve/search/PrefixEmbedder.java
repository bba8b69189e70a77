package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import java.util.Arrays;
import java.util.List;

/// The first numbers of another embedder's vectors, scaled to length 1 again: less to keep and to compare. An
/// encoder that was trained for it packs the most important things in front. Kusupati et al. 2022, *Matryoshka
/// Representation Learning*, arXiv:2205.13147.
///
/// **Shapes** N texts → (N, D), D ≤ C of the other
public final class PrefixEmbedder implements NamedEmbedder {
    private final NamedEmbedder whole;
    private final int dim;

    /// @param dim D, how many numbers are kept
    /// @throws gradus.error.ConfigException unless 1 ≤ dim ≤ those of the other
    public PrefixEmbedder(NamedEmbedder whole, int dim) {
        require(
                1 <= dim && dim <= whole.dim(),
                "a prefix of the vectors of %s must have 1 to %d numbers; got %d",
                whole.name(),
                whole.dim(),
                dim);
        this.whole = whole;
        this.dim = dim;
    }

    @Override
    public String name() {
        return dim == whole.dim() ? whole.name() : whole.name() + "[:" + dim + "]";
    }

    @Override
    public int dim() {
        return dim;
    }

    @Override
    public float[][] embed(List<String> texts) {
        return Arrays.stream(whole.embed(texts))
                .map(vector -> UnitVectors.unit(Arrays.copyOf(vector, dim)))
                .toArray(float[][]::new);
    }
}
