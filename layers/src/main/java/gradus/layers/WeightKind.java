package gradus.layers;

/// What a parameter is for, as far as its first numbers depend on that. The layer that owns a parameter says
/// it where it registers it, and a model starts all parameters of one kind alike; which numbers each kind
/// gets in which model, the table of [gradus.layers.model.InitialWeights] tells.
///
/// A parameter of no kind starts as its layer made it, whatever the model: so do the gains of norms, and a
/// layer of your own that says nothing.
public enum WeightKind {
    /// A table of vectors or numbers that are looked up, and the matrix that turns states into logits.
    TABLE,
    /// A matrix within a branch of a block.
    MATRIX,
    /// The last matrix of a branch, whose result is added to the residual stream: the output projection of
    /// attention, the second matrix of a feed-forward network.
    OUTPUT_PROJECTION,
    /// What is added behind a matrix.
    BIAS
}
