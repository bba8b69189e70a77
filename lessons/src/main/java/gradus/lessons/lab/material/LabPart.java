package gradus.lessons.lab.material;

import java.util.List;

/// One of the parts of an experiment, such as `gradus lab prompt` has.
public interface LabPart {
    /// The word it is asked for by, such as `cot`.
    String name();

    /// What it measures, in a few words for the list of parts.
    String about();

    /// What it expects and why, said before anything is measured; its section of the report begins with it.
    String prediction();

    /// The models that it uses, of every seed.
    List<Recipe> recipes();

    /// Runs it and writes its pictures.
    ///
    /// @return a section of the report, as Markdown: the prediction, the table, the verdict
    String run(LabSetting setting);
}
