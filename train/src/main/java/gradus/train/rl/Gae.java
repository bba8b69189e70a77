package gradus.train.rl;

import static gradus.error.ConfigException.require;

/// Generalised advantage estimation: how much better an action turned out than the critic had expected.
///
/// ```
/// δ_t = r_t + γ·V_{t+1} - V_t          with V = 0 behind the last token
/// A_t = δ_t + γ·λ·A_{t+1} = Σ_k (γλ)^k·δ_{t+k}
/// R_t = A_t + V_t                      the return, which the critic is to learn
/// ```
/// λ = 0 trusts the critic (A = δ), λ = 1 the rewards alone (A = Σ γ^k·r_{t+k} - V_t); values between trade
/// bias for variance. Schulman et al. 2015, arXiv:1506.02438, equations 11 to 16.
///
/// Here a trajectory is one completion. One that was cut at the limit counts as ended, as in TRL: nothing that
/// could still come is rewarded.
///
/// @param gamma  γ, the discount of later rewards, in [0, 1]; 1 is usual for texts
/// @param lambda λ, in [0, 1]
public record Gae(double gamma, double lambda) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public Gae {
        require(gamma >= 0 && gamma <= 1, "gamma must be in [0, 1]; got %s", gamma);
        require(lambda >= 0 && lambda <= 1, "lam must be in [0, 1]; got %s", lambda);
    }

    /// γ = 1 and λ = 0.95, as in TRL.
    public static Gae defaults() {
        return new Gae(1, 0.95);
    }

    /// @param advantages A, for each token
    /// @param returns    R, for each token: of the advantages as they are, before any whitening
    public record Estimate(double[] advantages, double[] returns) {}

    /// The estimate for one trajectory. Costs O(T).
    ///
    /// @param rewards r, for each token
    /// @param values  V, what the critic expected before each token
    /// @throws gradus.error.ConfigException if the two differ in length
    public Estimate of(double[] rewards, double[] values) {
        require(
                rewards.length == values.length,
                "gae: there must be a value for each reward; got %d and %d",
                values.length,
                rewards.length);
        double[] advantages = new double[values.length];
        double[] returns = new double[values.length];
        double next = 0; // A_{t+1}
        double nextValue = 0; // V_{t+1}
        for (int t = values.length - 1; t >= 0; t--) {
            double delta = rewards[t] + gamma * nextValue - values[t];
            next = delta + gamma * lambda * next;
            advantages[t] = next;
            returns[t] = next + values[t];
            nextValue = values[t];
        }
        return new Estimate(advantages, returns);
    }
}
