package gradus.lessons.retrieve.chunk;

import java.util.List;

/// Tells how likely it is that a new subject begins between two sentences. [BoundaryModel] is one that is
/// trained here. BERT's prediction of the next sentence would be another, as one minus its probability; the
/// BERTs of this library have no head for it.
@FunctionalInterface
public interface BoundaryScorer {
    /// For each sentence but the last, the probability that the next one begins something new.
    ///
    /// **Shapes** N sentences → (N − 1)
    double[] boundaries(List<String> sentences);
}
