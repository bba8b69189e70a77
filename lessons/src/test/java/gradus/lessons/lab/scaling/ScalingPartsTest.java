package gradus.lessons.lab.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.fit.LossFit;
import gradus.lessons.lab.fit.LossLaw;
import gradus.lessons.lab.fit.Measured;
import gradus.lessons.lab.fit.Range;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.tensor.random.Rng;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingPartsTest {
    private static final ScalingPlan PLAN = ScalingPlan.of(3.2e11, 6, 1, 1 << 16);
    private static final HeldOutText TEXT = HeldOutText.ofText("abcdefgh".repeat(100), "the text", 100);

    @TempDir
    private Path folder;

    /// Counted in a real model: the matrices of its blocks.
    @Test
    void theWeightsAreThoseOfTheBlocks() {
        for (int dim : new int[] {8, 24, 48}) {
            GptSize size = GptSize.ofDim(dim);
            long counted = new Gpt(size.config(91, 64), Rng.of(1))
                    .namedParameters().entrySet().stream()
                            .filter(each -> each.getKey().matches(".*\\d.*")
                                    && each.getValue().rank() == 2)
                            .mapToLong(each -> each.getValue().size())
                            .sum();
            assertThat(size.parameters()).isEqualTo(counted);
        }
        assertThatThrownBy(() -> new GptSize(2, 3, 8)).isInstanceOf(ConfigException.class);
    }

    @Test
    void theRunsOfABudgetHaveItsOperationsToWithinHalfAStep() {
        assertThat(PLAN.computes()).containsExactly(1e10, 2e10, 4e10, 8e10, 1.6e11, 3.2e11);
        for (double operations : PLAN.computes()) {
            List<TextRun> runs = PLAN.runs(operations, TEXT);
            assertThat(runs).hasSize(5);
            for (TextRun run : runs) {
                double step = 6.0 * run.size().parameters() * 64 * 8;
                assertThat(run.operations()).isCloseTo(operations, within(0.51 * step));
                assertThat(run.tokens()).isEqualTo(run.steps() * 512L);
            }
            double ratio = runs.get(2).tokens() / (double) runs.get(2).size().parameters();
            assertThat(ratio).isBetween(60 / 2.3, 60 * 2.3); // the ladder's steps are at most 2.25
        }
        assertThat(PLAN.line()).extracting(GptSize::dim).containsExactly(8, 12, 16, 24, 32, 48, 64);
        assertThat(ScalingPlan.size(50_000).dim()).isEqualTo(48);
    }

    @Test
    void runsOfOtherSettingsAreOtherRuns() {
        TextRun run = TextRun.ofTokens(GptSize.ofDim(8), 5120, PLAN.setting(), TEXT);
        HeldOutText other = HeldOutText.ofText("abcdefgx".repeat(100), "the text", 100);
        assertThat(run.steps()).isEqualTo(10);
        assertThat(run.plan())
                .isNotEqualTo(TextRun.ofTokens(run.size(), 5120, PLAN.setting(), other)
                        .plan());
        assertThat(run.plan())
                .isNotEqualTo(TextRun.ofTokens(GptSize.ofDim(12), 5120, PLAN.setting(), TEXT)
                        .plan());
        assertThat(run.name()).isEqualTo("gpt-2-8-10");
    }

    /// By comparing each run with each other one.
    @Property(tries = 200)
    void theFrontierIsWhatNothingBeats(@ForAll long seed) {
        Rng rng = Rng.of(seed);
        List<Measured> runs = IntStream.range(0, 20)
                .mapToObj(i -> new Measured(
                        1 + rng.at("n").index(i, 5),
                        1 + rng.at("d").index(i, 5),
                        1 + rng.at("l").index(i, 6)))
                .toList();
        List<Measured> frontier = ComputePart.frontier(runs);
        for (Measured each : frontier) {
            assertThat(runs).noneMatch(other -> other.operations() <= each.operations() && other.loss() < each.loss());
        }
        for (Measured run : runs) {
            assertThat(frontier).anyMatch(each -> each.operations() <= run.operations() && each.loss() <= run.loss());
        }
    }

    private static List<Measured> line(DoubleUnaryOperator loss) {
        return PLAN.line().stream()
                .map(size -> new Measured(size.parameters(), 1e6, loss.applyAsDouble(size.parameters())))
                .toList();
    }

    @Test
    void theVerdictOnTheSizeFollowsFromTheLosses() {
        String kaplan = new SizePart(line(n -> Math.pow(8.8e13 / n, 0.077)))
                .section(folder)
                .toString();
        assertThat(kaplan)
                .contains("**Holds.** The interval of α_N")
                .contains("|α_N − 0.08| = 0.003")
                .contains("| (N_c/N)^α | 0.077 (0.077 to 0.077) |")
                .contains("8.80e+13");
        String other = new SizePart(line(n -> 0.3 + 30 * Math.pow(n, -0.5)))
                .section(folder)
                .toString();
        assertThat(other)
                .contains("**Does not hold here.** The interval of α_N")
                .contains("The law with a floor foretells better")
                .contains("| E + (N_c/N)^α | 0.500 (0.500 to 0.500) |");
        assertThat(folder.resolve("sizes.png")).isNotEmptyFile();
    }

    @Test
    void theDistanceFromTheExpectedExponentHasAnInterval() {
        assertThat(SizePart.distance(new Range(0.07, 0.1, 0.11)).shown(2)).isEqualTo("0.02 (0.00 to 0.03)");
        assertThat(SizePart.distance(new Range(0.03, 0.05, 0.06)).shown(2)).isEqualTo("0.03 (0.02 to 0.05)");
    }

    private String compute(LossLaw law) {
        List<List<Measured>> budgets = new ArrayList<>();
        Rng noise = Rng.of(5);
        for (double operations : PLAN.computes()) {
            double middle = law.bestParameters(operations);
            budgets.add(IntStream.rangeClosed(-2, 2)
                    .mapToObj(i -> middle * Math.pow(2, i))
                    .map(n -> new Measured(
                            n,
                            operations / 6 / n,
                            law.loss(n, operations / 6 / n)
                                    * Math.exp(1e-4 * noise.gaussian(Double.doubleToLongBits(n)))))
                    .toList());
        }
        List<Measured> all = budgets.stream().flatMap(List::stream).toList();
        return new ComputePart(budgets, all, LossFit.of(all, 40, Rng.of(1)))
                .section(folder)
                .toString();
    }

    @Test
    void theVerdictsOnTheBestSizeFollowFromTheLosses() {
        String even = compute(new LossLaw(1.3, 18, 0.4, 100, 0.4));
        assertThat(even)
                .contains("**Holds.** The three ways agree")
                .contains("**Holds.** Size and tokens grow alike")
                .contains("**Holds.** Kaplan's 0.73 lies outside");
        String kaplan = compute(new LossLaw(1.3, 18, 0.27, 2000, 0.73));
        assertThat(kaplan)
                .contains("**Does not hold here.** Size and tokens grow alike")
                .contains("**Does not hold here.** Kaplan's 0.73 lies outside");
        assertThat(folder.resolve("isoflop.png")).isNotEmptyFile();
    }

    @Test
    void textsThatDoNotDoAreRefused() {
        assertThatThrownBy(() -> HeldOutText.ofText("ab", "short.txt", 10))
                .isInstanceOf(DataException.class)
                .hasMessage("short.txt has 2 characters; 10 of them are held out, so it needs at least 20");
        String many = IntStream.range(0, 2000)
                .mapToObj(i -> Character.toString(0x4E00 + i))
                .reduce("", String::concat);
        assertThatThrownBy(() -> HeldOutText.ofText(many, "many.txt", 10))
                .isInstanceOf(DataException.class)
                .hasMessage("many.txt has 2000 different characters; at most 512 are taken");
        assertThat(TEXT.training()).isEqualTo(700);
        assertThat(TEXT.split().validation().size()).isEqualTo(100);
    }

    @Test
    void plansThatCannotBeAreRefused() {
        assertThatThrownBy(() -> ScalingPlan.of(1, 6, 1, 100)).hasMessageContaining("must be 1e8 to 1e14");
        assertThatThrownBy(() -> ScalingPlan.of(1e10, 3, 1, 100)).hasMessageContaining("at least 4");
        assertThatThrownBy(() -> ScalingPlan.of(1e10, 60, 1, 100)).hasMessageContaining("at least 1e7");
        assertThatThrownBy(() -> ScalingPlan.of(1e10, 6, 0, 100)).hasMessageContaining("1 seed");
        assertThatThrownBy(() -> new TextRun(GptSize.ofDim(8), 1, PLAN.setting(), TEXT))
                .isInstanceOf(ConfigException.class);
    }
}
