package gradus.lessons.prompt.data;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.Printable;
import gradus.error.ResourceException;
import gradus.tokenizer.json.JsonFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tasks in a file, one a line, as `gradus finetune --data` reads them:
///
/// `{"instruction": "Name the opposite.", "input": "cold", "output": "hot", "task_type": "generation"}`
public final class TaskFile {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String CLASSIFICATION = "classification";
    private static final String GENERATION = "generation";
    private static final String SEEDS = "seed-tasks.jsonl";

    private TaskFile() {}

    /// The seed tasks that come with the library.
    public static List<InstructionTask> seeds() {
        try (InputStream in = TaskFile.class.getResourceAsStream(SEEDS)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), SEEDS);
        } catch (IOException impossible) {
            throw new ResourceException(SEEDS + ": cannot be read", impossible);
        }
    }

    /// @throws DataException if the file cannot be read or a line is no task, with the line
    public static List<InstructionTask> read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new DataException(file + ": is a folder; name a file of tasks");
            }
            return parse(Files.readString(file), file.toString());
        } catch (CharacterCodingException notUtf8) {
            throw new DataException(file + ": is not UTF-8", notUtf8);
        } catch (IOException unreadable) {
            throw new DataException(file + ": cannot be read: " + FileReason.of(unreadable), unreadable);
        }
    }

    private static List<InstructionTask> parse(String text, String source) {
        List<InstructionTask> tasks = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                tasks.add(task(lines[i], source + ":" + (i + 1)));
            }
        }
        if (tasks.isEmpty()) {
            throw new DataException(source + ": holds no task");
        }
        return tasks;
    }

    private static InstructionTask task(String line, String where) {
        JsonNode row;
        try {
            row = MAPPER.readTree(line);
        } catch (JacksonException broken) {
            throw new DataException(where + ": no valid JSON: " + JsonFault.reason(broken), broken);
        }
        if (!row.isObject()) {
            throw new DataException(where + ": a task is an object; got " + Printable.value(line));
        }
        for (String name : row.propertyNames()) {
            if (!List.of("instruction", "input", "output", "task_type").contains(name)
                    || !row.get(name).isString()) {
                throw new DataException(where + ": a task has instruction, input, output and task_type as strings; got "
                        + Printable.value(name));
            }
        }
        String type = row.path("task_type").asString(GENERATION);
        if (!type.equals(CLASSIFICATION) && !type.equals(GENERATION)) {
            throw new DataException(
                    where + ": a task_type is classification or generation; got " + Printable.value(type));
        }
        String instruction = row.path("instruction").asString("");
        if (instruction.isBlank()) {
            throw new DataException(where + ": a task needs an instruction");
        }
        return new InstructionTask(
                instruction,
                row.path("input").asString(""),
                row.path("output").asString(""),
                type.equals(CLASSIFICATION));
    }

    /// Writes all at once: nobody finds half a file.
    ///
    /// @throws ResourceException if it cannot be written
    public static void write(Path file, List<InstructionTask> tasks) {
        StringBuilder text = new StringBuilder();
        for (InstructionTask task : tasks) {
            ObjectNode row = MAPPER.createObjectNode()
                    .put("instruction", task.instruction())
                    .put("input", task.input())
                    .put("output", task.output())
                    .put("task_type", task.classification() ? CLASSIFICATION : GENERATION);
            text.append(MAPPER.writeValueAsString(row)).append('\n');
        }
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            remove(temporary, failure);
            throw new ResourceException(file + ": cannot be written: " + FileReason.of(failure), failure);
        }
    }

    private static void remove(Path temporary, IOException failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException also) {
            failure.addSuppressed(also);
        }
    }
}
