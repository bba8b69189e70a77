package gradus.lessons.lab.prompt.cli;

import gradus.error.UsageException;
import gradus.lessons.lab.incontext.LinearPart;
import gradus.lessons.lab.incontext.MarkovPart;
import gradus.lessons.lab.incontext.RecallPart;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.prompt.addition.AdditionPlan;
import gradus.lessons.lab.prompt.addition.FormatPart;
import gradus.lessons.lab.prompt.sum.ChainPart;
import gradus.lessons.lab.prompt.sum.ConsistencyPart;
import gradus.lessons.lab.prompt.sum.LoopPart;
import gradus.lessons.lab.prompt.sum.SumPlan;
import gradus.lessons.lab.reasoning.DemonstrationPart;
import gradus.lessons.lab.reasoning.SpeculativePart;
import gradus.lessons.lab.reasoning.ToolPart;
import gradus.lessons.lab.reasoning.TreePart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// All parts of `gradus lab prompt`, in the order of the report.
final class PromptParts {
    private PromptParts() {}

    /// With their usual plans.
    static List<LabPart> all() {
        SumPlan sums = SumPlan.standard();
        return List.of(
                new FormatPart(AdditionPlan.standard()),
                new ChainPart(sums),
                new ConsistencyPart(sums, 40, 1),
                LoopPart.standard(sums),
                LinearPart.standard(),
                MarkovPart.standard(),
                RecallPart.standard(),
                TreePart.standard(),
                ToolPart.standard(),
                DemonstrationPart.standard(),
                SpeculativePart.standard());
    }

    /// Those of some names, in the order of the report; all where no name is given.
    ///
    /// @throws UsageException if a name is not known
    static List<LabPart> of(List<String> names) {
        List<String> known = all().stream().map(LabPart::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UsageException("--parts must be of %s; got %s".formatted(String.join(", ", known), name));
            }
        }
        return all().stream()
                .filter(part -> names.isEmpty() || names.contains(part.name()))
                .toList();
    }

    /// The recipes of all parts by their names; a recipe may serve several.
    static SequencedMap<String, Recipe> recipes() {
        SequencedMap<String, Recipe> recipes = new LinkedHashMap<>();
        for (LabPart part : all()) {
            part.recipes().forEach(recipe -> recipes.putIfAbsent(recipe.name(), recipe));
        }
        return recipes;
    }
}
