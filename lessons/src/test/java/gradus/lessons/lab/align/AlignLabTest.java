package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlignLabTest {
    @TempDir
    private Path folder;

    private LabRun run(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("align", "--out", folder.resolve("lab").toString()));
        arguments.addAll(List.of(more));
        return LabRun.of(arguments.toArray(String[]::new));
    }

    private String tables(String... more) {
        LabRun run = run(more);
        assertThat(run.code()).as(run.told()).isZero();
        return run.printed();
    }

    @Test
    void partAHasALineForEveryAlgorithmAndItsDistance() throws Exception {
        String tables = tables("--parts=a");
        assertThat(tables)
                .contains("| reward | 0.000000 | 0.300000 | 0.500000 | 0.800000 | 1.000000 |")
                .contains("| k1 in the reward | 0.052032 | 0.129565 | 0.144176 | 0.319120 | 0.355107 |")
                .contains("| k3 as loss (GRPO) | 0.098000 | 0.104107 | 0.072058 | 0.113424 | 0.612410 |")
                .contains("| DPO on all pairs | 0.052032 |")
                .contains("| k2 as loss | token |")
                .doesNotContain("(e)");
        Path lab = folder.resolve("lab");
        assertThat(Files.readString(lab.resolve("table.md"))).isEqualTo(tables);
        List<String> lines = Files.readAllLines(lab.resolve("fixed-points.csv"));
        assertThat(lines).hasSize(1 + 5 * 5 + 2 * 5 * 27);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            assertThat(Double.parseDouble(cells[6]) - Double.parseDouble(cells[7]))
                    .as(line)
                    .isBetween(-1e-6, 1e-6);
        }
        assertThat(lab.resolve("fixed-points.png")).isNotEmptyFile();
    }

    @Test
    void partEIsTheSameEveryTime() throws Exception {
        String table = tables("--parts=e", "--groups=200");
        assertThat(table).contains("Groups of 8 answers, 200 groups for each p").contains("| 0.50 | 2.000 | 1.735 |");
        Path lab = folder.resolve("lab");
        assertThat(Files.readAllLines(lab.resolve("coefficient.csv"))).hasSize(14);
        assertThat(lab.resolve("coefficient.png")).isNotEmptyFile();
        assertThat(tables("--parts=e", "--groups=200")).isEqualTo(table);
        assertThat(tables("--parts=e", "--groups=200", "--seed=2")).isNotEqualTo(table);
    }

    @Test
    void whatThereIsNotIsRefused() {
        assertThat(run("--parts=a,z").failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--parts must be of a, b, c, d, e; got z");
        assertThat(run("--groups=1").failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--group and --groups must be at least 2; got 8 and 1");
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
