package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// The decay rates of two running means: in each step, a mean is β times its old value plus 1 - β times the
/// new number.
///
/// @param first  β₁ in [0, 1), for the mean of the gradient
/// @param second β₂ in [0, 1), for the mean of its square
public record Betas(double first, double second) {

    /// @throws gradus.error.ConfigException if one is out of range
    public Betas {
        require(first >= 0 && first < 1, "beta1 must be in [0, 1); got %s", first);
        require(second >= 0 && second < 1, "beta2 must be in [0, 1); got %s", second);
    }
}
