package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentsCommandTest {
    @TempDir
    Path place;

    @Test
    void comparesTwoKindsOfParts() throws Exception {
        Path out = place.resolve("parts");
        Cli ended = Cli.run(
                "components",
                "--compare=norm,feedForward",
                "--steps=1",
                "--seeds=1",
                "--out=" + out,
                "--data",
                Cli.text(place).toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("validation loss, nats per token", "ms a step", "memory of tensors, MB", "| rmsnorm");
        assertThat(out.resolve("matrix.md")).content().isEqualTo(ended.out());
        assertThat(out.resolve("loss.png")).isNotEmptyFile();
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
