package gradus.lessons.lab.incontext;

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
    private static final Training BRIEF = new Training(3, 1e-3);

    @TempDir
    private Path folder;

    private static List<LabPart> parts() {
        return List.of(
                new LinearPart(new LinearRecipe(new LinearFunctions(2, 5, 0.5), 1, 8, BRIEF, 4), 6),
                new MarkovPart(new MarkovRecipe(3, 8, false, 2, 8, BRIEF, 4, 5)),
                new RecallPart(new RecallRecipe(new Associations(8, 3, 2, 2), 2, 64, BRIEF, 4), 5));
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
            assertThat(run(part, "again", 2)).isEqualTo(first);
            assertThat(run(part, "first", 2)).as("with what is kept").isEqualTo(first);
        }
    }

    @Test
    void theStandardPartsHaveNamesOfTheirOwn() {
        List<LabPart> all = List.of(LinearPart.standard(), MarkovPart.standard(), RecallPart.standard());
        assertThat(all.stream().map(LabPart::name)).containsExactly("linear", "markov", "recall");
        assertThat(all.stream().flatMap(part -> part.recipes().stream()).map(recipe -> recipe.name()))
                .containsExactly("linear", "markov-2", "markov-1", "markov-2-independent", "recall-2", "recall-1");
    }
}
