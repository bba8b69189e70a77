package gradus.lessons.lora;

import gradus.tensor.Tensor;

/// The first values of A and B.
public final class StartPair {
    private StartPair() {}

    /// A is drawn evenly between −1/√in and 1/√in, B is zero: so B·A is zero and the model begins as the base,
    /// while A is not, so that B's first gradient is not zero either.
    ///
    /// The random numbers are given: element for element, A is what `draws`, evenly between 0 and 1, becomes
    /// when 0 goes to −1/√in and 1 to 1/√in.
    ///
    /// **Shapes** draws (r, in) → A (r, in) and B (out, r), in this order
    public static Tensor[] start(Tensor draws, int out) {
        // --- your answer
        int rank = draws.dim(0);
        double bound = 1 / Math.sqrt(draws.dim(1));
        Tensor a = draws.mul(2).sub(1).mul(bound); // (r, in)
        Tensor b = Tensor.zeros(out, rank);
        return new Tensor[] {a, b};
        // ---
    }
}
