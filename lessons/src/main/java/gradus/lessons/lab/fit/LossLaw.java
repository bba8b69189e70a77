package gradus.lessons.lab.fit;

/// `L(N, D) = E + A/N^α + B/D^β`: the loss of a model of N weights that saw D tokens. Hoffmann et al. 2022,
/// arXiv:2203.15556, section 3.3.
///
/// @param floor E, the entropy of the text
/// @param a     A
/// @param alpha α
/// @param b     B
/// @param beta  β
public record LossLaw(double floor, double a, double alpha, double b, double beta) {
    private static final double OPERATIONS = 6;

    /// L.
    public double loss(double parameters, double tokens) {
        return floor + a * Math.pow(parameters, -alpha) + b * Math.pow(tokens, -beta);
    }

    /// The exponent of `N ∝ C^…` at the optimum: `β/(α + β)`.
    public double growth() {
        return beta / (alpha + beta);
    }

    /// The size with the smallest loss for C = 6·N·D: `N = G·(C/6)^(β/(α + β))`, `G = (αA/(βB))^(1/(α + β))`.
    public double bestParameters(double operations) {
        double g = Math.pow(alpha * a / (beta * b), 1 / (alpha + beta));
        return g * Math.pow(operations / OPERATIONS, growth());
    }

    /// Its tokens: `D = C/(6·N)`.
    public double bestTokens(double operations) {
        return operations / OPERATIONS / bestParameters(operations);
    }
}
