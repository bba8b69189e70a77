package gradus.lessons.lab.grokking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.Material;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrokkingLabTest {
    private static final List<String> NAMES = List.of("plain", "free", "more");

    @TempDir
    private Path folder;

    private Material material() {
        return new Material(folder, line -> {});
    }

    private static AdderRecipe recipe(double share, double decay, int steps) {
        return new AdderRecipe(new SumTable(7, share), decay, 32, 4, steps, 10);
    }

    @Test
    void stepsAreCountedFromTheMeasures() {
        Course course = new Course(
                new int[] {10, 20, 30, 40}, new double[] {0.5, 0.99, 0.5, 1}, new double[] {0, 0.1, 0.2, 1}, 0, 0, 0);
        assertThat(course.known()).isEqualTo(20);
        assertThat(course.understood()).isEqualTo(40);
        assertThat(course.understoodWhenKnown()).isEqualTo(0.1);
        assertThat(Course.at(20, course.steps(), course.heldOut())).isEqualTo(0.1);
        assertThat(Course.at(99, course.steps(), course.heldOut())).isEqualTo(1);
        Course never = new Course(new int[] {10}, new double[] {0.98}, new double[] {0.98}, 0, 0, 0);
        assertThat(never.known()).isNaN();
        assertThat(never.understood()).isNaN();
        assertThat(never.understoodWhenKnown()).isNaN();
    }

    private static Course course(int known, int understood, double after) {
        int[] steps = {100, 200, 500, 1000, 1100, 2000};
        return new Course(
                steps,
                Arrays.stream(steps).mapToDouble(s -> s >= known ? 1 : 0.2).toArray(),
                Arrays.stream(steps).mapToDouble(s -> s >= understood ? 1 : 0.1).toArray(),
                0.2,
                after,
                0.21);
    }

    private String report(List<Course> plain, List<Course> free, List<Course> more) {
        return new GrokkingPart(plain, free, more, NAMES, 59, 2000)
                .section(folder)
                .toString();
    }

    @Test
    void verdictsFollowFromTheCourses() {
        List<Course> plain = List.of(course(100, 1000, 0.9), course(100, 1000, 0.92));
        List<Course> free = List.of(course(100, 9999, 0.3), course(100, 9999, 0.3));
        String all = report(plain, free, List.of(course(200, 500, 0.9), course(200, 500, 0.9)));
        assertThat(all)
                .doesNotContain("Does not hold", "decides nothing", "Nothing is decided")
                .contains("5 of 29 frequencies")
                .contains("| plain | 100.0 ± 0.0 | 1000.0 ± 0.0 | 10.0 ± 0.0 | 10.0 ± 0.0 | 100.0 ± 0.0 |")
                .contains("plain: 2 of 2 seeds within 2000 steps. free: 0 of 2 seeds within 2000 steps.")
                .contains("by at least so many steps (Nanda et al. 2023): 1000.000")
                .contains("fewer steps, by (Power et al. 2022): 500.000");
        assertThat(folder.resolve("grokking.png")).isNotEmptyFile();
    }

    @Test
    void whatIsNotLateDoesNotHold() {
        List<Course> soon = List.of(course(200, 200, 0.2), course(200, 200, 0.22));
        String none = report(soon, soon, soon);
        assertThat(none.split("\\*\\*Does not hold here\\.\\*\\* ", -1)).hasSize(1 + 7);
        assertThat(none)
                .contains("**Does not hold here.** They are right after more than 5 times")
                .contains("**Does not hold here.** When the learned sums are known, less than half")
                .contains("**Does not hold here.** At the end most of the energy")
                .contains("**Does not hold here.** It is more than without weight decay");
        List<Course> half = List.of(course(100, 1000, 0.9), course(100, 9999, 0.3));
        assertThat(report(half, half, half))
                .contains(
                        "**Does not hold here.** With weight decay the held-out sums are right in the end (Power et al."
                                + " 2022): 1 of 2 seeds within 2000 steps.")
                .contains("**Nothing is decided** of how late that is");
    }

    @Test
    void aTrainingEndsWhenTheRestIsRightForFiveMeasures() {
        Course course = Course.of(material().measured(recipe(0.9, 1, 3000), 1));
        int n = course.steps().length;
        assertThat(course.steps()[n - 1]).isLessThan(3000);
        assertThat(Arrays.stream(course.heldOut()).skip(n - 5)).allMatch(each -> each >= 0.99);
        assertThat(course.heldOut()[n - 6]).isLessThan(0.99);
        assertThat(course.steps()[0]).isEqualTo(10);
    }

    @Test
    void weightDecayMakesWeightsSmaller() {
        double[] norms = new double[2];
        for (int decay = 0; decay <= 1; decay++) {
            AdderRecipe recipe = recipe(0.5, decay, 205);
            Course course = Course.of(material().measured(recipe, 1));
            assertThat(course.steps()).hasSize(21).endsWith(200, 205);
            ModularAdder model = new ModularAdder(7, 32, 4, Rng.of(9));
            Weights.load(material().folder(recipe, 1).resolve("weights.safetensors"), model);
            double[] numbers = model.numbers().toArray();
            norms[decay] = Arrays.stream(numbers).map(x -> x * x).sum();
            assertThat(course.after()).isEqualTo(Frequencies.strongest(numbers, 7, 5));
            SumTable.Sums sums = recipe.table().learned(Rng.of(1).at("table"));
            assertThat(course.learned()[20]).isEqualTo(AdderRecipe.accuracy(model, sums));
            SumTable.Sums others = recipe.table().heldOut(Rng.of(1).at("table"));
            assertThat(course.heldOut()[20]).isEqualTo(AdderRecipe.accuracy(model, others));
        }
        assertThat(norms[1]).isLessThan(0.9 * norms[0]);
    }

    @Test
    void recipesThatMeasureNothingAreRefused() {
        assertThatThrownBy(() -> recipe(0.5, 1, 10)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> recipe(0.5, -1, 20)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new AdderRecipe(new SumTable(7, 0.5), 1, 32, 4, 20, 0))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void theCommandPrintsItsTableAndGoesOn() throws Exception {
        String[] arguments = {"grokking", "--out=" + folder, "--modulus=13", "--steps=50", "--channels=8", "--seeds=2"};
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        assertThat(run.printed())
                .contains("## Grokking")
                .contains("| 50 %, no decay |", "| 70 %, decay 1 |")
                .contains("5 of 6 frequencies")
                .contains("0 of 2 seeds within 50 steps");
        assertThat(Files.readString(folder.resolve("table.md"))).isEqualTo(run.printed());
        assertThat(folder.resolve("grokking.png")).isNotEmptyFile();
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
        arguments[3] = "--steps=60";
        assertThat(LabRun.of(arguments).failure()).hasMessageContaining("other settings (steps: 50, now 60)");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        String out = "--out=" + folder.resolve("lab");
        for (int modulus : new int[] {-7, 11, 14, 501}) {
            assertThat(LabRun.of("grokking", out, "--modulus=" + modulus).failure())
                    .hasMessage("--modulus must be odd, from 13 to 499; got " + modulus);
        }
        for (String[] shares : new String[][] {{"0", "70"}, {"40", "40"}, {"40", "100"}}) {
            assertThat(LabRun.of("grokking", out, "--share=" + shares[0], "--more=" + shares[1])
                            .failure())
                    .hasMessage("--share must be at least 1, and --more above it and below 100; got %s and %s"
                            .formatted(shares[0], shares[1]));
        }
        assertThat(LabRun.of("grokking", out, "--steps=49").failure())
                .hasMessage("--steps must be at least 50; got 49");
        assertThat(LabRun.of("grokking", out, "--channels=6").failure())
                .hasMessage("--channels must be a multiple of 4; got 6");
        assertThat(LabRun.of("grokking", out, "--seeds=0").failure())
                .hasMessageContaining("--seeds must be at least 1");
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
