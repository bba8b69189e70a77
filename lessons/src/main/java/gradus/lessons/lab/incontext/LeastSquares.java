package gradus.lessons.lab.incontext;

import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/// Predictions of a linear function from its examples, by formula.
final class LeastSquares {
    private LeastSquares() {}

    /// `x·w` for the shortest w of those with the least `‖Xw − y‖²`: `w = X⁺y`.
    ///
    /// **Shapes** x (n, d), y (n), query (d)
    ///
    /// @param count of the examples are taken, the first ones; 0 where there are none
    static double shortest(double[][] x, double[] y, int count, double... query) {
        if (count == 0) {
            return 0;
        }
        RealMatrix examples = new Array2DRowRealMatrix(Arrays.copyOf(x, count));
        RealVector w = new SingularValueDecomposition(examples)
                .getSolver()
                .solve(new ArrayRealVector(Arrays.copyOf(y, count)));
        return w.dotProduct(new ArrayRealVector(query));
    }

    /// `x·w` for `w = (XᵀX + λI)⁻¹Xᵀy`. With `λ = σ²` it is the mean of what is expected after the examples,
    /// for w from the standard normal distribution: nothing has a smaller squared error.
    ///
    /// **Shapes** x (n, d), y (n), query (d)
    static double ridge(double[][] x, double[] y, int count, double lambda, double... query) {
        if (count == 0) {
            return 0;
        }
        RealMatrix examples = new Array2DRowRealMatrix(Arrays.copyOf(x, count));
        RealMatrix squares = examples.transpose()
                .multiply(examples)
                .add(MatrixUtils.createRealIdentityMatrix(query.length).scalarMultiply(lambda));
        RealVector w = new CholeskyDecomposition(squares)
                .getSolver()
                .solve(examples.transpose().operate(new ArrayRealVector(Arrays.copyOf(y, count))));
        return w.dotProduct(new ArrayRealVector(query));
    }
}
