package gradus.lessons.lab.hallucination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.tensor.random.Rng;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankOneEditTest {
    /// Systems of up to 9 unknowns whose eigenvalues lie between the ridge and some tens: rounding of 1e-16 is
    /// multiplied by a condition below 1e4.
    private static final double ROUNDING = 1e-10;

    /// Drawn numbers of one problem.
    private record Problem(double[][] weight, double[][] covariance, double[] key, double[] value, Rng rng) {
        static Problem of(long seed, int in, int out) {
            Rng rng = Rng.of(seed);
            KeyCovariance keys = new KeyCovariance(in);
            for (int n = 0; n < 3 * in; n++) {
                keys.add(vector(rng.at("keys").at(n), in));
            }
            double[][] weight = new double[out][];
            for (int o = 0; o < out; o++) {
                weight[o] = vector(rng.at("weight").at(o), in);
            }
            return new Problem(weight, keys.matrix(1e-2), vector(rng.at("key"), in), vector(rng.at("value"), out), rng);
        }

        double[][] edited() {
            return RankOneEdit.of(weight, covariance, key, value).applied(weight);
        }
    }

    private static double[] vector(Rng rng, int size) {
        double[] vector = new double[size];
        for (int i = 0; i < size; i++) {
            vector[i] = rng.gaussian(i);
        }
        return vector;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        double[] result = new double[matrix.length];
        for (int o = 0; o < matrix.length; o++) {
            for (int i = 0; i < vector.length; i++) {
                result[o] += matrix[o][i] * vector[i];
            }
        }
        return result;
    }

    /// By Gauss's elimination with pivots, in plain loops.
    private static double[] solve(double[][] matrix, double[] right) {
        int n = right.length;
        double[][] a = new double[n][n + 1];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, a[i], 0, n);
            a[i][n] = right[i];
        }
        for (int c = 0; c < n; c++) {
            int pivot = c;
            for (int r = c; r < n; r++) {
                pivot = Math.abs(a[r][c]) > Math.abs(a[pivot][c]) ? r : pivot;
            }
            double[] row = a[pivot];
            a[pivot] = a[c];
            a[c] = row;
            for (int r = 0; r < n; r++) {
                double factor = a[r][c] / a[c][c];
                for (int j = c; r != c && j <= n; j++) {
                    a[r][j] -= factor * a[c][j];
                }
            }
        }
        double[] solution = new double[n];
        for (int i = 0; i < n; i++) {
            solution[i] = a[i][n] / a[i][i];
        }
        return solution;
    }

    @Property(tries = 200)
    void theKeyIsMappedToItsNewValue(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int in,
            @ForAll @IntRange(min = 1, max = 7) int out) {
        Problem problem = Problem.of(seed, in, out);
        assertThat(times(problem.edited(), problem.key)).containsExactly(problem.value, within(ROUNDING));
    }

    @Property(tries = 200)
    void theChangeHasRankOne(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 9) int in,
            @ForAll @IntRange(min = 2, max = 7) int out) {
        Problem problem = Problem.of(seed, in, out);
        double[][] edited = problem.edited();
        double[][] change = new double[out][in];
        double largest = 0;
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                change[o][i] = edited[o][i] - problem.weight[o][i];
                largest = Math.max(largest, Math.abs(change[o][i]));
            }
        }
        assertThat(largest).isGreaterThan(0);
        for (int o = 1; o < out; o++) { // every minor of two rows and two columns is 0
            for (int i = 1; i < in; i++) {
                assertThat(change[0][0] * change[o][i] - change[0][i] * change[o][0])
                        .isCloseTo(0, within(ROUNDING * Math.max(1, largest * largest)));
            }
        }
    }

    @Property(tries = 200)
    void aKeyThatIsOrthogonalUnderTheCovarianceIsMappedAsBefore(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 9) int in,
            @ForAll @IntRange(min = 1, max = 7) int out) {
        Problem problem = Problem.of(seed, in, out);
        double[] along = solve(problem.covariance, problem.key); // C⁻¹·k*
        double[] other = vector(problem.rng.at("other"), in);
        double overlap = 0;
        double own = 0;
        for (int i = 0; i < in; i++) {
            overlap += other[i] * along[i];
            own += problem.key[i] * along[i];
        }
        for (int i = 0; i < in; i++) {
            other[i] -= overlap / own * problem.key[i];
        }
        double size = 1 + Math.abs(overlap / own);
        assertThat(times(problem.edited(), other))
                .containsExactly(times(problem.weight, other), within(ROUNDING * size * size));
    }

    @Property(tries = 200)
    void itIsWhatPlainLoopsGive(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int in,
            @ForAll @IntRange(min = 1, max = 7) int out) {
        Problem problem = Problem.of(seed, in, out);
        double[] along = solve(problem.covariance, problem.key);
        double[] before = times(problem.weight, problem.key);
        double own = 0;
        for (int i = 0; i < in; i++) {
            own += problem.key[i] * along[i];
        }
        double[][] edited = problem.edited();
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                double expected = problem.weight[o][i] + (problem.value[o] - before[o]) * along[i] / own;
                assertThat(edited[o][i]).isCloseTo(expected, within(ROUNDING * (1 + Math.abs(expected))));
            }
        }
    }

    @Property(tries = 200)
    void noOtherChangeThatMapsTheKeyDisturbsTheUsualKeysLess(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int in) {
        Problem problem = Problem.of(seed, in, 1);
        double[] change = new double[in];
        double[] other = vector(problem.rng.at("other"), in); // made orthogonal to the key, so it may be added
        double overlap = 0;
        double own = 0;
        for (int i = 0; i < in; i++) {
            overlap += other[i] * problem.key[i];
            own += problem.key[i] * problem.key[i];
        }
        double[] further = new double[in];
        for (int i = 0; i < in; i++) {
            change[i] = problem.edited()[0][i] - problem.weight[0][i];
            further[i] = change[i] + other[i] - overlap / own * problem.key[i];
        }
        assertThat(disturbance(change, problem.covariance))
                .isLessThanOrEqualTo(disturbance(further, problem.covariance) + ROUNDING);
    }

    private static double disturbance(double[] change, double[][] covariance) {
        double sum = 0;
        double[] product = times(covariance, change);
        for (int i = 0; i < change.length; i++) {
            sum += change[i] * product[i];
        }
        return sum;
    }

    @Test
    void whatDoesNotFitIsRefused() {
        double[][] weight = {{1, 2}, {3, 4}};
        double[][] identity = {{1, 0}, {0, 1}};
        assertThatThrownBy(() -> RankOneEdit.of(weight, identity, new double[3], new double[2]))
                .isInstanceOf(ConfigException.class)
                .hasMessage("a matrix (2, 2) maps keys of 2 to values of 2; got a key of 3, a value of 2 and a"
                        + " covariance of 2");
        assertThatThrownBy(() -> RankOneEdit.of(weight, identity, new double[2], new double[2]))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the key must not be 0");
        assertThatThrownBy(() ->
                        RankOneEdit.of(weight, new double[][] {{1, 2}, {2, 1}}, new double[] {1, 0}, new double[2]))
                .isInstanceOf(NumericException.class)
                .hasMessage("the covariance of keys is not positive definite; give it a larger ridge");
    }

    @Test
    void theCovarianceIsTheMeanOfProductsAndARidge() {
        KeyCovariance keys = new KeyCovariance(2);
        keys.add(new double[] {1, 2});
        keys.add(new double[] {3, -2});
        double[][] matrix = keys.matrix(0.5);
        double ridge = 0.5 * (5 + 4) / 2; // of the mean of the diagonal
        assertThat(matrix[0]).containsExactly(new double[] {5 + ridge, -2}, within(1e-12));
        assertThat(matrix[1]).containsExactly(new double[] {-2, 4 + ridge}, within(1e-12));
        assertThatThrownBy(() -> keys.add(new double[3]))
                .isInstanceOf(ConfigException.class)
                .hasMessage("a key must have 2 numbers; got 3");
        assertThatThrownBy(() -> keys.matrix(0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the ridge must be above 0; got 0.0");
        assertThatThrownBy(() -> new KeyCovariance(2).matrix(1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("there is no key yet");
        assertThatThrownBy(() -> new KeyCovariance(0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("a key must have at least 1 number; got 0");
    }
}
