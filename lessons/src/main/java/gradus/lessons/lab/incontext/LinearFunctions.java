package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;

/// Sequences of examples of linear functions, of which each has one of its own: `y = w·x + σ·ε` with w, x and ε
/// from standard normal distributions. Garg et al. 2022, *What Can Transformers Learn In-Context? A Case Study
/// of Simple Function Classes*, arXiv:2208.01066.
///
/// @param dim    d, of x
/// @param points examples of a sequence
/// @param noise  σ
public record LinearFunctions(int dim, int points, double noise) {
    /// @throws gradus.error.ConfigException unless d ≥ 1, there are 2 points, and σ ≥ 0
    public LinearFunctions {
        require(
                dim >= 1 && points >= 2 && noise >= 0,
                "dim must be at least 1, points 2 and noise 0; got %d, %d and %s",
                dim,
                points,
                noise);
    }

    /// A sequence.
    ///
    /// **Shapes** x (n, d), y (n)
    record Drawn(double[][] x, double[] y) {}

    Drawn draw(Rng rng) {
        double[][] x = new double[points][dim];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
            y[i] = noise * rng.at("noise").gaussian(i);
            for (int j = 0; j < dim; j++) {
                x[i][j] = rng.at("x").gaussian((long) i * dim + j);
                y[i] += rng.at("w").gaussian(j) * x[i][j];
            }
        }
        return new Drawn(x, y);
    }

    /// What a squared error is for one who always says 0: `d + σ²`.
    double ofZero() {
        return dim + noise * noise;
    }
}
