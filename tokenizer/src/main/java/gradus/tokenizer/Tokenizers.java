package gradus.tokenizer;

import gradus.error.Printable;
import gradus.error.TokenizerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/// Loads any tokenizer that Gradus knows.
public final class Tokenizers {
    private Tokenizers() {}

    /// Loads the tokenizer in the folder, whatever its kind: `tokenizer.json`; or SentencePiece's
    /// `tokenizer.model`; or `vocab.json` and `merges.txt` (GPT-2,
    /// Qwen2, RoBERTa); or BERT's `vocab.txt`. Files beside them are heeded: `tokenizer_config.json` with added
    /// tokens, roles and chat templates, and its older companions; `config.json` as far as it names the kind of
    /// tokenizer. A tokenizer.json or `.model` may also be named itself, and is then read alone. Throws
    /// TokenizerException if nothing there is a tokenizer, or names what of it Gradus does not support.
    public static Tokenizer load(Path folder) {
        if (folder == null) {
            throw new TokenizerException("load: expected a folder or file; got null");
        }
        return named(folder.toString(), () -> {
            if (!Files.isRegularFile(folder)) {
                return TokenizerFolder.load(folder);
            }
            return folder.toString().endsWith(".model") ? SentencePieces.read(folder) : read(JsonFile.read(folder));
        });
    }

    /// A tokenizer.json: Hugging Face's, or that of one of Gradus's small tokenizers.
    static Tokenizer read(JsonFields json) {
        return named(json.source(), () -> switch (json.textOr("type", "")) {
            case CharTokenizer.TYPE -> CharTokenizer.read(json);
            case ByteTokenizer.TYPE -> ByteTokenizer.read(json);
            case "" -> TokenizerJsonReader.read(json);
            default -> throw json.error("type", "'" + json.text("type") + "' is unknown");
        });
    }

    /// Puts the file before a message that does not name it.
    private static Tokenizer named(String source, Supplier<Tokenizer> read) {
        try {
            return read.get();
        } catch (TokenizerException fault) {
            String message = fault.getMessage();
            throw message.contains(Printable.value(source)) || message.contains(source)
                    ? fault
                    : new TokenizerException(source + ": " + message, fault);
        }
    }
}
