package gradus.train.run.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.PositionChoice;
import gradus.layers.model.config.Positions;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.cli.Cli;
import gradus.train.task.Tokens;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LengthTest {
    private static final int V = 7;
    private static final int TRAINED = 8;
    private static final GptConfig CONFIG = new GptConfig(V, TRAINED, 2, 2, 8, 0).withPosition(new Positions.Rope(100));
    private static final int[] TEXT =
            IntStream.range(0, 60).map(i -> (i * i + i / 3) % V).toArray();

    private static double[] logits(Gpt gpt, int... ids) {
        return gpt.forward(Indices.of(ids).reshape(1, ids.length)).toArray();
    }

    @Test
    void withinItsLengthALongerModelIsTheSame() {
        for (PositionChoice position : List.of(
                new Positions.Rope(100),
                new Positions.Alibi(),
                new Positions.T5(),
                new Positions.None(),
                new Positions.Sinusoidal(),
                new Positions.Shaw(3),
                new Positions.TransformerXl())) {
            GptConfig config = CONFIG.withPosition(position);
            Gpt gpt = new Gpt(config, Rng.of(1)).eval();
            int[] ids = Arrays.copyOf(TEXT, TRAINED);
            for (int context : new int[] {4, 8, 30}) {
                Gpt other = LongerModel.of(gpt, config, context, Optional.empty());
                int[] read = Arrays.copyOf(ids, Math.min(context, TRAINED));
                assertThat(logits(other, read)).as("%s", position).isEqualTo(logits(gpt, read));
            }
            assertThat(logits(LongerModel.of(gpt, config, 30, Optional.empty()), Arrays.copyOf(TEXT, 30)))
                    .hasSize(30 * V);
        }
    }

    @Test
    void learnedPositionsEnd() {
        GptConfig config = CONFIG.withPosition(new Positions.Learned());
        Gpt gpt = new Gpt(config, Rng.of(1)).eval();
        assertThatThrownBy(() -> LongerModel.of(gpt, config, 9, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("learned positions are vectors for each of 8 places; there is none for place 9");
        Gpt shorter = LongerModel.of(gpt, config, 5, Optional.empty());
        assertThat(logits(shorter, 1, 2, 3, 4, 5)).isEqualTo(logits(gpt, 1, 2, 3, 4, 5));
    }

    /// A model that is built with the stretched positions and has the same weights.
    @ParameterizedTest
    @ValueSource(strings = {"pi:2", "ntk:2", "dynamic-ntk:2", "yarn:2.5", "llama3:2", "longrope:2", "dca:5"})
    void stretchedPositionsAreThoseOfTheirKind(String text) {
        PositionScale scale = PositionScale.of(text);
        Gpt gpt = new Gpt(CONFIG, Rng.of(1)).eval();
        Gpt longer = LongerModel.of(gpt, CONFIG, 20, Optional.of(scale));
        PositionChoice expected = switch (scale.kind()) {
            case "pi" -> new Positions.Interpolated(100, 2);
            case "ntk" -> new Positions.NtkAware(100, 2);
            case "dynamic-ntk" -> new Positions.DynamicNtk(100, 2, TRAINED);
            case "yarn" -> new Positions.Yarn(100, 2.5, TRAINED);
            case "llama3" -> new Positions.Llama3(100, 2, TRAINED);
            case "longrope" -> new Positions.LongRope(100, 2, TRAINED);
            default -> new Positions.DualChunk(100, 5, TRAINED);
        };
        Gpt built = new Gpt(CONFIG.withContext(20).withPosition(expected), Rng.of(1)).eval();
        int[] ids = Arrays.copyOf(TEXT, 20);
        assertThat(logits(longer, ids)).isEqualTo(logits(built, ids));
        assertThat(logits(longer, ids)).isNotEqualTo(logits(LongerModel.of(gpt, CONFIG, 20, Optional.empty()), ids));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "yarn @ is written kind:factor",
                "yarn: @ is written kind:factor",
                "yarn:x @ is written kind:factor",
                "yarn:1e @ is written kind:factor",
                "yarm:4 @ there is no position scale yarm; there are pi, ntk",
                "yarn:0.5 @ the factor of yarn must be at least 1",
                "yarn:1e999 @ the factor of yarn must be at least 1",
                "dca:1.5 @ the chunk of dca must be a whole number"
            })
    void whatIsNoScaleIsNamed(String text, String said) {
        assertThatThrownBy(() -> PositionScale.of(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(said.strip());
    }

    /// Each loss by plain loops, for windows at equal distances.
    @Property(tries = 200)
    void lossesAreThoseOfTheirWindows(
            @ForAll @IntRange(min = 1, max = 8) int length,
            @ForAll @IntRange(min = 1, max = 9) int windows,
            @ForAll @IntRange(min = 9, max = 60) int size) {
        Gpt gpt = new Gpt(CONFIG, Rng.of(2)).eval();
        int[] text = Arrays.copyOf(TEXT, size);
        double[][] losses =
                LossByPosition.of(gpt, Tokens.of(text), length, windows).losses();
        int all = (size - 1) / length;
        assertThat(losses).hasNumberOfRows(Math.min(all, windows));
        int before = -length;
        for (int w = 0; w < losses.length; w++) {
            int from = (int) ((long) w * all / losses.length) * length;
            assertThat(from).isGreaterThanOrEqualTo(before + length);
            before = from;
            double[] logits = logits(gpt, Arrays.copyOfRange(text, from, from + length));
            for (int t = 0; t < length; t++) {
                double sum = 0;
                for (int v = 0; v < V; v++) {
                    sum += Math.exp(logits[t * V + v]);
                }
                double expected = Math.log(sum) - logits[t * V + text[from + t + 1]];
                assertThat(losses[w][t]).isEqualTo(expected, within(1e-5)); // of float32
            }
        }
    }

    @Test
    void meansAreOverPositions() {
        LossByPosition losses = new LossByPosition(new double[][] {{1, 2, 6}, {4, 4, 10}});
        assertThat(losses.means(0, 3)).containsExactly(new double[] {3, 6}, within(1e-12));
        assertThat(losses.means(1, 3)).containsExactly(new double[] {4, 7}, within(1e-12));
    }

    @Test
    void textsThatAreTooShortAreNamed() {
        Gpt gpt = new Gpt(CONFIG, Rng.of(1)).eval();
        assertThatThrownBy(() -> LossByPosition.of(gpt, Tokens.of(1, 2, 3), 3, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the text has 3 tokens; windows of 3 need 4");
        assertThatThrownBy(() -> LossByPosition.of(gpt, Tokens.of(TEXT), 9, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("longer than the model's context of 8");
    }

    @Test
    void fromTheCommandLine(@TempDir Path folder) throws Exception {
        Path text = Cli.text(folder);
        Path run = folder.resolve("run");
        Cli trained = Cli.run(Cli.arguments(text, run, "--model.position=rope"));
        assertThat(trained.code()).as(trained.err()).isZero();
        Cli told = Cli.run("eval", "--run", run.toString(), "--lengths", "16,8,32", "--position.scale", "yarn:4");
        assertThat(told.code()).as(told.err()).isZero();
        List<String> lines = told.out().lines().toList();
        assertThat(lines.getFirst()).contains("positions stretched by yarn:4");
        assertThat(lines.get(2)).contains("1–8", "9–16", "17–32");
        assertThat(lines.get(4)).startsWith("| 8 (trained)");
        assertThat(lines).hasSize(7);
        assertThat(Cli.run("eval", "--run", run.toString(), "--lengths", "8", "--position.scale", "yarn")
                        .err())
                .contains("--lengths: a position scale is written kind:factor");
        Cli.run("eval", "--run", run.toString(), "--position.scale", "yarn:4").assertRefused("goes with --lengths");
        Cli.run("eval", "--run", run.toString(), "--lengths", "0").assertRefused("at least 1; got 0");
        Cli.run("eval", "--run", run.toString(), "--lengths", "9999").assertRefused("windows of 9999 need 10000");
    }
}
