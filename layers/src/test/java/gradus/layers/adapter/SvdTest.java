package gradus.layers.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The decompositions by what they must be, not by how they are found.
class SvdTest {
    private static final double EPS = 1e-12; // some hundred roundings of numbers around 1 in float64

    private static Tensor random(long seed, int m, int n) {
        return Tensor.randn(Rng.of(seed), m, n).to(DType.FLOAT64);
    }

    private static double[][] product(double[][] u, double[] s, double[][] v) {
        double[][] w = new double[u.length][v.length];
        for (int i = 0; i < u.length; i++) {
            for (int j = 0; j < v.length; j++) {
                for (int k = 0; k < s.length; k++) {
                    w[i][j] += u[i][k] * s[k] * v[j][k];
                }
            }
        }
        return w;
    }

    private static void orthonormal(double[][] q, int columns) {
        for (int a = 0; a < columns; a++) {
            for (int b = 0; b < columns; b++) {
                double dot = 0;
                for (double[] row : q) {
                    dot += row[a] * row[b];
                }
                assertThat(dot).isCloseTo(a == b ? 1 : 0, within(EPS));
            }
        }
    }

    @Property(tries = 200)
    void itMultipliesBackAndIsOrthonormal(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int m,
            @ForAll @IntRange(min = 1, max = 9) int n,
            @ForAll @IntRange(min = -8, max = 8) int power) {
        double size = Math.pow(10, power);
        Tensor w = random(seed, m, n).mul(size);
        Svd svd = Svd.of(w);
        assertThat(svd.s()).hasSize(Math.min(m, n));
        for (int k = 1; k < svd.s().length; k++) {
            assertThat(svd.s()[k]).isBetween(0.0, svd.s()[k - 1]);
        }
        orthonormal(svd.u(), svd.s().length);
        orthonormal(svd.v(), svd.s().length);
        double[][] back = product(svd.u(), svd.s(), svd.v());
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                assertThat(back[i][j]).isCloseTo(w.get(i, j), within(EPS * size * 10));
            }
        }
    }

    @Property(tries = 200)
    void itFindsTheRankOfAProduct(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int m,
            @ForAll @IntRange(min = 1, max = 9) int n,
            @ForAll @IntRange(min = 0, max = 4) int r) {
        Tensor w = r == 0
                ? Tensor.zeros(m, n).to(DType.FLOAT64)
                : random(seed, m, r).matmul(random(seed + 1, r, n));
        assertThat(Svd.of(w).rank(1e-10)).isEqualTo(Math.min(r, Math.min(m, n)));
    }

    /// Eckart & Young: what is left has the square of the other singular values as its squared norm.
    @Property(tries = 200)
    void whatTheTruncatedOneLacksIsTheRestOfTheSingularValues(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 7) int m,
            @ForAll @IntRange(min = 1, max = 7) int n,
            @ForAll @IntRange(min = 1, max = 7) int rank) {
        int r = Math.min(rank, Math.min(m, n));
        Tensor w = random(seed, m, n);
        Svd svd = Svd.of(w);
        double left = w.sub(svd.truncated(r, 0.7, DType.FLOAT64).times(0.7))
                .square()
                .sum()
                .item();
        double rest = 0;
        for (int k = r; k < svd.s().length; k++) {
            rest += svd.s()[k] * svd.s()[k];
        }
        assertThat(left).isCloseTo(rest, within(1e-11));
    }

    @Property(tries = 200)
    void qrOfAllRowsMultipliesBackAndIsOrthonormalAndTriangular(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int m, @ForAll @IntRange(min = 1, max = 9) int n) {
        Tensor w = random(seed, m, n);
        int k = Math.min(m, n);
        LowRank qr = Qr.firstOf(w, k, DType.FLOAT64);
        double[] back = qr.times(1).toArray();
        double[] given = w.toArray();
        double[][] q = new double[m][k];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < k; j++) {
                q[i][j] = qr.b().get(i, j);
            }
        }
        orthonormal(q, k);
        for (int i = 0; i < given.length; i++) {
            assertThat(back[i]).isCloseTo(given[i], within(EPS * 10));
        }
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < i; j++) {
                assertThat(qr.a().get(i, j)).isZero();
            }
        }
    }

    @Test
    void whatIsNoMatrixOfNumbersIsRefused() {
        assertThatThrownBy(() -> Svd.of(Tensor.ones(3)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("svd: a matrix must be given; got (3,)");
        assertThatThrownBy(() -> Svd.of(Tensor.of(new double[] {1, Double.NaN}, 1, 2)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("svd: every number must be finite; got NaN");
    }
}
