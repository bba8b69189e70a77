package gradus.train.preference;

import gradus.error.Printable;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.json.JsonNumbers;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.instruct.InstructionFile;
import gradus.train.instruct.InstructionLayout.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
            .harmless("grades answers, and which one is better is said anyway", "score_chosen", "score_rejected")
            .refused("the two answers are chosen and rejected", "messages")
            .refused("answers that are good or bad by themselves are for KTO", "completion", "label")
            .and(RowParts.ABOUT);

    private PreferenceFile() {}

    /// All pairs of a file.
    ///
    /// @throws gradus.error.DataException naming file and line: for what is no JSON, a key that is missing or
    ///     not known, another type, an empty answer, or two answers that are the same
    public static List<Preference> read(Path file) {
        List<Preference> all = new ArrayList<>();
        InstructionFile.rows(file, row -> all.add(preference(row)));
        return all;
    }

    static Preference preference(Row row) {
        row.check(row.json(), KEYS);
        boolean text = RowParts.isText(row, "chosen", "a row has chosen and rejected");
        RowParts.isText(row, "rejected", "a row has chosen and rejected");
        for (String key : List.of("rejected", "prompt")) {
            RowParts.requireAlike(row, key, "chosen", text);
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
        if (!margin.isNumber() || !Double.isFinite(JsonNumbers.toDouble(margin))) {
            throw row.fault("\"margin\" must be a number; got " + Printable.value(margin));
        }
        return JsonNumbers.toDouble(margin);
    }

    // --- texts

    private static Preference text(Row row, double margin) {
        String chosen = RowParts.answer(row, "chosen");
        String rejected = RowParts.answer(row, "rejected");
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

    private static int common(int mismatch, int a, int b) {
        return Math.min(mismatch, Math.min(a, b) - 1);
    }

    // --- messages

    private static Preference chat(Row row, double margin) {
        List<ChatMessage> chosen = RowParts.messages(row, "chosen");
        List<ChatMessage> rejected = RowParts.messages(row, "rejected");
        List<ChatMessage> prompt;
        if (row.has("prompt")) {
            prompt = RowParts.messages(row, "prompt");
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
        Prompt.Chat asked = RowParts.asked(row, prompt);
        RowParts.requireAnswers(asked, chosen);
        RowParts.requireAnswers(asked, rejected);
        return new Preference.Chat(row.place(), prompt, chosen, rejected, asked.tools(), margin);
    }
}
