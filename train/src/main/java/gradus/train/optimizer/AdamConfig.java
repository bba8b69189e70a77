package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

/// The settings of [Adam] and [AdamW].
///
/// @param betas       β₁ and β₂, the decay rates of the running means of the gradient and of its square
/// @param eps         ε, above 0
/// @param weightDecay λ, at least 0
public record AdamConfig(Betas betas, double eps, double weightDecay) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public AdamConfig {
        require(betas != null, "betas must be given; got null");
        require(eps > 0 && Double.isFinite(eps), "eps must be a number above 0; got %s", eps);
        require(
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "weightDecay must be a number of at least 0; got %s",
                weightDecay);
    }

    /// PyTorch's for AdamW: 0.9, 0.999, 1e-8, 0.01.
    public static AdamConfig defaults() {
        return new AdamConfig(new Betas(0.9, 0.999), 1e-8, 0.01);
    }

    /// β₁
    public double beta1() {
        return betas.first();
    }

    /// β₂
    public double beta2() {
        return betas.second();
    }

    public AdamConfig withBeta1(double beta1) {
        return new AdamConfig(new Betas(beta1, betas.second()), eps, weightDecay);
    }

    public AdamConfig withBeta2(double beta2) {
        return new AdamConfig(new Betas(betas.first(), beta2), eps, weightDecay);
    }

    public AdamConfig withEps(double eps) {
        return new AdamConfig(betas, eps, weightDecay);
    }

    public AdamConfig withWeightDecay(double weightDecay) {
        return new AdamConfig(betas, eps, weightDecay);
    }
}
