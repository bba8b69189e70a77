package gradus.lessons.retrieve.search;

import java.util.List;

/// Gives texts vectors, near each other for texts that mean the same.
public interface Embedder {
    /// What it is called; an index remembers it, since vectors of different embedders cannot be compared.
    String name();

    /// C, how many numbers a vector has.
    int dim();

    /// The vectors of texts, in their order, each of length 1 (or 0, where a text has nothing to go by).
    ///
    /// **Shapes** N texts → (N, C)
    float[][] embed(List<String> texts);
}
