package gradus.lessons.retrieve.cli;

import gradus.lessons.retrieve.extract.TextRows;
import gradus.lessons.retrieve.rag.Asked;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Questions with their answers: a JSON object a line, `{"question": …, "answer": …, "document": …}`.
final class QuestionFile {
    private static final TextRows ROWS = new TextRows("questions", List.of("question", "answer", "document"), Set.of());

    private QuestionFile() {}

    /// @throws gradus.error.DataException naming file and line of what is wrong
    static List<Asked> read(Path file) {
        return ROWS.read(file, row -> new Asked(row.apply("question"), row.apply("answer"), row.apply("document")));
    }
}
