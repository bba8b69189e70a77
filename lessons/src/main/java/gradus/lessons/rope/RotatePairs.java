package gradus.lessons.rope;

import gradus.tensor.Tensor;

/// Rotary positions: every pair of channels is turned by an angle that grows with the position.
public final class RotatePairs {
    private RotatePairs() {}

    /// The tokens of x stand at the positions `first`, `first + 1`, …. A head of size D has D/2 pairs: pair i
    /// is made of the channels `i` and `i + D/2` (the first half against the second half, as in Llama's
    /// checkpoints). At position p it is turned by the angle `p·θᵢ`, where `θᵢ = base^(-2i/D)`:
    ///
    /// - channel `i` becomes `xᵢ·cos(p·θᵢ) - xᵢ₊D/₂·sin(p·θᵢ)`
    /// - channel `i + D/2` becomes `xᵢ₊D/₂·cos(p·θᵢ) + xᵢ·sin(p·θᵢ)`
    ///
    /// x is float32, and so must the result be; compute the angles in double. Gradients must flow to x.
    ///
    /// **Shapes** x (B, H, T, D) → (B, H, T, D), D even
    ///
    /// @param first the position of the first token, 0 or more
    public static Tensor rotate(Tensor x, int first, double base) {
        // --- your answer
        int time = x.dim(2);
        int half = x.dim(3) / 2;
        float[] cos = new float[time * half];
        float[] sin = new float[time * half];
        for (int t = 0; t < time; t++) {
            for (int i = 0; i < half; i++) {
                double angle = (first + t) * Math.pow(base, -2.0 * i / x.dim(3));
                cos[t * half + i] = (float) Math.cos(angle);
                sin[t * half + i] = (float) Math.sin(angle);
            }
        }
        Tensor c = Tensor.of(cos, time, half); // (T, D/2)
        Tensor s = Tensor.of(sin, time, half); // (T, D/2)
        Tensor a = x.slice(3, 0, half); // (B, H, T, D/2)
        Tensor b = x.slice(3, half); // (B, H, T, D/2)
        return Tensor.concat(3, a.mul(c).sub(b.mul(s)), b.mul(c).add(a.mul(s))); // (B, H, T, D)
        // ---
    }
}
