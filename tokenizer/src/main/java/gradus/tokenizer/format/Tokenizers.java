package gradus.tokenizer.format;

import gradus.error.Printable;
import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.SentencePieceBpe;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.Unigram;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.format.config.TokenizerConfigFile;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.pretokenize.PreTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Loads and saves any tokenizer that Gradus knows.
public final class Tokenizers {
    private Tokenizers() {}

    /// Loads the tokenizer in the folder, whatever its kind: `tokenizer.json`; or SentencePiece's
    /// `tokenizer.model`; or `vocab.json` and `merges.txt` (GPT-2, Qwen2, RoBERTa); or BERT's `vocab.txt`.
    /// Other files of the folder count too: `tokenizer_config.json` and its older companions for added
    /// tokens, roles and chat templates, and `config.json` if it names the kind of tokenizer. A path to a
    /// tokenizer.json or `.model` itself reads that file alone. Throws TokenizerException if there is no
    /// tokenizer, or if it has something that Gradus does not support, which the message names.
    ///
    /// @param own pre-tokenizers of your own: a tokenizer.json that has the `pattern()` of one is read with it
    public static Tokenizer load(Path folder, PreTokenizer... own) {
        if (folder == null) {
            throw new TokenizerException("load: expected a folder or file; got null");
        }
        List<PreTokenizer> given = List.of(own);
        return named(folder.toString(), () -> {
            if (!Files.isRegularFile(folder)) {
                return TokenizerFolder.load(folder, given);
            }
            return folder.toString().endsWith(".model")
                    ? SentencePieces.read(folder)
                    : read(JsonFile.read(folder), given);
        });
    }

    /// A tokenizer.json: Hugging Face's, or that of one of Gradus's small tokenizers.
    public static Tokenizer read(JsonFields json) {
        return read(json, List.of());
    }

    static Tokenizer read(JsonFields json, List<PreTokenizer> own) {
        return named(json.source(), () -> switch (json.textOr("type", "")) {
            case CharTokenizerJson.TYPE -> CharTokenizerJson.readEarlier(json);
            case ByteTokenizerJson.TYPE -> ByteTokenizerJson.readEarlier(json);
            case "" -> TokenizerJsonReader.read(json, own);
            default -> throw json.error("type", "'" + json.text("type") + "' is unknown");
        });
    }

    /// Writes `tokenizer.json`, which Hugging Face's libraries read to the same ids, into the folder, which
    /// is created if missing; and beside it `tokenizer_config.json` where the tokenizer's `roles()` have
    /// something to say. Throws TokenizerException if the files cannot be written, or cannot hold the
    /// tokenizer.
    public static void save(Tokenizer tokenizer, Path folder) {
        if (tokenizer == null || folder == null) {
            throw new TokenizerException(
                    "save: expected " + (tokenizer == null ? "a tokenizer" : "a folder") + "; got null");
        }
        JsonFile.write(
                folder,
                "tokenizer.json",
                switch (tokenizer) {
                    case CharTokenizer characters -> CharTokenizerJson.write(characters);
                    case ByteTokenizer _ -> ByteTokenizerJson.write();
                    case ByteLevelBpe bpe -> BpeJson.write(bpe);
                    default -> json(tokenizer);
                });
        if (!tokenizer.roles().equals(SpecialTokens.NONE)) {
            TokenizerConfigFile.write(folder, tokenizer, OptionalInt.empty());
        }
    }

    /// SHA-256, in hex, of the vocabulary and rules: equal exactly when two tokenizers save the same
    /// `tokenizer.json`. A run remembers by it which tokenizer it was begun with. A pre-tokenizer without a
    /// pattern and a normalizer of your own count by their names.
    public static String fingerprint(Tokenizer tokenizer) {
        return JsonFile.sha256(json(tokenizer));
    }

    /// What the fingerprint is taken of. It never changes between versions, even where the file does.
    static ObjectNode json(Tokenizer tokenizer) {
        return switch (tokenizer) {
            case CharTokenizer characters -> CharTokenizerJson.writeEarlier(characters);
            case ByteTokenizer _ -> ByteTokenizerJson.writeEarlier();
            case ByteLevelBpe bpe -> BpeJson.forFingerprint(bpe);
            case WordPiece pieces -> WordPieceJson.write(pieces);
            case SentencePieceBpe bpe -> SentencePieceBpeJson.write(bpe);
            case Unigram unigram -> UnigramJson.write(unigram);
            case null -> throw new TokenizerException("fingerprint: expected a tokenizer; got null");
            default ->
                throw new TokenizerException(tokenizer.getClass().getName()
                        + " is a tokenizer that no tokenizer.json can hold; those of Gradus can be saved");
        };
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
