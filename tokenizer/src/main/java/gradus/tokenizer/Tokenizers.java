package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Loads any tokenizer that Gradus knows.
public final class Tokenizers {
    private Tokenizers() {}

    /// Loads the tokenizer in the folder, or in the file, whatever its kind. Throws TokenizerException if nothing
    /// there is a tokenizer, or if it is one that Gradus does not support, naming what.
    public static Tokenizer load(Path folder) {
        if (folder == null) {
            throw new TokenizerException("load: expected a folder or file; got null");
        }
        if (Files.isRegularFile(folder)) {
            return read(folder);
        }
        if (Files.isRegularFile(folder.resolve("tokenizer.json"))) {
            return read(folder.resolve("tokenizer.json"));
        }
        throw new TokenizerException(folder + ": no tokenizer.json there");
    }

    private static Tokenizer read(Path file) {
        JsonFields json = JsonFile.read(file);
        return switch (json.textOr("type", "")) {
            case CharTokenizer.TYPE -> CharTokenizer.read(json);
            case ByteTokenizer.TYPE -> new ByteTokenizer();
            default -> throw json.error("type", "is unknown");
        };
    }
}
