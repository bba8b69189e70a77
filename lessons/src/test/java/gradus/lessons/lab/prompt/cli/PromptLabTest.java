package gradus.lessons.lab.prompt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.material.ModelPlan;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.option.LabFolder;
import gradus.lessons.lab.prompt.addition.AdditionPlan;
import gradus.lessons.lab.prompt.addition.FormatPart;
import gradus.lessons.lab.prompt.sum.ChainPart;
import gradus.lessons.lab.prompt.sum.ConsistencyPart;
import gradus.lessons.lab.prompt.sum.LoopPart;
import gradus.lessons.lab.prompt.sum.SumPlan;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.data.TaskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The experiments with models that learn nothing in a few steps: what is tested is that they run through, say
/// what their numbers say, and keep what they should.
class PromptLabTest {
    private static final ModelPlan TINY = new ModelPlan(1, 1, 8, 4, 4, 1e-3);
    private static final SumPlan SUMS = new SumPlan(TINY, 3, 6, 0.9);

    @TempDir
    Path temporary;

    private LabSetting setting(int seeds) {
        Path folder = temporary.resolve("lab");
        return new LabSetting(
                new LabFolder(folder), new Material(folder.resolve("material"), line -> {}), 4, seeds, line -> {});
    }

    private List<String> lines(LabPart part, int seeds) {
        return part.run(setting(seeds)).lines().toList();
    }

    @Test
    void additionHasARowForEachFormat() {
        FormatPart part = new FormatPart(new AdditionPlan(TINY, 3, 2, 5));
        List<String> lines = lines(part, 2);
        assertThat(lines)
                .anyMatch(line -> line.equals("| format | 8 | 16 | mean of all measures | seeds that end above 95 |"));
        assertThat(lines)
                .filteredOn(line -> line.startsWith("| "))
                .hasSize(5)
                .allMatch(line -> line.chars().filter(c -> c == '|').count() == 6);
        assertThat(lines).anyMatch(line -> line.contains("(control)") && line.contains("no gain, as it should be"));
        assertThat(temporary.resolve("lab/format.png")).isNotEmptyFile();
        assertThat(part.recipes()).extracting(Recipe::name).contains("addition-reversed");
    }

    @Test
    void chainsAndControlsHaveARowEach() {
        List<String> lines = lines(new ChainPart(SUMS), 2);
        assertThat(lines).filteredOn(line -> line.startsWith("| ")).hasSize(6);
        assertThat(lines).anyMatch(line -> line.startsWith("| nothing |") && line.endsWith("|  |  |"));
        assertThat(temporary.resolve("lab/cot.png")).isNotEmptyFile();
    }

    @Test
    void votesHaveARowForEachNumber() {
        List<String> lines = lines(new ConsistencyPart(SUMS, 5, 1), 2);
        assertThat(lines)
                .filteredOn(line -> line.matches("\\| (1|3|5|10|20|limit) \\|.*"))
                .hasSize(6);
        assertThat(lines).anyMatch(line -> line.contains("no gain at all, as it should be"));
        assertThat(temporary.resolve("lab/self-consistency.png")).isNotEmptyFile();
    }

    /// What was drawn is there as tasks, for everybody to read.
    @Test
    void theLoopKeepsItsTasks() {
        LoopPart part = new LoopPart(SUMS, new LoopPart.Draws(2, 6, 2, 1), new LoopPart.Rate(2, 1e-3));
        List<String> lines = lines(part, 1);
        assertThat(lines).filteredOn(line -> line.startsWith("| ")).hasSize(4);
        assertThat(temporary.resolve("lab/loop.png")).isNotEmptyFile();
        Path tasks = temporary.resolve("lab/loop-none-4-1.jsonl");
        if (Files.exists(tasks)) { // unless nothing was right that the others are cut to
            assertThat(TaskFile.read(tasks)).allMatch(task -> task.input().matches("[0-4]{3}"));
        }
    }

    /// The same seed trains the same model, which opens as any other of Hugging Face's layout.
    @Test
    void materialIsDeterministicAndOpens() throws IOException {
        Recipe recipe = new ChainPart(SUMS).recipes().get(1);
        Material one = new Material(temporary.resolve("one"), line -> {});
        Material two = new Material(temporary.resolve("two"), line -> {});
        byte[] weights = Files.readAllBytes(one.folder(recipe, 7).resolve("model.safetensors"));
        assertThat(Files.readAllBytes(two.folder(recipe, 7).resolve("model.safetensors")))
                .isEqualTo(weights);
        assertThat(Files.readAllBytes(two.folder(recipe, 8).resolve("model.safetensors")))
                .isNotEqualTo(weights);
        CompletionOptions options = CompletionOptions.defaults().withMaxTokens(3);
        assertThat(one.text(recipe, 7).complete("Q: 123\nA:", options))
                .isEqualTo(two.text(recipe, 7).complete("Q: 123\nA:", options));
        assertThat(one.model(recipe, 7).tokenizer().vocabularySize())
                .isEqualTo(one.model(recipe, 7).model().vocabSize());
    }

    private LabRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--out", temporary.resolve("lab").toString()));
        return LabRun.of(all.toArray(String[]::new));
    }

    /// Which characters a model knows is its tokenizer's; the prompt is named as the text at fault.
    @Test
    void aPromptOfOtherCharacters() {
        Recipe recipe = new ChainPart(SUMS).recipes().getFirst();
        TextModel model = new Material(temporary.resolve("m"), line -> {}).text(recipe, 7);
        assertThatThrownBy(() -> model.complete("314Ö"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the prompt: CharTokenizer: character 'Ö'");
        assertThatThrownBy(() -> model.complete("3".repeat(99)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the prompt has 99 tokens; the model sees at most ");
    }

    @Test
    void whatIsNotKnownIsNamed() {
        assertThat(run("prompt", "--parts", "cot,poetry").failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("format, cot, self-consistency, loop")
                .hasMessageContaining("got poetry");
        assertThat(run("prompt", "--seeds", "0").failure()).isInstanceOf(UsageException.class);
        assertThat(run("material", "sum-poetry").failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("addition-plain, addition-reversed, addition-scratchpad, addition-scrambled")
                .hasMessageContaining("there is no material sum-poetry");
        assertThat(run("material", "--seeds", "0").failure()).isInstanceOf(UsageException.class);
    }

    /// What a part expects it says before it measures, in the words of its report.
    @Test
    void thePredictionComesFirst() throws IOException {
        PromptParts.all().forEach(part -> assertThat(part.prediction()).isNotBlank());
        Files.createDirectories(temporary.resolve("lab"));
        Files.writeString(temporary.resolve("lab/material"), "a file where the models should be");
        LabRun broken = run("prompt", "--parts", "cot", "--seeds", "2");
        assertThat(broken.failure()).isNotNull();
        assertThat(broken.told())
                .contains("cot: chain of thought")
                .contains("  expected: The remainder of a sum of 5 digits, divided by 5; guessing is right in 20 %.");
        Files.delete(temporary.resolve("lab/material"));
        ChainPart part = new ChainPart(SUMS);
        assertThat(lines(part, 2)).containsAll(part.prediction().lines().toList());
    }

    @Test
    void everyRecipeHasANameOfItsOwnPlan() {
        for (LabPart part : PromptParts.all()) {
            for (Recipe recipe : part.recipes()) {
                assertThat(PromptParts.recipes().get(recipe.name()).plan()).isEqualTo(recipe.plan());
            }
        }
    }
}
