package gradus.train.rl;

import static gradus.error.ConfigException.require;

/// How β, the price of departing from the reference model, follows the divergence that is measured.
public sealed interface KlControl {

    /// β at the beginning.
    double start();

    /// β for the next batch.
    ///
    /// @param beta    β of this batch
    /// @param kl      the mean divergence of its completions, summed over their tokens, in nats
    /// @param samples how many completions it has
    double next(double beta, double kl, int samples);

    /// β stays as it is.
    ///
    /// @param start β, at least 0; 0 leaves the reference out
    record Fixed(double start) implements KlControl {

        /// @throws gradus.error.ConfigException if β is negative or not finite
        public Fixed {
            requireBeta(start);
        }

        @Override
        public double next(double beta, double kl, int samples) {
            return beta;
        }
    }

    /// β rises while the divergence is above a target and falls while it is below: `e = clip(KL/target - 1,
    /// -0.2, 0.2)`, `β ← β·(1 + e·n/horizon)`. Ziegler et al. 2019, arXiv:1909.08593, section 2.2, where
    /// `n/horizon` is the constant K_β = 0.1.
    ///
    /// @param start   β at the beginning, above 0
    /// @param target  the divergence that is wanted, in nats, above 0
    /// @param horizon completions after which an error of e has changed β by about the factor 1 + e
    record Adaptive(double start, double target, double horizon) implements KlControl {
        private static final double LARGEST = 0.2;

        /// @throws gradus.error.ConfigException if a number is out of range
        public Adaptive {
            requireBeta(start);
            require(start > 0, "an adaptive beta must begin above 0, as 0 stays 0; got %s", start);
            require(target > 0 && Double.isFinite(target), "the target of the KL must be above 0; got %s", target);
            require(horizon > 0 && Double.isFinite(horizon), "the horizon must be above 0; got %s", horizon);
        }

        @Override
        public double next(double beta, double kl, int samples) {
            double error = Math.clamp(kl / target - 1, -LARGEST, LARGEST);
            return beta * (1 + error * samples / horizon);
        }
    }

    private static void requireBeta(double beta) {
        require(beta >= 0 && Double.isFinite(beta), "beta must be a number of at least 0; got %s", beta);
    }
}
