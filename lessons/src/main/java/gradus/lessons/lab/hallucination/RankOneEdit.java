package gradus.lessons.lab.hallucination;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;

/// The smallest change of a matrix, measured by the keys that it usually reads, that maps one key to a new
/// value:
///
/// `W' = W + (v* − W·k*)·uᵀ`, `u = C⁻¹·k* / (k*ᵀ·C⁻¹·k*)`
///
/// It minimises `Σ ‖W'·k − W·k‖²` over the usual keys k under `W'·k* = v*`. The change has rank one. A key k
/// with `kᵀ·C⁻¹·k* = 0` is mapped as before. Meng et al. 2022 (ROME), arXiv:2202.05262, equation 2, in which
/// the matrix is the second of a feed-forward network, a memory of values under keys.
///
/// **Cost** F³/3 for C⁻¹·k*.
///
/// @param change v* − W·k*
/// @param along  u
public record RankOneEdit(double[] change, double[] along) {

    /// **Shapes** weight (C, F), covariance (F, F), key (F), value (C)
    ///
    /// @throws gradus.error.ConfigException if the shapes do not fit together, or the key is 0
    /// @throws NumericException if the covariance is not positive definite
    public static RankOneEdit of(double[][] weight, double[][] covariance, double[] key, double[] value) {
        int out = weight.length;
        int in = key.length;
        require(
                value.length == out && covariance.length == in && weight[0].length == in,
                "a matrix (%s, %s) maps keys of %s to values of %s; got a key of %s, a value of %s and a covariance of"
                        + " %s",
                out,
                weight[0].length,
                weight[0].length,
                out,
                in,
                value.length,
                covariance.length);
        double[] along = solve(covariance, key);
        double length = 0;
        for (int i = 0; i < in; i++) {
            length += key[i] * along[i]; // k*ᵀ·C⁻¹·k*
        }
        require(length > 0, "the key must not be 0");
        for (int i = 0; i < in; i++) {
            along[i] /= length;
        }
        double[] change = value.clone();
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                change[o] -= weight[o][i] * key[i];
            }
        }
        return new RankOneEdit(change, along);
    }

    private static double[] solve(double[][] covariance, double[] key) {
        try {
            return new CholeskyDecomposition(new Array2DRowRealMatrix(covariance, false), 1e-9, 0)
                    .getSolver()
                    .solve(new ArrayRealVector(key))
                    .toArray();
        } catch (NonPositiveDefiniteMatrixException e) {
            throw new NumericException("the covariance of keys is not positive definite; give it a larger ridge");
        }
    }

    /// W'.
    ///
    /// **Shapes** weight (C, F) → (C, F)
    public double[][] applied(double[][] weight) {
        double[][] edited = new double[weight.length][];
        for (int o = 0; o < weight.length; o++) {
            edited[o] = weight[o].clone();
            for (int i = 0; i < along.length; i++) {
                edited[o][i] += change[o] * along[i];
            }
        }
        return edited;
    }
}
