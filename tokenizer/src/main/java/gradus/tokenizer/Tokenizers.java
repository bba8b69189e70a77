package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Loads any tokenizer that Gradus knows.
public final class Tokenizers {
    private Tokenizers() {}

    /// Loads the tokenizer in the folder, whatever its kind: `tokenizer.json`, or SentencePiece's
    /// `tokenizer.model`, or GPT-2's `vocab.json` and `merges.txt`, or BERT's `vocab.txt` (taken for uncased). A
    /// tokenizer.json or `.model` may also be named itself. Throws
    /// TokenizerException if nothing there is a tokenizer, or names what of it Gradus does not support.
    public static Tokenizer load(Path folder) {
        if (folder == null) {
            throw new TokenizerException("load: expected a folder or file; got null");
        }
        if (Files.isRegularFile(folder)) {
            if (folder.toString().endsWith(".model")) {
                return SentencePieces.read(folder);
            }
            return read(JsonFile.read(folder));
        }
        if (Files.isRegularFile(folder.resolve("tokenizer.json"))) {
            return read(JsonFile.read(folder.resolve("tokenizer.json")));
        }
        if (Files.isRegularFile(folder.resolve("tokenizer.model"))) {
            return SentencePieces.read(folder.resolve("tokenizer.model"));
        }
        Path vocabulary = folder.resolve("vocab.json");
        Path merges = folder.resolve("merges.txt");
        if (Files.isRegularFile(vocabulary) && Files.isRegularFile(merges)) {
            return Gpt2Files.read(vocabulary, merges);
        }
        if (Files.isRegularFile(folder.resolve("vocab.txt"))) {
            return VocabTxt.read(folder.resolve("vocab.txt"), BertNormalizer.uncased());
        }
        throw new TokenizerException(
                folder + ": no tokenizer there; expected tokenizer.json, tokenizer.model, vocab.json and merges.txt,"
                        + " or vocab.txt (a rank file is read by TiktokenFile, which asks for its pre-tokenizer)");
    }

    /// A tokenizer.json: Hugging Face's, or that of one of Gradus's small tokenizers.
    static Tokenizer read(JsonFields json) {
        return switch (json.textOr("type", "")) {
            case CharTokenizer.TYPE -> CharTokenizer.read(json);
            case ByteTokenizer.TYPE -> new ByteTokenizer();
            case "" -> TokenizerJsonReader.read(json);
            default -> throw json.error("type", "'" + json.text("type") + "' is unknown");
        };
    }
}
