package gradus.lessons.lab.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;

class LossFitTest {
    /// Hoffmann et al. 2022, section 3.3.
    private static final LossLaw CHINCHILLA = new LossLaw(1.69, 406.4, 0.34, 410.7, 0.28);
    /// Besiroglu et al. 2024.
    private static final LossLaw REFITTED = new LossLaw(1.8169, 482.0, 0.3478, 2085.4, 0.3658);
    /// As of small models on characters.
    private static final LossLaw SMALL = new LossLaw(1.3, 18, 0.4, 60, 0.35);

    /// Six budgets, each half of the next, with five sizes, as the lab has them.
    private static List<Measured> runs(LossLaw law, double noise, Rng rng) {
        List<Measured> runs = new ArrayList<>();
        for (int budget = 0; budget < 6; budget++) {
            double operations = 1e10 * Math.pow(2, budget);
            double middle = Math.sqrt(operations / 360);
            for (int size = -2; size <= 2; size++) {
                double parameters = middle * Math.pow(2, size);
                double tokens = operations / 6 / parameters;
                double loss = law.loss(parameters, tokens) * Math.exp(noise * rng.gaussian(runs.size()));
                runs.add(new Measured(parameters, tokens, loss));
            }
        }
        return runs;
    }

    /// Without noise, whatever the law was: so the search finds the minimum, and not one near its start.
    @Property(tries = 200)
    void withoutNoiseTheLawIsFoundAgain(
            @ForAll @DoubleRange(min = 0.2, max = 0.7) double alpha,
            @ForAll @DoubleRange(min = 0.2, max = 0.7) double beta,
            @ForAll @DoubleRange(min = 0.8, max = 2) double floor,
            @ForAll @DoubleRange(min = 0.3, max = 1.5) double ofSize,
            @ForAll @DoubleRange(min = 0.3, max = 1.5) double ofTokens) {
        LossLaw truth = new LossLaw(floor, ofSize * Math.pow(1e4, alpha), alpha, ofTokens * Math.pow(1e6, beta), beta);
        LossLaw found = LossFit.law(runs(truth, 0, Rng.of(1)));
        assertThat(found.alpha()).isCloseTo(alpha, within(0.01));
        assertThat(found.beta()).isCloseTo(beta, within(0.01));
        assertThat(found.floor()).isCloseTo(floor, within(0.02));
        assertThat(found.bestParameters(1e12))
                .isCloseTo(truth.bestParameters(1e12), within(0.05 * truth.bestParameters(1e12)));
    }

    /// Chinchilla's own numbers: its exponents 0.452 and 0.548, G = 1.345, and 32.2 billion weights and 2.98
    /// trillion tokens at 5.76e23 operations; refitted 0.513, 72 billion and 1.33 trillion.
    @Test
    void theOptimumIsThatOfThePublishedConstants() {
        assertThat(CHINCHILLA.growth()).isCloseTo(0.452, within(5e-4));
        assertThat(CHINCHILLA.bestParameters(6)).isCloseTo(1.345, within(1e-3));
        assertThat(CHINCHILLA.bestParameters(5.76e23)).isCloseTo(32.2e9, within(0.1e9));
        assertThat(CHINCHILLA.bestTokens(5.76e23)).isCloseTo(2.98e12, within(0.01e12));
        assertThat(REFITTED.growth()).isCloseTo(0.513, within(1e-3));
        assertThat(REFITTED.bestParameters(5.76e23)).isCloseTo(72e9, within(2e9));
        assertThat(REFITTED.bestTokens(5.76e23)).isCloseTo(1.33e12, within(0.03e12));
    }

    /// At equal operations no other size has a smaller loss than that of the formula.
    @Property(tries = 200)
    void theFormulaOfTheOptimumIsTheMinimum(
            @ForAll @DoubleRange(min = 0.2, max = 0.7) double alpha,
            @ForAll @DoubleRange(min = 0.2, max = 0.7) double beta,
            @ForAll @DoubleRange(min = 9, max = 24) double decade) {
        LossLaw law = new LossLaw(1.5, 30, alpha, 50, beta);
        double operations = Math.pow(10, decade);
        double best = law.bestParameters(operations);
        double loss = law.loss(best, law.bestTokens(operations));
        for (double factor : new double[] {0.5, 0.9, 1.1, 2}) {
            assertThat(law.loss(best * factor, operations / 6 / best / factor)).isGreaterThan(loss);
        }
    }

    /// One run that went wrong moves Huber's fit little; that of the squares it would move.
    @Test
    void oneBadRunChangesLittle() {
        List<Measured> runs = new ArrayList<>(runs(SMALL, 0, Rng.of(1)));
        Measured bad = runs.get(7);
        runs.set(7, new Measured(bad.parameters(), bad.tokens(), bad.loss() * 1.3));
        LossLaw law = LossFit.law(runs);
        assertThat(law.alpha()).isCloseTo(0.4, within(0.02));
        assertThat(law.beta()).isCloseTo(0.35, within(0.02));
    }

    /// The vertices of parabolas through synthetic losses lie at the formula's optimum, and their exponent is its.
    @Test
    void theVerticesLieAtTheOptimum() {
        List<Measured> runs = runs(SMALL, 0, Rng.of(1));
        double[] budgets = new double[6];
        double[] vertices = new double[6];
        for (int i = 0; i < 6; i++) {
            List<Measured> five = runs.subList(5 * i, 5 * i + 5);
            budgets[i] = five.getFirst().operations();
            vertices[i] = Parabola.of(
                            five.stream().mapToDouble(Measured::parameters).toArray(),
                            five.stream().mapToDouble(Measured::loss).toArray())
                    .vertex();
            assertThat(vertices[i] / SMALL.bestParameters(budgets[i])).isBetween(0.8, 1.25);
        }
        assertThat(PowerLaw.of(budgets, vertices).exponent().value()).isCloseTo(SMALL.growth(), within(0.02));
    }

    /// Of 40 data sets 95 % of the intervals hold the truth, less 14 %, four standard deviations of their number.
    /// Their mean width is about 3.92 standard deviations of the estimates, which 40 estimates tell to a tenth.
    @Test
    void theBootstrapCoversAboutAsOftenAsItSays() {
        int sets = 40;
        int covered = 0;
        double width = 0;
        SummaryStatistics estimates = new SummaryStatistics();
        for (int set = 0; set < sets; set++) {
            LossFit fit = LossFit.of(
                    runs(SMALL, 0.005, Rng.of(7).at(set)), 40, Rng.of(8).at(set));
            Range growth = fit.range(LossLaw::growth);
            covered += growth.holds(SMALL.growth()) ? 1 : 0;
            width += (growth.high() - growth.low()) / sets;
            estimates.addValue(growth.value());
        }
        assertThat(covered / (double) sets).isGreaterThanOrEqualTo(0.95 - 0.14);
        assertThat(width / (3.92 * estimates.getStandardDeviation())).isBetween(0.7, 1.7);
    }
}
