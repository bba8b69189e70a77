package gradus.lessons.prompt.demonstration;

import gradus.lessons.retrieve.extract.TextRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Demonstrations in a file: a JSON object a line, `{"question": …, "rationale": …, "answer": …}`, the
/// rationale where there is one.
public final class DemonstrationFile {
    private DemonstrationFile() {}

    /// @throws gradus.error.DataException naming file and line of what is wrong
    public static List<Demonstration> read(Path file) {
        return read(file, "demonstrations");
    }

    /// Reads rows that are something else to the reader than demonstrations.
    ///
    /// @param what they are, such as `questions`
    /// @throws gradus.error.DataException naming file and line of what is wrong
    public static List<Demonstration> read(Path file, String what) {
        TextRows rows = new TextRows(what, List.of("question", "rationale", "answer"), Set.of("rationale"));
        return rows.read(
                file, row -> new Demonstration(row.apply("question"), row.apply("rationale"), row.apply("answer")));
    }
}
