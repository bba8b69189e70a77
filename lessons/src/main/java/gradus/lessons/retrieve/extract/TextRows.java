package gradus.lessons.retrieve.extract;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files of texts with names: a JSON object a line, `{"question": …, "answer": …}`.
///
/// @param what     the rows are, in the plural
/// @param keys     that a row has, in the order in which they are shown
/// @param optional those of them that a row may leave out
public record TextRows(String what, List<String> keys, Set<String> optional) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Reads all rows.
    ///
    /// @param make makes something of a row, whose texts it has by their keys; empty for one that is left out
    /// @throws DataException naming file and line of what is wrong, a key that is not known included
    public <T> List<T> read(Path file, Function<UnaryOperator<String>, T> make) {
        List<T> rows = new ArrayList<>();
        int number = 0;
        for (String line : TextFiles.read(file).split("\\r?\\n")) {
            number++;
            if (!line.isBlank()) {
                rows.add(row(file + ":" + number, line, make));
            }
        }
        if (rows.isEmpty()) {
            throw new DataException(file + " has no " + what);
        }
        return rows;
    }

    private <T> T row(String place, String line, Function<UnaryOperator<String>, T> make) {
        try {
            JsonNode json = JSON.readTree(line);
            for (String name : json.propertyNames()) {
                if (!keys.contains(name)) {
                    throw new DataException(place + ": " + Printable.value(name) + " is not known; " + form());
                }
            }
            return make.apply(key -> text(place, json, key));
        } catch (JacksonException broken) {
            throw new DataException(place + ": is no JSON object", broken);
        } catch (ConfigException wrong) {
            throw new DataException(place + ": " + wrong.getMessage(), wrong);
        }
    }

    private String text(String place, JsonNode json, String key) {
        if (optional.contains(key) && !json.has(key)) {
            return "";
        }
        if (!json.path(key).isString()) {
            throw new DataException(place + ": \"" + key + "\" must be a text; " + form());
        }
        return json.path(key).asString();
    }

    private String form() {
        return keys.stream().map(key -> "\"" + key + "\": …").collect(Collectors.joining(", ", "a line is {", "}"));
    }
}
