package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;
import static gradus.error.ShapeException.given;

import gradus.error.NumericException;
import gradus.tensor.Tensor;

/// REINFORCE, leave one out: of K answers to one prompt, each has the mean reward of the other K - 1 as baseline,
///
/// `A_k = R_k - 1/(K-1)·Σ_{j≠k} R_j = K/(K-1)·(R_k - mean)`
///
/// which does not depend on the answer itself, so the gradient of [Reinforce] stays unbiased; with the mean of all K it
/// would be (K-1)/K of it. Kool, van Hoof & Welling 2019; Ahmadian et al. 2024, arXiv:2402.14740, equation 8.
public final class Rloo {
    private Rloo() {}

    /// The advantages, without a gradient.
    ///
    /// **Shapes** rewards (N) → (N, 1)
    ///
    /// @param rewards R of the answers to the first prompt, K of them, then to the second, …
    /// @param k       K, at least 2: one answer alone has nothing to be compared with
    /// @throws gradus.error.ConfigException  if K is below 2 or does not divide N
    /// @throws gradus.error.NumericException if a reward is NaN or infinite
    /// @throws gradus.error.ShapeException   if rewards are not (N)
    public static Tensor advantages(Tensor rewards, int k) {
        given(rewards, "rloo", "rewards");
        gradus.error.ShapeException.require(rewards.rank() == 1, "rloo: rewards must be (N); got %s", rewards.shape());
        require(
                k >= 2 && rewards.dim(0) % k == 0,
                "rloo: k must be at least 2 and divide the number of rewards; got k=%s and %s rewards",
                k,
                rewards.dim(0));
        double[] paid = rewards.toArray();
        for (int i = 0; i < paid.length; i++) {
            if (!Double.isFinite(paid[i])) {
                throw new NumericException("rloo: reward " + i + " must be finite; got " + paid[i]);
            }
        }
        Tensor groups = rewards.detach().reshape(-1, k); // (N/K, K)
        Tensor centred = groups.sub(groups.mean(-1, true)); // (N/K, K)
        return centred.mul(k / (k - 1.0)).reshape(-1, 1); // (N, 1)
    }
}
