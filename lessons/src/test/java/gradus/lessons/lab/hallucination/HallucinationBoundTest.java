package gradus.lessons.lab.hallucination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HallucinationBoundTest {
    private static final double ROUNDING = 1e-12; // of sums of at most 200 numbers

    private static double[] distribution(Rng rng, int size) {
        double[] p = new double[size];
        Arrays.setAll(p, i -> 1e-3 + rng.uniform(i));
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(each -> each / sum).toArray();
    }

    @Test
    void aSmallCaseByHand() {
        double[][] model = {{0.5, 0.125}, {0.125, 0.125}, {0.0625, 0.0625}};
        int[] truth = {0, 1, 0};
        double[] probabilities = {0.5, 0.25, 0.25};
        HallucinationBound bound = HallucinationBound.of(model, truth, probabilities, new int[] {0, 0, 1, 0});
        assertThat(bound.rate()).isEqualTo(0.125 + 0.125 + 0.0625);
        assertThat(bound.once()).isEqualTo(0.25);
        assertThat(bound.unseen()).isEqualTo(0.25);
        // bins: ½ has p ½ and g ½; ⅛ has p ¼ and g ⅜; 1/16 has p ¼ and g ⅛
        assertThat(bound.miscalibration()).isCloseTo((0 + 0.125 + 0.125) / 2, within(ROUNDING));
        assertThat(bound.luck()).isEqualTo(0.125);
        assertThat(bound.least()).isEqualTo(0);
        assertThat(bound.holds()).isTrue();
    }

    @Test
    void theBoundCanBeBroken() {
        HallucinationBound knowsAll = new HallucinationBound(0.1, 0.5, 0.2, 0.5, 0.01);
        assertThat(knowsAll.least()).isCloseTo(0.29, within(ROUNDING));
        assertThat(knowsAll.holds()).isFalse();
        assertThat(knowsAll.holdsOfUnseen()).isFalse();
        assertThat(new HallucinationBound(0.1, 0.5, 0.2, 0.3, 0.01).holdsOfUnseen())
                .isTrue();
        assertThat(new HallucinationBound(0.3, 0.5, 0.2, 0.5, 0.01).holds()).isTrue();
    }

    @Property(tries = 200)
    void theTruthItselfIsCalibratedAndNeverFalse(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int n, @ForAll @IntRange(min = 1, max = 10) int m) {
        Rng rng = Rng.of(seed);
        double[] p = distribution(rng.at("p"), n);
        int[] truth = new int[n];
        double[][] model = new double[n][m];
        for (int i = 0; i < n; i++) {
            truth[i] = rng.at("truth").index(i, m);
            model[i][truth[i]] = p[i];
        }
        HallucinationBound bound = HallucinationBound.of(model, truth, p, new int[] {0});
        assertThat(bound.rate()).isZero();
        assertThat(bound.miscalibration()).isCloseTo(0, within(ROUNDING));
    }

    @Property(tries = 200)
    void whoKnowsNothingIsCalibratedAndMostlyWrong(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int n, @ForAll @IntRange(min = 1, max = 10) int m) {
        Rng rng = Rng.of(seed);
        double[][] model = new double[n][m];
        for (double[] row : model) {
            Arrays.fill(row, 1.0 / (n * m));
        }
        HallucinationBound bound = HallucinationBound.of(model, new int[n], distribution(rng, n), new int[] {n - 1});
        assertThat(bound.rate()).isCloseTo(1 - 1.0 / m, within(ROUNDING));
        assertThat(bound.miscalibration()).isCloseTo(0, within(ROUNDING));
        assertThat(bound.once()).isEqualTo(1);
        assertThat(bound.holds()).as("%s", bound).isTrue();
    }

    @Property(tries = 200)
    void miscalibrationIsADistanceOfTwoDistributions(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int n, @ForAll @IntRange(min = 1, max = 10) int m) {
        Rng rng = Rng.of(seed);
        double[] flat = distribution(rng.at("g"), n * m);
        double[][] model = new double[n][];
        Arrays.setAll(model, i -> Arrays.copyOfRange(flat, i * m, (i + 1) * m));
        double[] p = distribution(rng.at("p"), n);
        HallucinationBound bound = HallucinationBound.of(model, new int[n], p, new int[] {0});
        double whole = 0; // without bins: the total variation, which no bins exceed
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                whole += Math.abs(model[i][j] - (j == 0 ? p[i] : 0)) / 2;
            }
        }
        assertThat(bound.miscalibration()).isBetween(0.0, whole + ROUNDING);
    }

    @Test
    void nothingToldIsRefused() {
        assertThatThrownBy(() -> HallucinationBound.of(new double[1][1], new int[1], new double[1], new int[0]))
                .isInstanceOf(ConfigException.class)
                .hasMessage("there must be at least one statement");
    }

    @Test
    void theFiveProfilesTellEverFewerFactsOnce() {
        double before = 1;
        for (RepetitionProfile profile : RepetitionProfile.five(600)) {
            assertThat(Arrays.stream(profile.probabilities()).sum()).isCloseTo(1, within(ROUNDING));
            int[] told = profile.draw(600, Rng.of(3));
            int[] times = new int[profile.facts()];
            Arrays.stream(told).forEach(fact -> times[fact]++);
            double once = Arrays.stream(times).filter(each -> each == 1).count() / 600.0;
            assertThat(once).as("%s", profile).isLessThan(before);
            before = once;
        }
        assertThat(before).isLessThan(0.01);
    }

    @Test
    void factsAreDrawnAsOftenAsTheirProbabilitiesSay() {
        RepetitionProfile profile = new RepetitionProfile(4, 1);
        double[] p = profile.probabilities();
        assertThat(p).containsExactly(new double[] {12 / 25.0, 6 / 25.0, 4 / 25.0, 3 / 25.0}, within(ROUNDING));
        int[] times = new int[4];
        Arrays.stream(profile.draw(20_000, Rng.of(1))).forEach(fact -> times[fact]++);
        for (int i = 0; i < 4; i++) { // five deviations of a share
            assertThat(times[i] / 20_000.0).isCloseTo(p[i], within(5 * Math.sqrt(p[i] * (1 - p[i]) / 20_000)));
        }
    }

    @Test
    void answersAreJudgedByTheWorldAndByTheText() {
        assertThat(Judgement.of("a", "a", "a")).isEqualTo(new Judgement(false, false, false));
        assertThat(Judgement.of("b", "a", "b")).isEqualTo(new Judgement(true, false, false));
        assertThat(Judgement.of("a", "a", "b")).isEqualTo(new Judgement(false, true, false));
        assertThat(Judgement.of("c", "a", "b")).isEqualTo(new Judgement(true, true, false));
        assertThat(Judgement.of("b", "a", null)).isEqualTo(new Judgement(true, false, false));
        assertThat(Judgement.of("unknown", "a", "b")).isEqualTo(new Judgement(false, false, true));
        assertThat(Judgement.of("unknown", "a", null).right()).isFalse();
        assertThat(Judgement.of("a", "a", "b").right()).isTrue();
    }
}
