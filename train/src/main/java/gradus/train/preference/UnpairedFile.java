package gradus.train.preference;

import gradus.error.Printable;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.instruct.InstructionFile;
import gradus.train.instruct.InstructionLayout.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads answers that were each found good or bad, in TRL's unpaired format: JSON objects, one a line, with
/// `prompt`, `completion` and `label`, which is true for a good answer. Prompt and completion are texts, or
/// lists of messages:
///
/// ```json
/// {"prompt": "The sky is", "completion": " blue.", "label": true}
/// {"prompt": [{"role": "user", "content": "…"}], "completion": [{"role": "assistant", …}], "label": false}
/// ```
///
/// A row with `chosen` and `rejected`, as [PreferenceFile] has it, is a good answer and a bad one; TRL's
/// `unpair_preference_dataset`.
public final class UnpairedFile {
    private static final KnownKeys KEYS = KnownKeys.of("a row with completion and label")
            .obeyed("prompt", "completion", "label", "tools")
            .harmless("grades answers, and which ones are good is said anyway", "score", "rating")
            .refused("the answer is its completion", "messages", "rejected")
            .and(RowParts.ABOUT);

    private UnpairedFile() {}

    /// All answers of a file; the good one of a pair comes first.
    ///
    /// @throws gradus.error.DataException naming file and line: for what is no JSON, a key that is missing or
    ///     not known, another type, or an empty answer
    public static List<LabelledAnswer> read(Path file) {
        List<LabelledAnswer> all = new ArrayList<>();
        InstructionFile.rows(file, row -> {
            if (row.json().isObject() && row.json().has("chosen")) {
                Preference pair = PreferenceFile.preference(row);
                all.add(pair.better());
                all.add(pair.worse());
            } else {
                all.add(answer(row));
            }
        });
        return all;
    }

    static LabelledAnswer answer(Row row) {
        row.check(row.json(), KEYS);
        String parts = "a row has prompt, completion and label, or chosen and rejected";
        boolean text = RowParts.isText(row, "completion", parts);
        RowParts.isText(row, "prompt", parts);
        RowParts.requireAlike(row, "prompt", "completion", text);
        JsonNode label = row.json().get("label");
        if (label == null || !label.isBoolean()) {
            throw row.fault("\"label\" must be true or false; "
                    + (label == null ? "it is missing" : "got " + Printable.value(label)));
        }
        if (text) {
            Prompt.Text prompt = new Prompt.Text(row.place(), row.required("prompt"));
            return new LabelledAnswer.Text(prompt, RowParts.answer(row, "completion"), label.booleanValue());
        }
        Prompt.Chat prompt = RowParts.asked(row, RowParts.messages(row, "prompt"));
        List<ChatMessage> answer = RowParts.messages(row, "completion");
        RowParts.requireAnswers(prompt, answer);
        return new LabelledAnswer.Chat(prompt, answer, label.booleanValue());
    }
}
