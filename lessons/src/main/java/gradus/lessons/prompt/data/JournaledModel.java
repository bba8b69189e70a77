package gradus.lessons.prompt.data;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.Printable;
import gradus.error.ResourceException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.tokenizer.json.JsonFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model whose answers are written to a file as they come. A program that was killed is run again from its
/// beginning: what was answered before is read from the file, and only what follows is asked. So a loop of many
/// questions goes on where it was, as long as it asks the same questions in the same order.
///
/// **Threads.** One asks.
public final class JournaledModel implements TextModel {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final TextModel model;
    private final String name;
    private final Path file;
    private final List<JsonNode> answered = new ArrayList<>();
    private int next;

    /// @param name the model's, as it was chosen: answers of another are not taken for its own
    /// @param file is made, or gone on with
    /// @throws DataException     if a line of the file is no answer
    /// @throws ResourceException if the file cannot be written
    public JournaledModel(TextModel model, String name, Path file) {
        this.model = model;
        this.name = name;
        this.file = file;
        try {
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int whole = bytes.length;
            while (whole > 0 && bytes[whole - 1] != '\n') {
                whole--; // a line that a kill has cut
            }
            for (String line : new String(bytes, 0, whole, StandardCharsets.UTF_8).split("\n")) {
                if (!line.isEmpty()) {
                    answered.add(row(line));
                }
            }
            if (whole < bytes.length) {
                Files.write(file, Arrays.copyOf(bytes, whole));
            }
        } catch (IOException failure) {
            throw failure(failure);
        }
    }

    private JsonNode row(String line) {
        String where = file + ":" + (answered.size() + 1);
        try {
            JsonNode row = MAPPER.readTree(line);
            if (row.path("model").isString()
                    && row.path("prompt").isString()
                    && row.path("options").isString()
                    && row.path("answer").isString()) {
                return row;
            }
            throw new DataException(where + ": expected model, prompt, options and answer");
        } catch (JacksonException broken) {
            throw new DataException(where + ": no valid JSON: " + JsonFault.reason(broken), broken);
        }
    }

    /// @throws DataException if at this place something else, or another model, was asked before
    @Override
    public String complete(String prompt, CompletionOptions options) {
        if (next < answered.size()) {
            JsonNode row = answered.get(next++);
            String before = row.get("model").stringValue();
            if (!before.equals(name)) {
                throw new DataException(file + ":" + next + ": the model asked here before was "
                        + Printable.value(before) + ", and now it is " + Printable.value(name)
                        + "; go on with the same model, or remove the file to begin anew");
            }
            if (!row.get("prompt").stringValue().equals(prompt)
                    || !row.get("options").stringValue().equals(options.toString())) {
                throw new DataException(
                        file + ":" + next + ": something else was asked here before; go on with the same"
                                + " settings, or remove the file to begin anew");
            }
            return row.get("answer").stringValue();
        }
        String answer = model.complete(prompt, options);
        String line = MAPPER.writeValueAsString(MAPPER.createObjectNode()
                        .put("model", name)
                        .put("prompt", prompt)
                        .put("options", options.toString())
                        .put("answer", answer))
                + "\n";
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw failure(failure);
        }
        return answer;
    }

    private ResourceException failure(IOException failure) {
        return new ResourceException(file + ": cannot be written: " + FileReason.of(failure), failure);
    }
}
