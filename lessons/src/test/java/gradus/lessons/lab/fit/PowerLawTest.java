package gradus.lessons.lab.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class PowerLawTest {
    private static final double[] X =
            IntStream.range(0, 7).mapToDouble(i -> 1536 * Math.pow(2, i)).toArray();

    private static double[] y(double floor, double scale, double exponent, double noise, Rng rng) {
        double[] y = new double[X.length];
        Arrays.setAll(y, i -> (floor + scale * Math.pow(X[i], exponent)) * Math.exp(noise * rng.gaussian(i)));
        return y;
    }

    @Property(tries = 200)
    void withoutNoiseAPowerLawIsFoundExactly(
            @ForAll @DoubleRange(min = -2, max = 2) double exponent,
            @ForAll @DoubleRange(min = 0.01, max = 100) double scale) {
        PowerLaw law = PowerLaw.of(X, y(0, scale, exponent, 0, Rng.of(1)));
        assertThat(law.exponent().value()).isCloseTo(exponent, within(1e-9));
        assertThat(law.scale()).isCloseTo(scale, within(1e-7 * scale));
        assertThat(law.at(1e6)).isCloseTo(scale * Math.pow(1e6, exponent), within(1e-6 * law.at(1e6)));
    }

    @Test
    void whereTheLawIsOneIsKaplansConstant() {
        PowerLaw kaplan = PowerLaw.of(
                X, Arrays.stream(X).map(n -> Math.pow(8.8e13 / n, 0.076)).toArray());
        assertThat(kaplan.one()).isCloseTo(8.8e13, within(1e8));
    }

    /// The interval is exact for this noise: of 2000 data sets 95 % are covered, ± 5·√(0.95·0.05/2000) = 2.4 %.
    @Test
    void theIntervalOfTheExponentCoversAsOftenAsItSays() {
        int covered = 0;
        for (int i = 0; i < 2000; i++) {
            PowerLaw law = PowerLaw.of(X, y(0, 4, -0.08, 0.01, Rng.of(2).at(i)));
            covered += law.exponent().holds(-0.08) ? 1 : 0;
        }
        assertThat(covered / 2000.0).isCloseTo(0.95, within(0.024));
    }

    /// So is that of a new point beyond the others.
    @Test
    void theForetoldIntervalCoversAsOftenAsItSays() {
        int covered = 0;
        for (int i = 0; i < 2000; i++) {
            Rng rng = Rng.of(4).at(i);
            double fresh =
                    4 * Math.pow(1e6, -0.08) * Math.exp(0.01 * rng.at("new").gaussian(0));
            covered += PowerLaw.of(X, y(0, 4, -0.08, 0.01, rng)).foretold(1e6).holds(fresh) ? 1 : 0;
        }
        assertThat(covered / 2000.0).isCloseTo(0.95, within(0.024));
        assertThat(PowerLaw.of(new double[] {1, 2}, new double[] {1, 2})
                        .foretold(4)
                        .low())
                .isNaN();
    }

    /// Of points on a line any two foretell the third; and by hand for a law that is a mean.
    @Test
    void aPointLeftOutIsForetoldByTheRest() {
        double[] x = {1, 2, 4};
        assertThat(LeaveOneOut.error(x, x, (a, b) -> PowerLaw.of(a, b)::at)).isCloseTo(0, within(1e-12));
        double[] y = {1, Math.E, 1};
        // the law is the mean of the others' logarithms: 1/2, 0 and 1/2, so the misses are 1/2, -1 and 1/2
        double error = LeaveOneOut.error(x, y, (a, b) -> at -> Math.sqrt(b[0] * b[1]));
        assertThat(error).isCloseTo(Math.sqrt((0.25 + 1 + 0.25) / 3), within(1e-12));
    }

    @Property(tries = 200)
    void withoutNoiseALawWithAFloorIsFoundExactly(
            @ForAll @DoubleRange(min = 0.1, max = 1.5) double exponent,
            @ForAll @DoubleRange(min = 0, max = 3) double floor) {
        FlooredLaw law = FlooredLaw.of(X, y(floor, 10, -exponent, 0, Rng.of(1)));
        assertThat(law.exponent().value()).isCloseTo(exponent, within(1e-4));
        assertThat(law.floor()).isCloseTo(floor, within(1e-3));
        assertThat(law.at(X[3])).isCloseTo(floor + 10 * Math.pow(X[3], -exponent), within(1e-6));
    }

    /// The profile's interval is exact for a straight model and nearly so here: the exponents of 1000 data sets are
    /// covered 95 % of the time, ± 5·√(0.95·0.05/1000) = 3.4 %.
    @Test
    void theProfileOfTheExponentCoversAboutAsOftenAsItSays() {
        int covered = 0;
        for (int i = 0; i < 1000; i++) {
            double[] y = y(1.5, 30, -0.45, 0, Rng.of(1));
            Rng noise = Rng.of(3).at(i);
            Arrays.setAll(y, k -> y[k] + 0.004 * noise.gaussian(k));
            covered += FlooredLaw.of(X, y).exponent().holds(0.45) ? 1 : 0;
        }
        assertThat(covered / 1000.0).isCloseTo(0.95, within(0.034));
    }

    @Property(tries = 200)
    void theVertexOfAParabolaIsFoundExactly(
            @ForAll @DoubleRange(min = 2000, max = 90_000) double vertex,
            @ForAll @DoubleRange(min = 0.01, max = 1) double curvature) {
        double[] y = Arrays.stream(X)
                .map(x -> 2.1 + curvature * Math.pow(Math.log(x / vertex), 2))
                .toArray();
        Parabola parabola = Parabola.of(X, y);
        assertThat(parabola.vertex()).isCloseTo(vertex, within(1e-6 * vertex));
        assertThat(parabola.lowest()).isCloseTo(2.1, within(1e-9));
        assertThat(parabola.curvature()).isCloseTo(curvature, within(1e-9));
        assertThat(parabola.inside()).isTrue();
        assertThat(parabola.at(X[0])).isCloseTo(y[0], within(1e-9));
    }

    @Test
    void aVertexOutsideOrUpsideDownIsSaid() {
        double[] falling =
                Arrays.stream(X).map(x -> Math.pow(Math.log(x / 1e6), 2)).toArray();
        assertThat(Parabola.of(X, falling).inside()).isFalse();
        double[] hill =
                Arrays.stream(X).map(x -> -Math.pow(Math.log(x / 1e4), 2)).toArray();
        assertThat(Parabola.of(X, hill).inside()).isFalse();
    }

    @Test
    void rangesMeetAndHold() {
        Range range = new Range(1, 2, 4);
        assertThat(range.holds(1)).isTrue();
        assertThat(range.holds(4.1)).isFalse();
        assertThat(range.meets(new Range(4, 5, 6))).isTrue();
        assertThat(range.meets(new Range(4.1, 5, 6))).isFalse();
        assertThat(range.shown(1)).isEqualTo("2.0 (1.0 to 4.0)");
        assertThat(Range.around(2, Double.NaN).shown(2)).isEqualTo("2.00");
        double[] draws = IntStream.rangeClosed(0, 1000).mapToDouble(i -> i).toArray();
        assertThat(Range.of(500, draws).low()).isCloseTo(25, within(1.0));
        assertThat(Range.of(500, draws).high()).isCloseTo(975, within(1.0));
    }

    @Test
    void tooFewPointsAreRefused() {
        assertThatThrownBy(() -> PowerLaw.of(new double[] {1}, new double[] {1}))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PowerLaw.of(new double[] {1, 2}, new double[] {1, 0}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("above 0");
        assertThatThrownBy(() -> FlooredLaw.of(new double[] {1, 2, 3}, new double[] {1, 2, 3}))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Parabola.of(new double[] {1, 2, 2}, new double[] {1, 2, 3}))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> LossFit.law(List.of())).isInstanceOf(ConfigException.class);
    }
}
