package gradus.lessons.retrieve.embed;

/// An embedder whose vectors can be kept: an index remembers whose they are, since vectors of different embedders
/// cannot be compared.
public interface NamedEmbedder extends Embedder {
    /// What it is called.
    String name();

    /// C, how many numbers a vector has.
    int dim();
}
