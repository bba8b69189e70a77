package gradus.lessons.lab.norms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.Placement;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.compare.Interval;
import gradus.train.task.Evaluation;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class NormsLabTest {
    private static final HeldOutText TEXT = HeldOutText.ofText("one two three four ".repeat(200), "the text", 600);
    private static final NormRun.Size SMALL = new NormRun.Size(2, 8, 8, 4);

    private static final double H = 1e-2; // in 32 bits a smaller one would be less exact

    @TempDir
    private Path folder;

    private static Norming named(String name) {
        return Norming.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Gpt model(String norm) {
        return new Gpt(named(norm).config(2, 8, TEXT.vocabulary(), 8), Rng.of(3));
    }

    private NormRuns runs() {
        return new NormRuns(SMALL, 6, 2, TEXT, new Material(folder, line -> {}));
    }

    @Test
    void everyNormOfTheLibraryStandsAtBothPlacesAndNoneOnce() {
        List<String> names = Norming.all().stream().map(Norming::name).toList();
        assertThat(names)
                .doesNotHaveDuplicates()
                .hasSize(2 * Components.of("norm").size() + 1);
        for (Component each : Components.of("norm")) {
            assertThat(names).contains("pre-" + each.name(), "post-" + each.name());
        }
        assertThat(named("post-rmsnorm").placement()).isEqualTo(Placement.POST);
        assertThat(names).contains("none");
    }

    @Test
    void withoutNormsBeforeAndAfterAreTheSame() {
        Indices ids = Indices.of(Shape.of(1, 8), IntStream.range(0, 8).toArray());
        Norming after = new Norming("after", Norming.NONE.choice(), Placement.POST);
        Tensor pre = new Gpt(Norming.NONE.config(2, 8, TEXT.vocabulary(), 8), Rng.of(3)).forward(ids);
        Tensor post = new Gpt(after.config(2, 8, TEXT.vocabulary(), 8), Rng.of(3)).forward(ids);
        assertThat(pre.toArray()).isEqualTo(post.toArray());
        assertThat(model("none").namedParameters().keySet()).noneMatch(name -> name.contains("ln_"));
        assertThat(model("pre-rmsnorm").forward(ids).toArray())
                .isNotEqualTo(pre.toArray())
                .isNotEqualTo(model("post-rmsnorm").forward(ids).toArray())
                .isNotEqualTo(model("pre-layernorm").forward(ids).toArray());
    }

    @Test
    void onlyBatchNormHearsOfLaterTokensAndOnlyInTraining() {
        Tokens text = TEXT.split().validation();
        for (Norming each : Norming.all()) {
            Gpt model = model(each.name());
            BatchSight sight = new BatchSight(model.train());
            assertThat(sight.leak(text, true) > 0)
                    .as(each.name())
                    .isEqualTo(each.name().endsWith("batchnorm"));
            assertThat(sight.leak(text, false)).as(each.name()).isZero();
            assertThat(model.training()).isTrue();
        }
    }

    /// Against the evaluation of the library, of a text that is whole batches.
    @Test
    void theLossIsThatOfTheLibraryAndAsInTrainingItIsThatOfTheBatch() {
        Tokens text = Tokens.of(Arrays.copyOf(ids(TEXT.split().validation()), 3 * 4 * 8 + 1));
        for (Norming each : Norming.all()) {
            Gpt model = model(each.name());
            double evaluated = new Evaluation(model, Loss.crossEntropy(), 4).whole(text);
            BatchSight sight = new BatchSight(model);
            assertThat(sight.loss(text, 4, false)).as(each.name()).isCloseTo(evaluated, within(1e-6));
            boolean batch = each.name().endsWith("batchnorm");
            assertThat(Math.abs(sight.loss(text, 4, true) - evaluated) > 1e-6)
                    .as(each.name())
                    .isEqualTo(batch);
            // no running mean has moved
            assertThat(sight.loss(text, 4, false)).isEqualTo(sight.loss(text, 4, false));
            assertThat(new BatchSight(model).loss(text, 4, false)).isCloseTo(evaluated, within(1e-6));
        }
        assertThat(new BatchSight(model("none")).loss(Tokens.of(1, 2), 4, false))
                .isNaN();
    }

    /// Against central differences, weight by weight.
    @Test
    void theGradientAtTheStartIsTheSlopeOfTheLoss() {
        NormRun.Size size = new NormRun.Size(2, 4, 4, 2);
        Gpt model = new Gpt(
                named("post-layernorm").config(2, 4, TEXT.vocabulary(), 4),
                Rng.of(5).at("model"));
        LanguageModelling task = new LanguageModelling(
                model,
                TEXT.split(),
                new LanguageModelling.Sizes(2, 1),
                Rng.of(5).at("batches"));
        Tensor weight = model.namedParameters().get("h.1.mlp.c_proj.weight");
        double[] values = weight.toArray();
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            double slope = (lossWith(task, weight, values, i, H) - lossWith(task, weight, values, i, -H)) / (2 * H);
            squares += slope * slope;
        }
        StartGradient measured = StartGradient.of(named("post-layernorm"), size, false, TEXT, 5);
        assertThat(measured.last()).isCloseTo(Math.sqrt(squares), withinPercentage(2));
        assertThat(measured.whole()).isGreaterThan(Math.hypot(measured.first(), measured.last()));
        assertThat(measured.first()).isNotEqualTo(measured.last());
        StartGradient one = StartGradient.of(named("post-layernorm"), new NormRun.Size(1, 4, 4, 2), false, TEXT, 5);
        assertThat(one.first()).isEqualTo(one.last());
    }

    private static double lossWith(LanguageModelling task, Tensor weight, double[] values, int at, double change) {
        double[] moved = values.clone();
        moved[at] += change;
        weight.set(moved);
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return task.parts(0).getFirst().loss().item();
        } finally {
            weight.set(values);
        }
    }

    /// The sum of branches is larger then, about √(2·L) times, and the last norm divides by it.
    @Test
    void theEndsOfBranchesStartAsLargeAsOthersOnRequest() {
        StartGradient alike = StartGradient.of(named("pre-layernorm"), SMALL, true, TEXT, 5);
        StartGradient smaller = StartGradient.of(named("pre-layernorm"), SMALL, false, TEXT, 5);
        assertThat(smaller.last() / alike.last()).isBetween(1.2, 4.0);
    }

    @Property(tries = 200)
    void theLargestRateIsTheLastThatIsGoodEnough(
            @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = 0, max = 6) Double> drawn) {
        double[] losses =
                drawn.stream().mapToDouble(each -> each > 5 ? Double.NaN : each).toArray();
        int largest = RatePart.largest(3, losses);
        for (int i = largest + 1; i < losses.length; i++) {
            assertThat(losses[i] >= 3 || Double.isNaN(losses[i])).isTrue();
        }
        assertThat(largest < 0 || losses[largest] < 3).isTrue();
    }

    @Test
    void lettersAreAsFrequentAsCounted() {
        Split split = new Split(new int[] {0, 0, 0, 1}, new int[] {0, 1, 2, 2});
        // with one more of each: 4, 2 and 1 of 7
        double expected = -(Math.log(4 / 7.0) + Math.log(2 / 7.0) + 2 * Math.log(1 / 7.0)) / 4;
        assertThat(LetterFrequencies.loss(split, 3)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void aDifferenceIsNoneOnlyIfAllOfItsIntervalIsSmall() {
        assertThat(LossPart.within(new Interval(-0.02, 0.02), 0.05)).isTrue();
        assertThat(LossPart.within(new Interval(-0.02, 0.04), 0.05)).isFalse();
        assertThat(LossPart.within(new Interval(0, Double.NaN), 0.05)).isFalse();
    }

    @Test
    void aTrainingMeasuresAndOneThatBreaksOffDoesNot() {
        JsonNode gentle = runs().measured(named("pre-layernorm"), 1e-2, true, 1);
        JsonNode once = runs().measured(named("pre-layernorm"), 1e-2, false, 1);
        assertThat(gentle.path("loss").asDouble()).isBetween(1.0, Math.log(TEXT.vocabulary()) + 0.1);
        assertThat(gentle.path("trainingLoss").asDouble())
                .isEqualTo(gentle.path("loss").asDouble());
        assertThat(gentle.path("seconds").asDouble()).isPositive();
        assertThat(once.path("loss").asDouble())
                .isNotEqualTo(gentle.path("loss").asDouble());
        assertThat(runs().measured(named("none"), 1e30, false, 1).isEmpty()).isTrue();
        assertThatThrownBy(() -> new NormRun(Norming.NONE, SMALL, 0, true, 6, TEXT))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new NormRun(Norming.NONE, SMALL, 1, true, 1, TEXT))
                .isInstanceOf(ConfigException.class);
    }

    private static int[] ids(Tokens tokens) {
        int[] ids = new int[(int) tokens.size()];
        tokens.copy(0, ids, 0, ids.length);
        return ids;
    }

    @Test
    void theCommandNamesEveryNormAndGoesOn() throws Exception {
        Path text = folder.resolve("text.txt");
        Files.writeString(text, "one two three four ".repeat(200));
        Path lab = folder.resolve("lab");
        String[] arguments = {
            "norms",
            "--out=" + lab,
            "--data=" + text,
            "--steps=2",
            "--seeds=1",
            "--rates=1",
            "--depths=1,2",
            "--held-out=600"
        };
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        for (Norming each : Norming.all()) {
            assertThat(run.printed()).contains("| " + each.name() + " |");
        }
        assertThat(run.printed())
                .contains(
                        "**Holds.** Control: BatchNorm leaks, and nothing else does: [pre-batchnorm, post-batchnorm].")
                .contains("## The gradient before the first step", "## The largest rate");
        assertThat(lab.resolve("table.md")).hasContent(run.printed());
        assertThat(lab.resolve("rates.png")).isNotEmptyFile();
        assertThat(lab.resolve("gradients.png")).isNotEmptyFile();
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        String out = "--out=" + folder.resolve("lab");
        assertThat(LabRun.of("norms", out, "--steps=1").failure()).hasMessageContaining("--steps must be at least 2");
        assertThat(LabRun.of("norms", out, "--held-out=512").failure())
                .hasMessageContaining("--held-out must be at least 513, one batch; got 512");
        assertThat(LabRun.of("norms", out, "--rates=0").failure()).hasMessageContaining("--rates must be 1 to 12");
        assertThat(LabRun.of("norms", out, "--depths=2").failure()).hasMessageContaining("got [2]");
        assertThat(LabRun.of("norms", out, "--depths=0,2").failure()).hasMessageContaining("got [0, 2]");
        assertThat(LabRun.of("norms", out, "--seeds=0").failure()).hasMessageContaining("--seeds must be at least 1");
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
