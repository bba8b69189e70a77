package gradus.train.instruct;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.tensor.random.Rng;
import gradus.train.instruct.WordNetQuestions.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes questions with answers as JSONL in the layout [InstructionLayout#MESSAGES], a conversation a line.
public final class InstructionWriter {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MOST_TURNS = 3;

    private InstructionWriter() {}

    /// Conversations of one to three questions to learn from, of a single one to be asked later.
    ///
    /// @param count how many conversations
    /// @throws ResourceException if the file cannot be written
    public static void write(Path file, WordNetQuestions questions, int count, long seed) {
        Rng turns = Rng.of(seed).at("turns");
        long next = 0;
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                for (int i = 0; i < count; i++) {
                    int asked = questions.heldOut() ? 1 : 1 + turns.index(i, MOST_TURNS);
                    ObjectNode row = MAPPER.createObjectNode();
                    ArrayNode messages = row.putArray("messages");
                    StringBuilder kinds = new StringBuilder();
                    for (int turn = 0; turn < asked; turn++) {
                        Question question = questions.question(next++);
                        add(messages, "user", question.text());
                        add(messages, "assistant", question.answer());
                        kinds.append(turn == 0 ? "" : " ")
                                .append(question.kind().name().toLowerCase(Locale.ROOT));
                    }
                    row.put("kind", kinds.toString());
                    out.write(MAPPER.writeValueAsString(row));
                    out.write("\n");
                }
            }
        } catch (IOException | UncheckedIOException failure) {
            IOException cause = failure instanceof IOException io ? io : ((UncheckedIOException) failure).getCause();
            throw new ResourceException(file + ": cannot be written: " + FileReason.of(cause), failure);
        }
    }

    private static void add(ArrayNode messages, String role, String content) {
        messages.addObject().put("role", role).put("content", content);
    }
}
