package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GaeTest {
    /// Sums of at most 40 terms of size 10, each rounded to 1e-16 of itself, by two formulas.
    private static final double EPS = 1e-11;

    private static double[] draw(long seed, String name, int length) {
        double[] drawn = new double[length];
        for (int i = 0; i < length; i++) {
            drawn[i] = Rng.of(seed).at(name).gaussian(i);
        }
        return drawn;
    }

    /// δ of every step, from the definition, with no value behind the end.
    private static double delta(double[] r, double[] v, double gamma, int t) {
        return r[t] + (t + 1 < v.length ? gamma * v[t + 1] : 0) - v[t];
    }

    /// `A_t = Σ_k (γλ)^k·δ_{t+k}`, written as the double sum that the recursion avoids.
    @Property(tries = 200)
    void isTheSumOverAllLaterSteps(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @DoubleRange(min = 0, max = 1) double gamma,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda,
            @ForAll long seed) {
        double[] r = draw(seed, "rewards", length);
        double[] v = draw(seed, "values", length);
        Gae.Estimate found = new Gae(gamma, lambda).of(r, v);
        for (int t = 0; t < length; t++) {
            double sum = 0;
            for (int k = t; k < length; k++) {
                sum += Math.pow(gamma * lambda, k - t) * delta(r, v, gamma, k);
            }
            assertThat(found.advantages()[t]).isEqualTo(sum, within(EPS));
            assertThat(found.returns()[t]).isEqualTo(sum + v[t], within(EPS));
        }
    }

    @Property(tries = 200)
    void lambdaZeroTrustsTheCritic(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @DoubleRange(min = 0, max = 1) double gamma,
            @ForAll long seed) {
        double[] r = draw(seed, "rewards", length);
        double[] v = draw(seed, "values", length);
        double[] advantages = new Gae(gamma, 0).of(r, v).advantages();
        for (int t = 0; t < length; t++) {
            assertThat(advantages[t]).isEqualTo(delta(r, v, gamma, t), within(EPS));
        }
    }

    /// `A = Σ γ^k·r - V`, so that the returns do not depend on the critic at all.
    @Property(tries = 200)
    void lambdaOneTrustsTheRewards(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @DoubleRange(min = 0, max = 1) double gamma,
            @ForAll long seed) {
        double[] r = draw(seed, "rewards", length);
        double[] v = draw(seed, "values", length);
        Gae.Estimate found = new Gae(gamma, 1).of(r, v);
        for (int t = 0; t < length; t++) {
            double sum = 0;
            for (int k = t; k < length; k++) {
                sum += Math.pow(gamma, k - t) * r[k];
            }
            assertThat(found.returns()[t]).isEqualTo(sum, within(EPS));
            assertThat(found.advantages()[t]).isEqualTo(sum - v[t], within(EPS));
        }
    }

    /// A critic that knows what will be paid leaves nothing to be surprised at, whatever λ is.
    @Property(tries = 200)
    void aPerfectCriticIsNeverSurprised(
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @DoubleRange(min = 0, max = 1) double gamma,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda,
            @ForAll long seed) {
        double[] r = draw(seed, "rewards", length);
        double[] v = new double[length];
        for (int t = length - 1; t >= 0; t--) {
            v[t] = r[t] + (t + 1 < length ? gamma * v[t + 1] : 0);
        }
        for (double each : new Gae(gamma, lambda).of(r, v).advantages()) {
            assertThat(each).isEqualTo(0, within(EPS));
        }
    }

    /// By hand: δ = (0.5·2 - 1, 0 + 0.5·3 - 2, 4 - 3) = (0, -0.5, 1), γλ = 0.25.
    @Test
    void byHand() {
        Gae.Estimate found = new Gae(0.5, 0.5).of(new double[] {0, 0, 4}, new double[] {1, 2, 3});
        assertThat(found.advantages()).containsExactly(0.25 * -0.25, -0.25, 1);
        assertThat(found.returns()).containsExactly(1 + 0.25 * -0.25, 1.75, 4);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Gae(1.5, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> new Gae(1, -0.1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("lam");
        assertThatThrownBy(() -> new Gae(1, Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Gae.defaults().of(new double[2], new double[3]))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("got 3 and 2");
        assertThat(Gae.defaults().of(new double[0], new double[0]).advantages()).isEmpty();
    }
}
