package gradus.lessons.lab.align.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.lab.align.EnumerableProblem;
import gradus.lessons.lab.align.KlPlacement;
import gradus.lessons.lab.option.LabFolder;
import gradus.tensor.random.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampledDescentTest {
    private static final SampledDescent.Setting SETTING = new SampledDescent.Setting(64, 4, 200, 1);

    private static double divergence(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += p[i] == 0 ? 0 : p[i] * Math.log(p[i] / q[i]);
        }
        return sum;
    }

    /// With enough answers a step, each placement comes to where its formula says.
    @Test
    void comesToTheFormula() {
        for (KlPlacement placement :
                new KlPlacement[] {KlPlacement.K1_IN_REWARD, KlPlacement.K2_LOSS, KlPlacement.K3_LOSS}) {
            EnumerableProblem problem = KlCollapsePart.problem(3, 0.3, Rng.of(1));
            SampledDescent run = SampledDescent.run(problem, placement, SETTING, Rng.of(2));
            double[] formula = placement.closedForm(problem, false);
            double kl = divergence(formula, problem.referenceProbs());
            assertThat(SampledDescent.end(run.kl())).as(placement.title()).isCloseTo(kl, within(0.1 * kl + 0.01));
        }
    }

    /// k1 as a loss does nothing on average; drawn at another temperature, it drives the policy away from the
    /// reference, the more the larger β is.
    @Test
    void aLargerPriceDrivesAwayWhereDrawsAreCooler() {
        SampledDescent.Setting cool = SETTING.withTemperature(0.7);
        EnumerableProblem small = KlCollapsePart.problem(3, 0.01, Rng.of(1));
        EnumerableProblem large = KlCollapsePart.problem(3, 3, Rng.of(1));
        double little = SampledDescent.end(
                SampledDescent.run(small, KlPlacement.K1_LOSS, cool, Rng.of(2)).reward());
        double much = SampledDescent.end(
                SampledDescent.run(large, KlPlacement.K1_LOSS, cool, Rng.of(2)).reward());
        assertThat(little).isGreaterThan(0.9);
        assertThat(much).isLessThan(0.75); // nearly a coin for each token
    }

    @Test
    void theSameSeedGivesTheSameWay() {
        EnumerableProblem problem = KlCollapsePart.problem(2, 0.1, Rng.of(1));
        SampledDescent.Setting setting = new SampledDescent.Setting(4, 1, 8, 1);
        SampledDescent one = SampledDescent.run(problem, KlPlacement.K3_LOSS, setting, Rng.of(3));
        SampledDescent again = SampledDescent.run(problem, KlPlacement.K3_LOSS, setting, Rng.of(3));
        assertThat(again.kl()).containsExactly(one.kl());
        assertThat(new SampledDescent(new double[] {1, 3, 2, 5, 4}, null).fall())
                .isEqualTo(1);
        assertThat(SampledDescent.end(new double[] {9, 9, 9, 9, 9, 9, 1, 3})).isEqualTo(2);
    }

    @Test
    void thePartHasItsTablesAndFiles(@TempDir Path folder) throws Exception {
        String text = new KlCollapsePart(new KlPlan(2, 20, 3, 8), Rng.of(1)).run(new LabFolder(folder), line -> {});
        assertThat(text)
                .contains(
                        "8 answers of 3 tokens, 2 seeds",
                        "| k3 as loss | 0.10 |",
                        "| k1 as loss, drawn at 0.8 | 3.00 |")
                .contains("Runs that lost more than a quarter of the range of rewards on the way: ");
        assertThat(folder.resolve("kl-collapse.png")).isNotEmptyFile();
        assertThat(Files.readAllLines(folder.resolve("kl-collapse.csv"))).hasSize(1 + 6 * 4 * 2);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new SampledDescent.Setting(0, 1, 4, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SampledDescent.Setting(1, 1, 4, 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new KlPlan(1, 1, 1, 4)).isInstanceOf(ConfigException.class);
    }
}
