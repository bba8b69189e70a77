package gradus.layers.adapter;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;

/// The thin QR decomposition of a matrix, `W = Q·R` with orthonormal columns in Q and an upper triangle R, by
/// Householder 1958: each reflection makes the entries of one column below the diagonal 0. Computed in float64 on
/// the CPU. As in LAPACK, numbers on R's diagonal may be negative.
final class Qr {
    private final int m;
    private final int n;
    private final double[][] r; // (m, n), changed into R in place
    private final double[][] reflections; // k vectors of length m

    private Qr(double[] w, int m, int n) {
        this.m = m;
        this.n = n;
        this.r = new double[m][n];
        for (int i = 0; i < m; i++) {
            System.arraycopy(w, i * n, r[i], 0, n);
        }
        this.reflections = new double[Math.min(m, n)][];
        for (int k = 0; k < reflections.length; k++) {
            reflections[k] = reflection(k);
            reflect(r, reflections[k], k);
        }
    }

    /// The first columns of Q and rows of R: `B = Q[:, :r]` and `A = R[:r]`.
    ///
    /// **Shapes** w (m, n)
    static LowRank firstOf(Tensor w, int rank, DType dtype) {
        Qr qr = new Qr(w.toArray(), w.dim(0), w.dim(1));
        double[] a = new double[rank * qr.n];
        for (int i = 0; i < rank; i++) {
            for (int j = i; j < qr.n; j++) { // below the diagonal stand rounding errors
                a[i * qr.n + j] = qr.r[i][j];
            }
        }
        double[][] q = qr.q(rank);
        double[] b = new double[qr.m * rank];
        for (int i = 0; i < qr.m; i++) {
            System.arraycopy(q[i], 0, b, i * rank, rank);
        }
        return new LowRank(
                Tensor.of(a, rank, qr.n).to(dtype), Tensor.of(b, qr.m, rank).to(dtype));
    }

    /// The unit vector v for which `(I - 2·v·vᵀ)` takes column k to a multiple of the k-th unit vector, from
    /// row k on; null if there is nothing to do.
    private double[] reflection(int k) {
        double[] v = new double[m];
        double square = 0;
        for (int i = k; i < m; i++) {
            v[i] = r[i][k];
            square += v[i] * v[i];
        }
        if (square == 0) {
            return null;
        }
        v[k] += Math.copySign(Math.sqrt(square), v[k]); // away from 0, so that nothing cancels
        double length = 0;
        for (int i = k; i < m; i++) {
            length += v[i] * v[i];
        }
        length = Math.sqrt(length);
        for (int i = k; i < m; i++) {
            v[i] /= length;
        }
        return v;
    }

    private static void reflect(double[][] x, double[] v, int from) {
        if (v == null) {
            return;
        }
        for (int j = 0; j < x[0].length; j++) {
            double dot = 0;
            for (int i = from; i < v.length; i++) {
                dot += v[i] * x[i][j];
            }
            for (int i = from; i < v.length; i++) {
                x[i][j] -= 2 * dot * v[i];
            }
        }
    }

    /// The first columns of Q: the reflections in reverse order, applied to unit vectors.
    private double[][] q(int columns) {
        double[][] q = new double[m][columns];
        for (int j = 0; j < columns; j++) {
            q[j][j] = 1;
        }
        for (int k = reflections.length - 1; k >= 0; k--) {
            reflect(q, reflections[k], k);
        }
        return q;
    }
}
