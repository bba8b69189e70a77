package gradus.tensor.memory;

/// Where a backward kernel writes a gradient, and whether it adds to what is there or replaces it. Adding in
/// place saves a pass over memory wherever a tensor is used twice. Kernels take null for a gradient nobody
/// wants.
///
/// @param buffer     the gradient
/// @param accumulate true to add, false to overwrite
public record Destination(Buffer buffer, boolean accumulate) {
    /// A write is coming, so it counts as a change in place.
    public Destination {
        buffer.changed();
    }

    /// What a product `C = A·B + beta·C` multiplies the elements by that are there.
    public double beta() {
        return accumulate ? 1 : 0;
    }
}
