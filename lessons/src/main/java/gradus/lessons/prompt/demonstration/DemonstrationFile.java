package gradus.lessons.prompt.demonstration;

import gradus.lessons.retrieve.extract.TextRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Demonstrations in a file: a JSON object a line, `{"question": …, "rationale": …, "answer": …}`, the
/// rationale where there is one.
public final class DemonstrationFile {
    private static final TextRows ROWS =
            new TextRows("demonstrations", List.of("question", "rationale", "answer"), Set.of("rationale"));

    private DemonstrationFile() {}

    /// @throws gradus.error.DataException naming file and line of what is wrong
    public static List<Demonstration> read(Path file) {
        return ROWS.read(
                file, row -> new Demonstration(row.apply("question"), row.apply("rationale"), row.apply("answer")));
    }
}
