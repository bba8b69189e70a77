package gradus.tensor.quant;

/// The scales of a matrix's blocks, one for each, stored in one of several ways.
public sealed interface Scales permits FloatScales, HalfScales, NestedScales {
    /// How many there are.
    int count();

    /// The scale of a block.
    float get(int block);

    /// How much memory they take.
    long bytes();
}
