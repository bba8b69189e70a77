package gradus.train.preference;

import gradus.error.DataException;
import gradus.error.Printable;
import gradus.error.TokenizerException;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.instruct.Conversation;
import gradus.train.instruct.InstructionFile;
import gradus.train.instruct.InstructionKeys;
import gradus.train.instruct.InstructionLayout.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Reads preference data in TRL's format: JSON objects, one a line, with `chosen` and `rejected`, and perhaps
/// `prompt`. All are texts, or all are lists of messages:
///
/// ```json
/// {"prompt": "The sky is", "chosen": " blue.", "rejected": " green."}
/// {"prompt": [{"role": "user", "content": "…"}], "chosen": [{"role": "assistant", "content": "…"}], "rejected": […]}
/// ```
///
/// Without `prompt`, what chosen and rejected begin with in common is the prompt, as in TRL's `extract_prompt`:
/// of texts without the space at its end, which belongs to the answers. Where one is a beginning of the other,
/// its last character or message is its answer.
public final class PreferenceFile {
    private static final KnownKeys KEYS = KnownKeys.of("a row with chosen and rejected")
            .obeyed("prompt", "chosen", "rejected", "tools", "margin")
            .harmless(
                    "tells where a row comes from",
                    "id",
                    "idx",
                    "uuid",
                    "prompt_id",
                    "source",
                    "dataset",
                    "url",
                    "license",
                    "metadata")
            .harmless("sorts rows, and all of them are learned", "category", "task", "kind", "language", "split")
            .harmless("grades answers, and which one is better is said anyway", "score_chosen", "score_rejected")
            .refused("the two answers are chosen and rejected", "completion", "label", "messages")
            .refused("it changes how the template writes a conversation", "chat_template_kwargs");

    private PreferenceFile() {}

    /// All pairs of a file.
    ///
    /// @throws DataException naming file and line: for what is no JSON, a key that is missing or not known,
    ///     another type, an empty answer, or two answers that are the same
    public static List<Preference> read(Path file) {
        List<Preference> all = new ArrayList<>();
        InstructionFile.rows(file, row -> all.add(preference(row)));
        return all;
    }

    private static Preference preference(Row row) {
        row.check(row.json(), KEYS);
        for (String key : List.of("chosen", "rejected")) {
            if (!row.has(key)) {
                throw row.fault("\"%s\" is missing: a row has chosen and rejected".formatted(key));
            }
            JsonNode value = row.json().get(key);
            if (!value.isString() && !value.isArray()) {
                throw row.fault(
                        "\"%s\" must be a text or a list of messages; got %s".formatted(key, Printable.value(value)));
            }
        }
        boolean text = row.json().get("chosen").isString();
        for (String key : List.of("rejected", "prompt")) {
            JsonNode value = row.json().get(key);
            if (row.has(key) && (text ? !value.isString() : !value.isArray())) {
                throw row.fault("\"%s\" must be %s, as \"chosen\" is; got %s"
                        .formatted(key, text ? "a text" : "a list of messages", Printable.value(value)));
            }
        }
        if (row.json().get("chosen").equals(row.json().get("rejected"))) {
            throw row.fault("\"chosen\" and \"rejected\" are the same; which one is better cannot be learned");
        }
        return text ? text(row, margin(row)) : chat(row, margin(row));
    }

    private static double margin(Row row) {
        if (!row.has("margin")) {
            return 0;
        }
        JsonNode margin = row.json().get("margin");
        if (!margin.isNumber() || !Double.isFinite(margin.doubleValue())) {
            throw row.fault("\"margin\" must be a number; got " + Printable.value(margin));
        }
        return margin.doubleValue();
    }

    // --- texts

    private static Preference text(Row row, double margin) {
        if (row.has("tools")) {
            throw row.fault("\"tools\" go with messages, and \"chosen\" is a text");
        }
        String chosen = answer(row, "chosen");
        String rejected = answer(row, "rejected");
        if (row.has("prompt")) {
            return new Preference.Text(row.place(), row.required("prompt"), chosen, rejected, margin);
        }
        int[] a = chosen.codePoints().toArray(); // so that no pair of surrogates is cut
        int[] b = rejected.codePoints().toArray();
        int same = common(Arrays.mismatch(a, b), a.length, b.length);
        if (same > 0 && same < Math.min(a.length, b.length) && a[same - 1] == ' ' && a[same] != b[same]) {
            same--;
        }
        int cut = chosen.offsetByCodePoints(0, same);
        return new Preference.Text(
                row.place(), chosen.substring(0, cut), chosen.substring(cut), rejected.substring(cut), margin);
    }

    private static String answer(Row row, String key) {
        String text = row.required(key);
        if (text.isEmpty()) {
            throw row.fault("\"%s\" is empty".formatted(key));
        }
        return text;
    }

    private static int common(int mismatch, int a, int b) {
        return Math.min(mismatch, Math.min(a, b) - 1);
    }

    // --- messages

    private static Preference chat(Row row, double margin) {
        List<ChatMessage> chosen = messages(row, "chosen");
        List<ChatMessage> rejected = messages(row, "rejected");
        List<ChatMessage> prompt;
        if (row.has("prompt")) {
            prompt = messages(row, "prompt");
        } else {
            int same = 0;
            int most = Math.min(chosen.size(), rejected.size()) - 1;
            while (same < most && chosen.get(same).equals(rejected.get(same))) {
                same++;
            }
            prompt = chosen.subList(0, same);
            chosen = chosen.subList(same, chosen.size());
            rejected = rejected.subList(same, rejected.size());
        }
        if (prompt.isEmpty() || prompt.getLast().isAssistant()) {
            throw row.fault("the prompt must end with what the assistant answers; it "
                    + (prompt.isEmpty() ? "is empty" : "ends with the assistant"));
        }
        var tools = row.tools();
        for (List<ChatMessage> answer : List.of(chosen, rejected)) {
            new Conversation(
                    row.place(), Stream.concat(prompt.stream(), answer.stream()).toList(), tools);
        }
        return new Preference.Chat(row.place(), prompt, chosen, rejected, tools, margin);
    }

    private static List<ChatMessage> messages(Row row, String key) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode each : row.list(key)) {
            row.check(each, InstructionKeys.MESSAGE);
            try {
                messages.add(row.message(each));
            } catch (TokenizerException fault) { // what a message must have
                throw new DataException(row.place() + ": " + fault.getMessage(), fault);
            }
        }
        if (messages.isEmpty()) {
            throw row.fault("\"%s\" is empty".formatted(key));
        }
        return messages;
    }
}
