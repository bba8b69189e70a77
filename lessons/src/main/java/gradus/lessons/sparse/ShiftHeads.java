package gradus.lessons.sparse;

import gradus.tensor.Tensor;

/// The shift of S² attention, before tokens are cut into groups.
public final class ShiftHeads {
    private ShiftHeads() {}

    /// Cuts the tokens into groups of G neighbours, and for the **second half of the heads** moves them first
    /// by G/2 places towards the beginning: what stood at place t then stands at t − G/2, and the first G/2
    /// tokens come in at the end. The first half of the heads is cut as it is. Group g of a head holds its
    /// places g·G to g·G + G − 1.
    ///
    /// **Shapes** x (B, H, T, D) → (B, H, T / G, G, D), with H even
    ///
    /// @param group G, even, a divisor of T
    public static Tensor shift(Tensor x, int group) {
        // --- your answer
        int half = x.dim(1) / 2;
        Tensor straight = x.slice(1, 0, half); // (B, H/2, T, D)
        Tensor shifted = x.slice(1, half).roll(-group / 2, 2); // (B, H/2, T, D)
        return Tensor.concat(1, straight, shifted)
                .reshape(x.dim(0), x.dim(1), x.dim(2) / group, group, x.dim(3)); // (B, H, T/G, G, D)
        // ---
    }
}
