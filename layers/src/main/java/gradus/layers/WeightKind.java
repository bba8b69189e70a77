package gradus.layers;

/// The role of a parameter, which decides its initial values. The layer that owns a parameter gives it a kind
/// when it registers it, and a model initialises all parameters of one kind in the same way. The table in
/// [gradus.layers.model.InitialWeights] lists the initial values of each kind in each model.
///
/// A parameter without a kind keeps the values that its layer gave it, in every model. This holds for the
/// gains of norms, and for a layer of your own that names no kinds.
public enum WeightKind {
    /// A table of vectors or numbers that are looked up, or the matrix that computes logits from states.
    TABLE,
    /// A matrix within a branch of a block.
    MATRIX,
    /// The last matrix of a branch, whose result is added to the residual stream: the output projection of
    /// attention, the second matrix of a feed-forward network.
    OUTPUT_PROJECTION,
    /// A vector that is added to the product with a matrix.
    BIAS
}
