package gradus.lessons.lab.prompt;

import gradus.lessons.lab.material.Recipe;
import java.util.List;

/// One of the experiments of `gradus lab prompt`.
public interface PromptPart {
    /// The word it is asked for by, such as `cot`.
    String name();

    /// What it measures, in a few words for the list of parts.
    String about();

    /// The models that it uses, of every seed.
    List<Recipe> recipes();

    /// Runs it and writes its pictures.
    ///
    /// @return a section of the report, as Markdown: the prediction, the table, the verdict
    String run(PromptSetting setting);
}
