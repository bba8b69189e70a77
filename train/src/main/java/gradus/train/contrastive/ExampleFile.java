package gradus.train.contrastive;

import gradus.error.ConfigException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.instruct.InstructionFile;
import gradus.train.instruct.InstructionLayout.Row;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes examples as sentence-transformers keeps them: JSON objects, one a line,
/// ```json
/// {"anchor": "large cat with stripes", "positive": "The tiger is …", "negative": "The lion is …"}
/// ```
/// `negative` may be missing where no hard negatives are asked for.
final class ExampleFile {
    private static final KnownKeys KEYS =
            KnownKeys.of("a row with anchor and positive").obeyed("anchor", "positive", "negative");

    private ExampleFile() {}

    /// All examples of a file.
    ///
    /// @throws gradus.error.DataException naming file and line: for what is no JSON, a key that is missing or
    ///     not known, another type, or a text without a word
    static List<ContrastiveExample> read(Path file, boolean hardNegatives) {
        List<ContrastiveExample> all = new ArrayList<>();
        InstructionFile.rows(file, row -> all.add(example(row, hardNegatives)));
        return all;
    }

    /// Writes examples.
    ///
    /// @throws ResourceException if the file cannot be written
    static void write(Path file, List<ContrastiveExample> examples) {
        JsonMapper json = JsonMapper.shared();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (ContrastiveExample each : examples) {
                ObjectNode row = json.createObjectNode();
                row.put("anchor", each.anchor()).put("positive", each.positive());
                if (each.negative() != null) {
                    row.put("negative", each.negative());
                }
                out.write(json.writeValueAsString(row));
                out.write('\n');
            }
        } catch (IOException refused) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(refused), refused);
        }
    }

    private static ContrastiveExample example(Row row, boolean hardNegatives) {
        row.check(row.json(), KEYS);
        if (hardNegatives && !row.has("negative")) {
            throw row.fault("\"negative\" is missing; --hard-negatives needs one in each row");
        }
        try {
            return new ContrastiveExample(
                    row.required("anchor"),
                    row.required("positive"),
                    row.has("negative") ? row.required("negative") : null);
        } catch (ConfigException blank) {
            throw row.fault(blank.getMessage());
        }
    }
}
