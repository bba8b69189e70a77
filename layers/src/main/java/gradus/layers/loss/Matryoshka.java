package gradus.layers.loss;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.List;

/// The sum of a loss over beginnings of the vectors: `L = Σ_d InfoNce(a[:d], p[:d])`. Each beginning must do
/// alone, so what matters most comes to stand in front, and a vector may be cut to save room and time. Kusupati
/// et al. 2022, *Matryoshka Representation Learning*, arXiv:2205.13147; MatryoshkaLoss of sentence-transformers
/// with all weights 1.
///
/// @param loss of the vectors of one length
/// @param dims how many numbers each beginning has
public record Matryoshka(InfoNce loss, List<Integer> dims) {
    /// @throws gradus.error.ConfigException unless there are lengths, all above 0 and none twice
    public Matryoshka {
        dims = List.copyOf(dims);
        require(
                !dims.isEmpty()
                        && dims.stream().allMatch(dim -> dim >= 1)
                        && dims.stream().distinct().count() == dims.size(),
                "the lengths of a Matryoshka loss must be above 0 and different; got %s",
                dims);
    }

    /// **Shapes** anchors (B, C), passages (M, C), M ≥ B, left out (B, M) or null → ()
    ///
    /// @throws gradus.error.ConfigException if a length is above C
    /// @throws gradus.error.ShapeException  if the shapes do not fit
    public Tensor of(Tensor anchors, Tensor passages, Tensor leftOut) {
        Tensor sum = null;
        for (int dim : dims) {
            require(
                    dim <= anchors.dim(1),
                    "a vector of %d numbers has no beginning of %d; leave out this length",
                    anchors.dim(1),
                    dim);
            Tensor part = loss.of(anchors.slice(1, 0, dim), passages.slice(1, 0, dim), leftOut); // ()
            sum = sum == null ? part : sum.add(part);
        }
        return sum;
    }
}
