package gradus.train.preference;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.train.corpus.WordNet;
import gradus.train.instruct.WordNetQuestions;
import gradus.train.instruct.WordNetQuestions.Kind;
import gradus.train.instruct.WordNetQuestions.Question;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Asks what a word means; the chosen answer is a gloss of it, and the rejected one is another word's. The
/// rejected gloss is one that WordNet gives to no meaning of the word. Words to learn from and words that are
/// held out are apart, as in [WordNetQuestions].
public final class WordNetPairs {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int KINDS = Kind.values().length; // they take turns

    private final WordNetQuestions questions;

    /// @param heldOut whether to ask about the words that are kept apart
    public WordNetPairs(WordNet net, long seed, boolean heldOut) {
        this.questions = new WordNetQuestions(net, seed, heldOut);
    }

    /// Pair number n as [PreferenceFile] has it: each number has its own.
    public Preference.Text pair(long n) {
        Question asked = define(2 * n);
        for (long next = 2 * n + 1; ; next += 2) {
            String other = define(next).answer();
            if (!questions.accepts(asked, other)) {
                return new Preference.Text("pair " + n, asked.text(), asked.answer(), other, 0);
            }
        }
    }

    private Question define(long n) {
        return questions.question(n * KINDS + Kind.DEFINE.ordinal());
    }

    /// Whether an answer to the question of a pair is right.
    public boolean accepts(long n, String answer) {
        return questions.accepts(define(2 * n), answer);
    }

    /// Writes pairs 0 to count - 1 as JSONL, with messages.
    ///
    /// @throws ResourceException if the file cannot be written
    public void write(Path file, int count) {
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                for (int n = 0; n < count; n++) {
                    Preference.Text pair = pair(n);
                    ObjectNode row = MAPPER.createObjectNode();
                    add(row, "prompt", "user", pair.prompt());
                    add(row, "chosen", "assistant", pair.chosen());
                    add(row, "rejected", "assistant", pair.rejected());
                    out.write(MAPPER.writeValueAsString(row) + "\n");
                }
            }
        } catch (IOException failure) {
            throw new ResourceException(file + ": cannot be written: " + FileReason.of(failure), failure);
        }
    }

    private static void add(ObjectNode row, String key, String role, String content) {
        row.putArray(key).addObject().put("role", role).put("content", content);
    }
}
