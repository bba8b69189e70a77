package gradus.lessons.lab.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.GptSize;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.CheckpointJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingLabTest {
    @TempDir
    private Path folder;

    private LabRun run(String... more) throws IOException {
        Path text = folder.resolve("text.txt");
        if (!Files.exists(text)) {
            StringBuilder words = new StringBuilder();
            for (int i = 0; i < 4000; i++) {
                words.append(List.of("one ", "two ", "three ", "four\n")
                        .get(Rng.of(1).index(i, 4)));
            }
            Files.writeString(text, words);
        }
        List<String> arguments = new ArrayList<>(List.of("scaling", "--out=" + folder.resolve("lab")));
        Stream.of("--data=" + text, "--compute=1e8", "--budgets=4", "--held-out=1024")
                .filter(each -> Stream.of(more).noneMatch(own -> own.startsWith(each.split("=")[0])))
                .forEach(arguments::add);
        arguments.addAll(List.of(more));
        return LabRun.of(arguments.toArray(String[]::new));
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void itPrintsTheLawsAndGoesOnWhereItWasStopped() throws IOException {
        LabRun first = run();
        assertThat(first.code()).as(String.valueOf(first.failure())).isZero();
        assertThat(first.printed())
                .contains("## The size alone (Kaplan)")
                .contains("## The best size for some compute (Chinchilla)")
                .contains("## A larger run, foretold")
                .contains("## More data or a larger model")
                .containsPattern("\\*\\* The line of compute foretells the larger run within 2 %: [+-]\\d+\\.\\d\\d %");
        Path lab = folder.resolve("lab");
        assertThat(lab.resolve("table.md")).hasContent(first.printed());
        assertThat(lab.resolve("prediction.txt")).isNotEmptyFile();
        assertThat(lab.resolve("compute.png")).isNotEmptyFile();
        // foretold before the run is trained
        assertThat(first.told().indexOf("is foretold"))
                .isBetween(0, first.told().lastIndexOf("is trained"));

        requireVerdicts(first.printed());
        requireGrowth(first.printed(), lab);

        remove(lab.resolve("runs").resolve("gpt-2-4-85-1"));
        LabRun again = run();
        assertThat(again.printed()).isEqualTo(first.printed());
        assertThat(again.told().lines().filter(line -> line.endsWith("is trained")))
                .containsExactly("gpt-2-4-85-1 is trained");
    }

    private static Matcher found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher;
    }

    /// The errors follow from the losses that are printed, and the verdicts from the errors.
    private static void requireVerdicts(String printed) {
        double measured =
                Double.parseDouble(found("Measured: (\\d\\.\\d+)\\.", printed).group(1));
        List<String> claims = List.of("The line of compute foretells the", "The law of size and tokens foretells it");
        List<String> rows = List.of("the line of compute", "the law of size and tokens");
        for (int i = 0; i < rows.size(); i++) {
            Matcher row = found("\\| " + rows.get(i) + " \\| (\\d\\.\\d+)[^|]*\\| ([+-]\\d+\\.\\d\\d) %", printed);
            double error = Double.parseDouble(row.group(2));
            double foretold = Double.parseDouble(row.group(1));
            double rounded = foretold / measured * (5e-5 / foretold + 5e-5 / measured); // both are printed to 1e-4
            assertThat(error).isCloseTo(100 * (foretold / measured - 1), within(100 * rounded + 0.006));
            String verdict =
                    found("\\*\\*(.*)\\.\\*\\* " + claims.get(i), printed).group(1);
            assertThat(verdict).isEqualTo(Math.abs(error) < 2 ? "Holds" : "Does not hold here");
        }
    }

    /// Of the best size of the smallest budget: the loss of the run with eight times its operations.
    private static void requireGrowth(String printed, Path lab) {
        double size = Double.parseDouble(found("The sizes that grow: N = ([\\d,]+) after", printed)
                .group(1)
                .replace(",", ""));
        GptSize grown = ScalingPlan.size(size);
        assertThat(grown.parameters()).isEqualTo((long) size);
        long steps = Math.max(2, Math.round(8 * 1.25e7 / 6 / size / 512));
        double loss = CheckpointJson.read(lab.resolve("runs")
                        .resolve("gpt-2-" + grown.dim() + "-" + steps + "-1")
                        .resolve("material.json"))
                .path("measured")
                .path("loss")
                .asDouble();
        assertThat(printed).contains(String.format(Locale.ROOT, "| more data | %.4f |", loss));
    }

    @Test
    void aFolderOfOtherSettingsIsRefused() throws IOException {
        Path lab = Files.createDirectory(folder.resolve("lab"));
        Files.writeString(lab.resolve("settings.json"), "{\"experiment\": \"scaling\", \"compute\": 2e8}");
        LabRun refused = run();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.failure().getMessage())
                .contains("lab holds an experiment of other settings (compute: 2.0E8, now 1.0E8; budgets: null, now 4;")
                .endsWith("choose another --out");
    }

    @Test
    void settingsThatCannotBeAreRefused() throws IOException {
        assertThat(run("--compute=7").failure()).hasMessageContaining("1e8 to 1e14");
        assertThat(run("--budgets=2").failure()).hasMessageContaining("at least 4");
        assertThat(run("--seeds=0").failure()).hasMessageContaining("--seeds must be at least 1");
        assertThat(run("--held-out=3").failure()).hasMessageContaining("--held-out must be at least 512");
        assertThat(run("--held-out=100000").failure()).hasMessageContaining("characters; 100000 of them are held out");
        assertThat(run("--data=" + folder.resolve("none.txt")).failure()).hasMessageContaining("does not exist");
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
