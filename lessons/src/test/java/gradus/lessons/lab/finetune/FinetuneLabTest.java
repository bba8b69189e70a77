package gradus.lessons.lab.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import gradus.train.run.compare.Interval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinetuneLabTest {
    @TempDir
    private Path folder;

    private LabRun run(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("finetune", "--out", folder.resolve("lab").toString(), "--base-steps=2"));
        arguments.addAll(List.of(more));
        return LabRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void everyMethodThatIsAskedForHasItsLine() throws Exception {
        String[] small = {"--steps=2", "--seeds=2", "--methods=qlora"};
        LabRun run = run(small);
        assertThat(run.code()).as(run.told()).isZero();
        String table = run.printed();
        assertThat(table)
                .startsWith("## Fine-tuning\n\n**Prediction.** The base knows the words")
                .contains("\n\nThe base: ", "quantised to nf4-double", "its three learning rates.", "lr ");
        assertThat(run.told())
                .contains("fine-tuning\n  expected: The base knows the words")
                .contains("the base: 2 steps on WordNet, all");
        for (String method : List.of("qlora")) {
            assertThat(table.lines().filter(line -> line.startsWith("| " + method + " ")))
                    .as(method)
                    .singleElement()
                    .asString()
                    .contains(" ± ");
            List<Finding> findings = MethodRuns.of(
                    new LabPlan(folder.resolve("lab"), BaseText.ALL, 2, 2, 2, List.of()), Contender.named(method));
            assertThat(findings).hasSize(4); // three rates, and another seed of the best
            assertThat(findings.subList(0, 3))
                    .extracting(Finding::rate)
                    .isEqualTo(Contender.named(method).rates());
            assertThat(findings.get(3).seed()).isEqualTo(2);
            double best = findings.subList(0, 3).stream()
                    .min(Comparator.comparingDouble(Finding::newLoss))
                    .orElseThrow()
                    .rate();
            assertThat(findings.get(3).rate()).isEqualTo(best);
            assertThat(findings).allSatisfy(each -> {
                assertThat(each.gradients()).isEqualTo(4 * each.trained());
                assertThat(each.optimizer()).isEqualTo(8 * each.trained() + 4); // two moments, and the step
                assertThat(each.saved()).isBetween(4 * each.trained(), 6 * each.trained()); // with names and shapes
                assertThat(each.newLoss()).isBetween(6.0, 9.0); // ln 2048 is 7.6, and it has hardly learnt
                assertThat(each.oldLoss()).isBetween(6.0, 9.0).isNotEqualTo(each.newLoss());
                assertThat(each.tokens()).isPositive();
            });
            assertThat(folder.resolve("lab/saved")).doesNotExist();
        }
        assertThat(table)
                .contains("| Llama 2 70B")
                .containsPattern("\\| measured \\| \\| \\| [0-9.]+ MB \\([+-]0\\.0 %\\) \\|")
                .containsPattern(
                        "\\*\\*Holds\\.\\*\\* Memory of .* within 5 %; of qlora the farthest .* 0\\.\\d\\d %\\.")
                .doesNotContain("QLoRA is as good"); // without LoRA there is nothing to compare it with
        assertThat(Files.readString(folder.resolve("lab/table.md"))).isEqualTo(table);
        assertThat(run(small).printed()).isEqualTo(table); // from what is kept
        assertThat(run("--base-text=books").code()).isEqualTo(2);
    }

    @Test
    void unknownMethodsAreRefused() {
        LabRun run = run("--methods=lora,luck");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--methods must be of full, lora, ")
                .hasMessageEndingWith("got luck");
        assertThat(folder.resolve("lab")).doesNotExist();
    }

    /// By the table of Student's t: 4.303 for two degrees of freedom.
    @Test
    void theIntervalIsStudents() {
        Interval interval = Interval.of(List.of(1.0, 2.0, 3.0));
        assertThat(interval.mean()).isEqualTo(2);
        assertThat(interval.half()).isCloseTo(4.3027 / Math.sqrt(3), within(1e-4));
        assertThat(Interval.of(List.of(0.5))).hasToString("0.5000");
    }
}
