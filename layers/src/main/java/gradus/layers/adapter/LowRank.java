package gradus.layers.adapter;

import gradus.tensor.Tensor;

/// Two thin matrices whose product is a large one: `B·A`.
///
/// @param a (r, in)
/// @param b (out, r)
record LowRank(Tensor a, Tensor b) {

    /// `c·B·A`, (out, in)
    Tensor times(double c) {
        return b.matmul(a).mul(c); // (out, in)
    }
}
