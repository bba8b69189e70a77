package gradus.lessons.lab.align;

import gradus.lessons.lab.option.LabFolder;
import java.util.function.Consumer;

/// One of the experiments of `gradus lab align`.
public interface AlignPart {
    /// The letter it is asked for by.
    String name();

    /// Runs it and writes its files.
    ///
    /// @param say hears how it goes
    /// @return its tables, as Markdown
    String run(LabFolder folder, Consumer<String> say);
}
