package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.Arrays;

/// The singular value decomposition of a matrix, `W = U·diag(S)·Vᵀ`, by the one-sided Jacobi method of
/// Hestenes 1958: columns are rotated in pairs until all are orthogonal to each other. Their lengths are then
/// the singular values, their directions are U, and the rotations together are V. One sweep over all pairs
/// costs about `3·m·n²` operations, and some ten sweeps are enough. Everything is computed in float64 on the
/// CPU, whatever W's type.
///
/// Few methods are as short, and none is more accurate for small singular values (Demmel & Veselić 1992).
///
/// @param u (m, k) orthonormal columns, where k is the smaller of m and n; a column that belongs to the singular
///          value 0 is 0
/// @param s (k) singular values, the largest first
/// @param v (n, k) orthonormal columns, as of u
public record Svd(double[][] u, double[] s, double[][] v) {
    private static final int MOST_SWEEPS = 60;
    private static final double ORTHOGONAL = 1e-15; // the cosine below which two columns count as orthogonal

    /// Decomposes a matrix.
    ///
    /// **Shapes** w (m, n)
    ///
    /// @throws gradus.error.ConfigException if it is no matrix or holds a number that is not finite
    public static Svd of(Tensor w) {
        require(w != null && w.rank() == 2, "svd: a matrix must be given; got %s", w == null ? null : w.shape());
        return of(w.toArray(), w.dim(0), w.dim(1));
    }

    /// The same of numbers in row-major order.
    static Svd of(double[] w, int m, int n) {
        double largest = 0;
        for (double each : w) {
            require(Double.isFinite(each), "svd: every number must be finite; got %s", each);
            largest = Math.max(largest, Math.abs(each));
        }
        boolean wide = m < n; // rotate the fewer columns
        int rows = wide ? n : m;
        int columns = wide ? m : n;
        double[][] a = new double[columns][rows]; // a[j] is column j
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                double value = wide ? w[j * n + i] : w[i * n + j];
                a[j][i] = largest == 0 ? 0 : value / largest; // so that squares neither overflow nor vanish
            }
        }
        double[][] rotations = identity(columns);
        orthogonalise(a, rotations);
        return sorted(a, rotations, largest, wide);
    }

    private static double[][] identity(int n) {
        double[][] one = new double[n][n];
        for (int i = 0; i < n; i++) {
            one[i][i] = 1;
        }
        return one;
    }

    /// Rotates pairs of columns until none needs it, and applies each rotation to v too.
    private static void orthogonalise(double[][] a, double[][] v) {
        boolean turned = true;
        for (int sweep = 0; turned && sweep < MOST_SWEEPS; sweep++) {
            turned = false;
            for (int p = 0; p < a.length; p++) {
                for (int q = p + 1; q < a.length; q++) {
                    turned |= turn(a, v, p, q);
                }
            }
        }
    }

    /// Makes columns p and q orthogonal; false if they were.
    private static boolean turn(double[][] a, double[][] v, int p, int q) {
        double pp = dot(a[p], a[p]);
        double qq = dot(a[q], a[q]);
        double pq = dot(a[p], a[q]);
        if (Math.abs(pq) <= ORTHOGONAL * Math.sqrt(pp * qq)) {
            return false;
        }
        double zeta = (qq - pp) / (2 * pq); // the tangent solves t² + 2ζt - 1 = 0; the smaller root turns less
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
        double cos = 1 / Math.sqrt(1 + t * t);
        rotate(a[p], a[q], cos, cos * t);
        rotate(v[p], v[q], cos, cos * t);
        return true;
    }

    private static void rotate(double[] x, double[] y, double cos, double sin) {
        for (int i = 0; i < x.length; i++) {
            double old = x[i];
            x[i] = cos * old - sin * y[i];
            y[i] = sin * old + cos * y[i];
        }
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static Svd sorted(double[][] a, double[][] rotations, double scale, boolean wide) {
        int k = a.length;
        double[] lengths = new double[k];
        Integer[] order = new Integer[k];
        for (int j = 0; j < k; j++) {
            lengths[j] = Math.sqrt(dot(a[j], a[j]));
            order[j] = j;
        }
        Arrays.sort(order, (x, y) -> Double.compare(lengths[y], lengths[x]));
        double[] s = new double[k];
        double[][] left = new double[a[0].length][k];
        double[][] right = new double[k][k];
        for (int j = 0; j < k; j++) {
            int from = order[j];
            s[j] = lengths[from] * scale;
            for (int i = 0; i < left.length; i++) {
                left[i][j] = lengths[from] == 0 ? 0 : a[from][i] / lengths[from];
            }
            for (int i = 0; i < k; i++) {
                right[i][j] = rotations[from][i];
            }
        }
        return wide ? new Svd(right, s, left) : new Svd(left, s, right);
    }

    /// How many singular values are above `tolerance` times the largest.
    public int rank(double tolerance) {
        int rank = 0;
        while (rank < s.length && s[rank] > tolerance * s[0]) {
            rank++;
        }
        return rank;
    }

    /// `B·A`, the best approximation of W by a matrix of rank r (Eckart & Young 1936): `B = U√(S/c)` and `A =
    /// √(S/c)·Vᵀ` of the r largest singular values, so that `c·B·A` is the approximation.
    ///
    /// @param c divides the singular values
    LowRank truncated(int r, double c, DType dtype) {
        double[] b = new double[u.length * r];
        double[] a = new double[r * v.length];
        for (int j = 0; j < r; j++) {
            double root = Math.sqrt(s[j] / c);
            for (int i = 0; i < u.length; i++) {
                b[i * r + j] = u[i][j] * root;
            }
            for (int i = 0; i < v.length; i++) {
                a[j * v.length + i] = v[i][j] * root;
            }
        }
        return new LowRank(
                Tensor.of(a, r, v.length).to(dtype), Tensor.of(b, u.length, r).to(dtype));
    }
}
