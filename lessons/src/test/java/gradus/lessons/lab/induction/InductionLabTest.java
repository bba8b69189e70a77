package gradus.lessons.lab.induction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.induction.HeadScores.Head;
import gradus.lessons.lab.induction.Repeats.Rows;
import gradus.lessons.lab.material.Training;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InductionLabTest {
    private static final Repeats SMALL = new Repeats(5, 3, 6);

    @TempDir
    private Path folder;

    @Property(tries = 200)
    void aStretchRepeatsUntilTheEnd(@ForAll long seed, @ForAll @IntRange(min = 3, max = 9) int longest) {
        Repeats repeats = new Repeats(50, 3, longest);
        Rows rows = repeats.draw(3, true, Rng.of(seed));
        for (int row = 0; row < 3; row++) {
            int period = rows.periods()[row];
            assertThat(period).isBetween(3, longest);
            assertThat(rows.tokens()[row]).hasSize(2 * longest);
            for (int t = period; t < 2 * longest; t++) {
                assertThat(rows.tokens()[row][t]).isEqualTo(rows.tokens()[row][t - period]);
            }
        }
        Rows random = repeats.draw(3, false, Rng.of(seed));
        assertThat(random.periods()).isEqualTo(rows.periods());
        for (int row = 0; row < 3; row++) {
            int period = rows.periods()[row];
            assertThat(Arrays.copyOf(random.tokens()[row], period))
                    .isEqualTo(Arrays.copyOf(rows.tokens()[row], period));
        }
        assertThat(random.tokens())
                .isDeepEqualTo(repeats.draw(3, false, Rng.of(seed)).tokens());
    }

    /// All sequences of a small vocabulary are written down with their chances; what follows is counted.
    @Test
    void theExactPredictorIsThatOfAllSequences() {
        Repeats repeats = new Repeats(2, 3, 4);
        double[] chance = new double[1 << 8];
        for (int period = 3; period <= 4; period++) {
            for (int stretch = 0; stretch < 1 << period; stretch++) {
                int sequence = 0;
                for (int t = 0; t < 8; t++) {
                    sequence |= (stretch >> t % period & 1) << t;
                }
                chance[sequence] += 0.5 / (1 << period);
            }
        }
        for (int sequence = 0; sequence < chance.length; sequence++) {
            if (chance[sequence] == 0) {
                continue;
            }
            int[] tokens = new int[8];
            for (int t = 0; t < 8; t++) {
                tokens[t] = sequence >> t & 1;
            }
            for (int t = 1; t < 8; t++) {
                double before = 0;
                double with = 0;
                for (int other = 0; other < chance.length; other++) {
                    boolean same = (other & (1 << t) - 1) == (sequence & (1 << t) - 1);
                    before += same ? chance[other] : 0;
                    with += same && (other >> t & 1) == tokens[t] ? chance[other] : 0;
                }
                assertThat(repeats.probability(tokens, t)).isCloseTo(with / before, within(1e-12));
            }
        }
    }

    private static InductionRecipe recipe(int layers, int steps) {
        return new InductionRecipe(SMALL, layers, 2, 16, 8, new Training(steps, 5e-3), 4, 8);
    }

    /// Against the logarithms of a pass of each sequence alone.
    @Test
    void lossesAreThoseOfTheTwoOccurrences() {
        Gpt model = recipe(1, 4).model(1).eval();
        Rows rows = SMALL.draw(4, true, Rng.of(3));
        double first = 0;
        double second = 0;
        int counted = 0;
        for (int row = 0; row < 4; row++) {
            Rows one = new Rows(new int[][] {rows.tokens()[row]}, new int[] {rows.periods()[row]});
            double[] logs = model.forward(one.inputs()).logSoftmax(-1).toArray();
            for (int t = 1; t < 2 * rows.periods()[row]; t++) {
                double loss = -logs[(t - 1) * 5 + rows.tokens()[row][t]];
                first += t < rows.periods()[row] ? loss : 0;
                second += t > rows.periods()[row] ? loss : 0;
            }
            counted += rows.periods()[row] - 1;
        }
        RepeatLoss loss = RepeatLoss.of(model, rows);
        assertThat(loss.first()).isCloseTo(first / counted, within(1e-5));
        assertThat(loss.second()).isCloseTo(second / counted, within(1e-5));
        assertThat(loss.gain()).isCloseTo((first - second) / counted, within(1e-5));
    }

    @Test
    void scoresAreReadAtTheirPlaces() {
        float[][] attention = new float[7][7];
        attention[3][1] = 0.5f; // period 3: place 3 looks behind place 0
        attention[4][2] = 0.7f;
        attention[4][3] = 0.2f;
        attention[5][3] = 9; // the last of the second occurrence: what follows is not of it
        assertThat(HeadScores.prefix(attention, 3)).isCloseTo(0.6, within(1e-6));
        assertThat(HeadScores.previous(attention)).isCloseTo(0.2 / 6, within(1e-6));
        assertThat(HeadScores.best(new double[][] {{0.1, 0.4}, {0.5, 0.3}})).isEqualTo(new Head(1, 0));
        assertThat(HeadScores.greatest(new double[][] {{0.1, 0.6}, {0.5, 0.3}})).isEqualTo(0.6);
    }

    /// Without a head is without the columns of its output projection.
    @Test
    void aHeadWithoutOutputIsTakenOut() {
        Rows rows = SMALL.draw(4, true, Rng.of(3));
        Gpt model = recipe(2, 4).model(1).eval();
        double[][] without = WithoutHead.losses(model, rows);
        double whole = RepeatLoss.of(model, rows).second();
        for (int layer = 0; layer < 2; layer++) {
            for (int head = 0; head < 2; head++) {
                Gpt cut = recipe(2, 4).model(1).eval();
                Tensor weight = cut.namedParameters().get("h." + layer + ".attn.c_proj.weight");
                float[] numbers = weight.toFloatArray(); // (16, 16)
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = i % 16 / 8 == head ? 0 : numbers[i];
                }
                try (var pause = Autograd.noGrad()) {
                    weight.copyFrom(Tensor.of(numbers, 16, 16));
                }
                assertThat(without[layer][head])
                        .isCloseTo(RepeatLoss.of(cut, rows).second(), within(1e-6))
                        .isNotEqualTo(whole);
            }
        }
        assertThat(RepeatLoss.of(model, rows).second()).isEqualTo(whole);
    }

    @Test
    void halfWayAndSteepest() {
        double[] steps = {0, 10, 20, 30, 100};
        assertThat(InductionCourse.half(steps, new double[] {4, 4, 1, 0, 0})).isCloseTo(16.666666, within(1e-5));
        assertThat(InductionCourse.half(steps, new double[] {0, 0.2, 0.8, 1, 1}))
                .isEqualTo(15);
        assertThat(InductionCourse.steepest(steps, new double[] {4, 4, 1, 0, 0}))
                .isEqualTo(0.75);
    }

    private static InductionCourse course(double end, double score, double without, double random) {
        double[][] prefix = {{0, 0}, {score, 0.1}};
        double[][] previous = {{0.9, 0.1}, {0.1, 0.1}};
        HeadScores start = new HeadScores(new double[2][2], new double[2][2]);
        HeadScores formed = new HeadScores(prefix, previous);
        return new InductionCourse(
                List.of(
                        new InductionCourse.Point(0, new RepeatLoss(1.61, 1.61), start),
                        new InductionCourse.Point(50, new RepeatLoss(1.61, 1.6), start),
                        new InductionCourse.Point(60, new RepeatLoss(1.63, end), formed),
                        new InductionCourse.Point(100, new RepeatLoss(1.63, end), formed)),
                new RepeatLoss(1.61, 0.01),
                new RepeatLoss(1.6, 1.6 - random),
                new double[][] {{without, end + 0.01}, {without, end + 0.01}});
    }

    @Test
    void verdictsFollowFromTheCourses() {
        List<InductionCourse> two = List.of(course(0.1, 0.8, 1.2, -0.1), course(0.11, 0.81, 1.21, -0.2));
        List<InductionCourse> one = List.of(course(1.5, 0.1, 1.5, 0), course(1.51, 0.11, 1.5, 0));
        String good = new InductionPart(two, one, SMALL).section(folder).toString();
        assertThat(good).doesNotContain("Does not hold", "decides nothing");
        assertThat(folder.resolve("loss.png")).isNotEmptyFile();
        assertThat(folder.resolve("scores.png")).isNotEmptyFile();
        List<InductionCourse> bad = List.of(course(1.5, 0.1, 1.5, 0.3), course(1.51, 0.09, 1.5, 0.31));
        String none = new InductionPart(bad, one, SMALL).section(folder).toString();
        assertThat(none.split("\\*\\*Does not hold here\\.\\*\\* ", -1)).hasSizeGreaterThanOrEqualTo(1 + 5);
        assertThat(none)
                .contains("**Does not hold here.** Two layers: the second occurrence costs less")
                .contains("**Does not hold here.** One layer")
                .contains("**Does not hold here.** Two layers: the best prefix-matching")
                .contains("**Does not hold here.** Without the best induction head")
                .contains("**Does not hold here.** Control: two layers gain nothing");
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertThatThrownBy(() -> new Repeats(1, 3, 6)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Repeats(5, 2, 6)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Repeats(5, 7, 6)).isInstanceOf(ConfigException.class);
        String out = "--out=" + folder.resolve("lab");
        assertThat(LabRun.of("induction", out, "--vocabulary=1").failure())
                .hasMessage("--vocabulary must be 2 to 4096; got 1");
        assertThat(LabRun.of("induction", out, "--longest=7").failure())
                .hasMessage("--longest must be 8 to 256; got 7");
        assertThat(LabRun.of("induction", out, "--steps=1").failure()).hasMessageContaining("--steps must be");
        assertThat(LabRun.of("induction", out, "--seeds=0").failure()).hasMessageContaining("--seeds must be");
        assertThat(folder.resolve("lab")).doesNotExist();
    }

    @Test
    void theCommandPrintsItsTablesAndGoesOn() throws Exception {
        String[] arguments = {"induction", "--out=" + folder, "--vocabulary=8", "--longest=8", "--steps=8", "--seeds=2"
        };
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        assertThat(run.printed()).contains("## Induction heads", "| exact predictor |", "| previous-token head |");
        assertThat(Files.readString(folder.resolve("table.md"))).isEqualTo(run.printed());
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
        arguments[4] = "--steps=9";
        assertThat(LabRun.of(arguments).failure()).hasMessageContaining("other settings (steps: 8, now 9)");
    }
}
