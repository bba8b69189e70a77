package gradus.lessons.lab.reasoning;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.LabFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// All parts of the package with plans of seconds: they learn nothing to speak of, but go all the way.
class SmallPartsTest {
    private static final PupilSize SIZE = new PupilSize(256, 1, 8);
    private static final Training BRIEF = new Training(2, 1e-3);

    @TempDir
    private Path folder;

    private static List<LabPart> parts() {
        return List.of(
                new TreePart(new Game24Recipe(3, 5, 2, SIZE, BRIEF, 8), 2),
                new ToolPart(new ToolUserRecipe(SIZE, BRIEF, BRIEF, 4), 2),
                new DemonstrationPart(new RuleLearnerRecipe(SIZE, BRIEF, BRIEF, 4, 2), 1, 2),
                new SpeculativePart(
                        new WriterRecipe("target", 4, 16, 2, 8, BRIEF, 2),
                        new WriterRecipe("draft", 4, 16, 1, 8, BRIEF, 2),
                        400,
                        1));
    }

    private String run(LabPart part, String name, int seeds) {
        LabFolder out = new LabFolder(folder.resolve(name));
        Material material = new Material(folder.resolve(name + "-material"), line -> {});
        return part.run(new LabSetting(out, material, 1, seeds, line -> {}));
    }

    @Test
    void eachPredictsMeasuresAndJudgesAndTheSameAgain() {
        for (LabPart part : parts()) {
            String first = run(part, "first", 2);
            assertThat(first).contains("**Prediction.**").containsAnyOf("**Holds.**", "**Does not hold here.**");
            assertThat(folder.resolve("first").resolve(part.name() + ".png")).isNotEmptyFile();
            if (!(part instanceof SpeculativePart)) { // which tells the time
                assertThat(run(part, "again", 2)).isEqualTo(first);
            }
        }
    }

    @Test
    void theStandardPartsHaveNamesOfTheirOwn() {
        List<LabPart> all = List.of(
                TreePart.standard(), ToolPart.standard(), DemonstrationPart.standard(), SpeculativePart.standard());
        assertThat(all.stream().map(LabPart::name)).containsExactly("tot", "react", "auto-cot", "speculative");
        assertThat(all.stream().flatMap(part -> part.recipes().stream()).map(recipe -> recipe.name()))
                .containsExactly("game24", "tool-user", "rule-learner", "writer-target", "writer-draft");
    }
}
