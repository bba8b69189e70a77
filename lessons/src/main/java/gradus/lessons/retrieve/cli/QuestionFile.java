package gradus.lessons.retrieve.cli;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.lessons.retrieve.extract.TextFiles;
import gradus.lessons.retrieve.rag.Asked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Questions with their answers: a JSON object a line, `{"question": …, "answer": …, "document": …}`.
final class QuestionFile {
    private static final JsonMapper JSON = JsonMapper.shared();

    private QuestionFile() {}

    /// @throws DataException naming file and line of what is wrong
    static List<Asked> read(Path file) {
        List<Asked> questions = new ArrayList<>();
        int number = 0;
        for (String line : TextFiles.read(file).split("\\r?\\n")) {
            number++;
            if (!line.isBlank()) {
                questions.add(question(file + ":" + number, line));
            }
        }
        if (questions.isEmpty()) {
            throw new DataException(file + " has no questions");
        }
        return questions;
    }

    private static Asked question(String place, String line) {
        try {
            JsonNode json = JSON.readTree(line);
            return new Asked(text(place, json, "question"), text(place, json, "answer"), text(place, json, "document"));
        } catch (JacksonException broken) {
            throw new DataException(place + ": is no JSON object", broken);
        } catch (ConfigException empty) {
            throw new DataException(place + ": " + empty.getMessage(), empty);
        }
    }

    private static String text(String place, JsonNode json, String key) {
        if (!json.path(key).isString()) {
            throw new DataException(place + ": \"" + key + "\" must be a text; a line is"
                    + " {\"question\": …, \"answer\": …, \"document\": …}");
        }
        return json.path(key).asString();
    }
}
