package gradus.lessons.prompt.demonstration;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.lessons.retrieve.extract.TextFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Demonstrations in a file: a JSON object a line, `{"question": …, "rationale": …, "answer": …}`, the
/// rationale where there is one.
public final class DemonstrationFile {
    private static final JsonMapper JSON = JsonMapper.shared();

    private DemonstrationFile() {}

    /// @throws DataException naming file and line of what is wrong
    public static List<Demonstration> read(Path file) {
        List<Demonstration> all = new ArrayList<>();
        int number = 0;
        for (String line : TextFiles.read(file).split("\\r?\\n")) {
            number++;
            if (!line.isBlank()) {
                all.add(demonstration(file + ":" + number, line));
            }
        }
        if (all.isEmpty()) {
            throw new DataException(file + " has no demonstrations");
        }
        return all;
    }

    private static Demonstration demonstration(String place, String line) {
        try {
            JsonNode json = JSON.readTree(line);
            String rationale = json.has("rationale") ? text(place, json, "rationale") : "";
            return new Demonstration(text(place, json, "question"), rationale, text(place, json, "answer"));
        } catch (JacksonException broken) {
            throw new DataException(place + ": is no JSON object", broken);
        } catch (ConfigException empty) {
            throw new DataException(place + ": " + empty.getMessage(), empty);
        }
    }

    private static String text(String place, JsonNode json, String key) {
        if (!json.path(key).isString()) {
            throw new DataException(place + ": \"" + key + "\" must be a text; a line is"
                    + " {\"question\": …, \"rationale\": …, \"answer\": …}");
        }
        return json.path(key).asString();
    }
}
