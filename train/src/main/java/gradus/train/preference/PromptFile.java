package gradus.train.preference;

import gradus.tokenizer.json.KnownKeys;
import gradus.train.instruct.InstructionFile;
import gradus.train.instruct.InstructionLayout.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Reads prompts in TRL's formats: JSON objects, one a line, with `prompt`, a text or a list of messages. Rows
/// may have answers as well, as [PreferenceFile] and [UnpairedFile] have them; only their prompts are taken.
public final class PromptFile {
    private static final KnownKeys KEYS =
            KnownKeys.of("a row with a prompt").obeyed("prompt", "tools").and(RowParts.ABOUT);

    private PromptFile() {}

    /// All different prompts of a file, in their order.
    ///
    /// @throws gradus.error.DataException naming file and line of a row that has none
    public static List<Prompt> read(Path file) {
        SequencedMap<Object, Prompt> all = new LinkedHashMap<>();
        InstructionFile.rows(file, row -> {
            Prompt prompt = prompt(row);
            all.putIfAbsent(prompt.words(), prompt);
        });
        return new ArrayList<>(all.values());
    }

    private static Prompt prompt(Row row) {
        if (row.json().isObject() && row.json().has("chosen")) {
            return PreferenceFile.preference(row).question();
        }
        if (row.json().isObject() && row.json().has("completion")) {
            return UnpairedFile.answer(row).prompt();
        }
        row.check(row.json(), KEYS);
        if (RowParts.isText(row, "prompt", "a row has a prompt")) {
            RowParts.requireAlike(row, "prompt", "prompt", true);
            return new Prompt.Text(row.place(), row.required("prompt"));
        }
        return RowParts.asked(row, RowParts.messages(row, "prompt"));
    }
}
