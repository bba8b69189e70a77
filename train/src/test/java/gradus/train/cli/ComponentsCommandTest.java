package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.run.Component;
import gradus.train.run.Components;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentsCommandTest {
    @TempDir
    Path place;

    /// Every pair of the two kinds is trained, in the order of `gradus components`. In a process of its own: between
    /// trainings the garbage collector looks through the whole program.
    @Test
    void comparesTwoKindsOfParts() throws Exception {
        Path out = place.resolve("parts");
        Process process = Cli.process(
                        PseudoTerminal.QUICK_START,
                        Main.class.getName(),
                        "components",
                        "--compare=norm,feedForward",
                        "--steps=1",
                        "--seeds=1",
                        "--out=" + out,
                        "--data",
                        Cli.text(place).toString())
                .redirectError(place.resolve("said.txt").toFile())
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(Files.readString(place.resolve("said.txt")))
                .isZero();
        assertThat(printed)
                .contains("validation loss, nats per token", "ms a step", "memory of tensors, MB", "| rmsnorm");
        assertThat(out.resolve("matrix.md")).content().isEqualTo(printed);
        assertThat(out.resolve("loss.png")).isNotEmptyFile();

        List<String> pairs = new ArrayList<>();
        for (Component norm : Components.of("norm")) {
            for (Component feedForward : Components.of("feedForward")) {
                pairs.add(norm.name() + "," + feedForward.name());
            }
        }
        List<String> measured =
                Files.readAllLines(out.resolve("matrix.csv")).stream().skip(1).toList();
        assertThat(measured)
                .map(line -> String.join(",", List.of(line.split(",")).subList(0, 2)))
                .isEqualTo(pairs);
        assertThat(measured.stream().flatMap(line -> Stream.of(line.split(",")).skip(2)))
                .allSatisfy(number ->
                        assertThat(Double.parseDouble(number)).isPositive().isFinite());
    }

    @Test
    void optionsOfAComparisonNeedOne() {
        Cli ended = Cli.run("components", "--steps=5");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--steps is of a comparison; give --compare too");
    }

    @Test
    void aComparisonNeedsTwoKindsAndAFolder() {
        assertThat(Cli.run("components", "--compare=norm", "--out=" + place).err())
                .contains("--compare takes two kinds of parts, as attention,position; got [norm]");
        assertThat(Cli.run("components", "--compare=norm,position").err()).contains("needs --out");
        assertThat(Cli.run("components", "--compare=norm,colour", "--out=" + place)
                        .err())
                .contains("there is no kind of parts colour");
    }
}
