package gradus.train.run.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.UsageException;
import gradus.train.run.RunLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir
    Path folder;

    /// A run of four steps with an evaluation at the end.
    private Path run(String name, double lr, int seed, double loss, String tokenizer) throws Exception {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("config.json"), """
                {"version": "0", "preset": "p", "data": {"name": "d", "tokenizer": "%s", "files": [{"path": "x"}]},
                 "model": {"layers": 1, "norm": {"name": "layernorm"}},
                 "train": {"steps": 4, "lr": %s, "seed": %s}, "made": {"date": "%s"}}
                """.formatted(tokenizer, lr, seed, name));
        StringBuilder metrics = new StringBuilder();
        for (int step = 1; step <= 4; step++) {
            metrics.append("{\"step\":%s,\"loss\":%s,\"tokensPerSecond\":%s,\"tokens\":%s,\"reward\":%s}\n"
                    .formatted(step, loss + 4 - step, 10 * step, 8 * step, step));
        }
        metrics.append("{\"step\":2,\"validationLoss\":%s,\"bitsPerByte\":9}\n".formatted(loss - 1));
        metrics.append("{\"step\":4,\"validationLoss\":%s,\"bitsPerByte\":%s}\n".formatted(loss, loss / 2));
        Files.writeString(run.resolve("metrics.jsonl"), metrics);
        return run;
    }

    private static Comparison of(Path... runs) {
        return new Comparison(List.of(runs).stream().map(RunRecord::open).toList(), List.of(Measure.named("reward")));
    }

    @Test
    void whatARunHasComeTo() throws Exception {
        RunRecord run = RunRecord.open(run("a", 0.1, 1, 3, "t"));
        assertThat(run.result(Measure.VALIDATION_LOSS)).isEqualTo(3);
        assertThat(run.result(Measure.BITS_PER_BYTE)).isEqualTo(1.5);
        assertThat(run.result(Measure.LOWEST)).isEqualTo(2);
        assertThat(run.result(Measure.TRAINING_LOSS)).isEqualTo(3); // the last of four
        assertThat(run.result(Measure.STEPS)).isEqualTo(4);
        assertThat(run.result(Measure.TOKENS)).isEqualTo(32);
        assertThat(run.result(Measure.SPEED)).isEqualTo(25);
        assertThat(run.result(Measure.named("reward"))).isEqualTo(4);
        assertThat(run.unfinished()).isEmpty();
        assertThat(run.settings())
                .containsEntry("model.norm.name", "layernorm")
                .containsEntry("data.files.path", "x")
                .doesNotContainKeys("version", "made.date");
    }

    @Test
    void runsOfOtherSeedsAreOne() throws Exception {
        Comparison comparison = of(
                run("a1", 0.1, 1, 3.0, "t"),
                run("b1", 0.2, 1, 2.5, "t"),
                run("a2", 0.1, 2, 3.2, "t"),
                run("b2", 0.2, 2, 2.8, "t"));
        assertThat(comparison.groups()).hasSize(2);
        assertThat(comparison.settings().orElseThrow().lines().skip(2))
                .hasSize(1)
                .first()
                .asString()
                .matches("\\| train\\.lr *\\| 0\\.1 *\\| 0\\.2 *\\|");
        // Seed by seed: −0.5 and −0.4, of which the mean is −0.45 and s/√2 is 0.05; t is 12.7062 (one degree).
        Interval difference =
                comparison.groups().get(1).difference(comparison.groups().getFirst(), Measure.VALIDATION_LOSS);
        assertThat(difference.mean()).isEqualTo(-0.45, within(1e-12));
        assertThat(difference.half()).isEqualTo(12.7062047 * 0.05, within(1e-6));
        assertThat(comparison.results()).contains("-0.4500 ± 0.6353", "(2 seeds)", "3.1000 ± 1.2706", "reward");
    }

    @Test
    void otherSeedsCompareMeans() throws Exception {
        Comparison comparison = of(
                run("a1", 0.1, 1, 3.0, "t"),
                run("a2", 0.1, 2, 3.2, "t"),
                run("b3", 0.2, 3, 2.5, "t"),
                run("b4", 0.2, 4, 2.8, "t"));
        assertThat(comparison.groups().get(1).difference(comparison.groups().getFirst(), Measure.VALIDATION_LOSS))
                .isEqualTo(Interval.ofDifference(List.of(3.0, 3.2), List.of(2.5, 2.8)));
    }

    @Test
    void lossesOfOtherTokensAreNotCompared() throws Exception {
        Comparison comparison = of(run("a", 0.1, 1, 3, "t"), run("b", 0.1, 1, 5, "u"));
        assertThat(comparison.decisive()).isEqualTo(Measure.BITS_PER_BYTE);
        assertThat(comparison.notes()).singleElement().asString().contains("different tokens", "bits per byte");
        assertThat(comparison.results()).contains("bits per byte − that of [1]", "1.0000");
    }

    @Test
    void withoutEvaluationsTheTrainingDecides() throws Exception {
        Path run = run("a", 0.1, 1, 3, "t");
        Path metrics = run.resolve("metrics.jsonl");
        Files.writeString(metrics, Files.readString(metrics).replaceAll("\\{[^}]*validationLoss[^}]*\\}\\n", ""));
        assertThat(of(run).decisive()).isEqualTo(Measure.TRAINING_LOSS);
        assertThat(of(run).results()).doesNotContain("validation");
    }

    @Test
    void aRunThatIsStillWrittenSaysSo() throws Exception {
        Path run = run("a", 0.1, 1, 3, "t");
        Path metrics = run.resolve("metrics.jsonl");
        Files.writeString(metrics, Files.readString(metrics).lines().limit(2).reduce("", (a, b) -> a + b + "\n"));
        assertThat(of(run).notes()).containsExactly(run + ": ended after step 2 of 4");
        try (RunLock lock = RunLock.take(run)) {
            assertThat(of(run).notes()).containsExactly(run + ": still being written after step 2 of 4");
            assertThat(RunLock.isTaken(run)).isTrue();
        }
        assertThat(RunLock.isTaken(run)).isFalse();
    }

    @Test
    void optionsOfATuningAreSettings() throws Exception {
        Path run = run("a", 0.1, 1, 3, "t");
        Files.writeString(run.resolve("config.json"), """
                {"version": "0", "options": ["--base=b", "--method=lora", "--packing"], "train": {"steps": 4}}
                """);
        assertThat(RunRecord.open(run).settings())
                .containsEntry("base", "b")
                .containsEntry("method", "lora")
                .containsEntry("packing", "true");
    }

    @Test
    void foldersOfRunsMeanTheirRuns() throws Exception {
        Path one = run("sweep/cells/a/seed-1", 0.1, 1, 3, "t");
        Path other = run("sweep/cells/a/seed-2", 0.1, 2, 3, "t");
        assertThat(RunFinder.find(List.of(folder.resolve("sweep/cells")))).containsExactly(one, other);
        assertThat(RunFinder.find(List.of(folder.resolve("sweep")))).containsExactly(one, other);
        assertThat(RunFinder.find(List.of(other, one))).containsExactly(other, one);
        assertThatThrownBy(() -> RunFinder.find(List.of(one, one.resolve("../seed-1"))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("twice");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> RunFinder.find(List.of(empty)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("empty holds no run");
        assertThatThrownBy(() -> RunFinder.find(List.of(folder.resolve("none"))))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("none is no folder");
    }

    @Test
    void numbersAreWrittenTheSameEverywhere() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(of(run("a", 0.1, 1, 3, "t")).results())
                    .contains("3.0000")
                    .doesNotContain("3,0000");
        } finally {
            Locale.setDefault(before);
        }
    }
}
