package gradus.train.run.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.FeedForwardChoice;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.NormChoice;
import gradus.tensor.random.Rng;
import gradus.train.Trainer;
import gradus.train.run.Components;
import gradus.train.run.compare.Interval;
import gradus.train.run.swap.SwapResult.Cell;
import gradus.train.run.swap.SwapResult.Measure;
import gradus.train.task.Split;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartsComparedTest {
    private static final int VOCABULARY = 7;
    private static final Split DATA =
            Split.holdOut(IntStream.range(0, 2000).map(i -> i * i % VOCABULARY).toArray(), 0.1);
    private static final Measure LOSS = Measure.ALL.getFirst();

    @TempDir
    Path place;

    private static SwapMatrix matrix(SwapConfig config) {
        return new SwapMatrix(config, DATA, VOCABULARY, said -> {});
    }

    /// What is measured of a pair is the loss of a model made and trained by hand.
    @Test
    void aPairIsTrainedAsByHand() {
        SwapConfig config = new SwapConfig("norm", "feedForward", 2, List.of(3L));
        Cell cell = matrix(config).cell("rmsnorm", "swiglu", 3);
        GptConfig model = config.model(VOCABULARY)
                .withNorm((NormChoice) part("norm", "rmsnorm"))
                .withFeedForward((FeedForwardChoice) part("feedForward", "swiglu"));
        Gpt gpt = new Gpt(model, Rng.of(3).at("model"));
        double byHand =
                Trainer.of(gpt, config.training(3), DATA).run().validationLoss().orElseThrow();
        assertThat(cell.loss()).isEqualTo(byHand);
        assertThat(cell.parameters()).isEqualTo(gpt.parameterCount());
        assertThat(cell.millis()).isPositive();
    }

    private static Object part(String slot, String name) {
        return Components.of(slot).stream()
                .filter(component -> component.name().equals(name))
                .findFirst()
                .orElseThrow()
                .defaults();
    }

    /// Memory is that of one training: what an earlier and larger one held does not count. Shaw's positions hold a
    /// vector for each pair of places, which multi-head attention without positions does not.
    @Test
    void memoryIsOfOneTraining() {
        SwapMatrix matrix = matrix(new SwapConfig("position", "norm", 2, List.of(1L)));
        double none = matrix.cell("none", "layernorm", 1).megabytes();
        double shaw = matrix.cell("shaw", "layernorm", 1).megabytes();
        double after = matrix.cell("transformer-xl", "layernorm", 1).megabytes();
        assertThat(shaw).isGreaterThan(2 * none);
        assertThat(after).isLessThan(shaw);
    }

    @Test
    void aTableHasMeansAndWhyAPairCannotBe() {
        SwapResult result = new SwapResult("attention", "position", List.of("mha", "s2"), List.of("rope"));
        result.add("mha", "rope", new Cell(1, 10, 5, 3));
        result.add("mha", "rope", new Cell(3, 20, 5, 3));
        result.refuse("s2", "rope", "there is no such thing");
        Interval loss = result.of("mha", "rope", LOSS);
        assertThat(loss.mean()).isEqualTo(2);
        assertThat(loss.half()).isCloseTo(12.706, within(0.001)); // t of one degree of freedom, times √2/√2
        assertThat(result.of("s2", "rope", LOSS).mean()).isNaN();
        assertThat(result.markdown())
                .contains("| mha                  | 2.000 ± 12.706 |", "| s2                   |                |")
                .endsWith("s2 with rope: there is no such thing\n");
        assertThat(result.csv().lines())
                .containsExactly(
                        "attention,position,loss,millis,megabytes,parameters",
                        "mha,rope,1.0,10.0,5.0,3",
                        "mha,rope,3.0,20.0,5.0,3");
    }

    /// The darkest cell of a picture is that of the largest number, and a pair that cannot be stays white.
    @Test
    void picturesShowTheNumbers() throws Exception {
        SwapResult result = new SwapResult("norm", "position", List.of("a", "b"), List.of("x", "y"));
        result.add("a", "x", new Cell(1, 1, 1, 1));
        result.add("a", "y", new Cell(2, 2, 2, 1));
        result.add("b", "x", new Cell(9, 9, 9, 1));
        new SwapFolder(place).write(result);
        assertThat(place.resolve("matrix.md")).content().isEqualTo(result.markdown());
        assertThat(place.resolve("matrix.csv")).content().isEqualTo(result.csv());
        for (String name : List.of("loss.png", "time.png", "memory.png")) {
            BufferedImage picture = ImageIO.read(place.resolve(name).toFile());
            int darkest = 0x3B7CC4;
            List<int[]> dark = new ArrayList<>();
            for (int y = 0; y < picture.getHeight(); y++) {
                for (int x = 0; x < picture.getWidth() * 3 / 5; x++) { // without the legend
                    if ((picture.getRGB(x, y) & 0xFFFFFF) == darkest) {
                        dark.add(new int[] {x, y});
                    }
                }
            }
            assertThat(dark).as(name).isNotEmpty();
            double left = dark.stream().mapToInt(at -> at[0]).average().orElseThrow();
            double high = dark.stream().mapToInt(at -> at[1]).average().orElseThrow();
            assertThat(left).as(name + ": below the first column").isLessThan(picture.getWidth() / 2.0);
            assertThat(high).as(name + ": in the second row").isGreaterThan(picture.getHeight() / 2.0);
        }
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        assertThatThrownBy(() -> new SwapConfig("attention", "colour", 1, List.of(1L)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("colour")
                .hasMessageContaining("attention, feedForward, norm, position");
        assertThatThrownBy(() -> new SwapConfig("norm", "norm", 1, List.of(1L)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("norm twice");
        assertThatThrownBy(() -> new SwapConfig("norm", "position", 0, List.of(1L)))
                .hasMessageContaining("steps must be at least 1; got 0");
        assertThatThrownBy(() -> new SwapConfig("norm", "position", 1, List.of(1L, 1L)))
                .hasMessageContaining("[1, 1]");
        assertThatThrownBy(() -> new SwapConfig("norm", "position", 1, List.of()))
                .hasMessageContaining("[]");
    }

    @Test
    void aFolderThatIsAFileIsRefusedBeforeAnythingIsTrained() throws Exception {
        Path file = Files.writeString(place.resolve("file"), "");
        assertThatThrownBy(() -> new SwapFolder(file)).hasMessageContaining("is a file");
    }
}
