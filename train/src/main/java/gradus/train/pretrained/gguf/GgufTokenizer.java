package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.Printable;
import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufWriter;
import java.util.OptionalInt;

/// The tokenizer among the keys of a GGUF file: "gpt2" is a byte-level BPE ([GgufBytes]), "bert" a WordPiece
/// ([GgufWords]), "llama" and "t5" have pieces ([GgufPieces]). Tokens with a role are [GgufRoles].
final class GgufTokenizer {
    private static final String MODEL = "tokenizer.ggml.model";
    private static final String LLAMA3 = "llama-bpe";

    private GgufTokenizer() {}

    /// @param vocabSize the model's, whose further rows are told to be unused
    static void write(GgufWriter file, TokenizerPipeline tokenizer, int vocabSize) {
        switch (tokenizer) {
            case ByteLevelBpe bpe -> {
                GgufBytes.write(file, bpe, vocabSize);
                bpe.roles().unk().ifPresent(id -> file.put("tokenizer.ggml.unknown_token_id", id));
                GgufRoles.write(file, bpe);
            }
            case SentencePieceTokenizer pieces -> {
                GgufPieces.write(file, pieces, vocabSize);
                GgufRoles.write(file, pieces);
            }
            case WordPiece words -> {
                GgufWords.write(file, words, vocabSize);
                GgufRoles.write(file, words.withRoles(GgufWords.roles(words)));
            }
        }
    }

    static TokenizerPipeline read(Gguf file) {
        String model = file.text(MODEL);
        try {
            return switch (model) {
                case "gpt2" -> {
                    GgufKeys.requireTokenizer(file, GgufBytes.KEYS);
                    boolean begins = file.text("tokenizer.ggml.pre").equals(LLAMA3);
                    yield withRoles(file, GgufBytes.read(file), begins, false);
                }
                case "llama" -> {
                    GgufKeys.requireTokenizer(file, GgufPieces.LLAMA);
                    yield withRoles(file, GgufPieces.read(file), true, false);
                }
                case "t5" -> {
                    GgufKeys.requireTokenizer(file, GgufPieces.T5);
                    yield withRoles(file, GgufPieces.read(file), false, true);
                }
                case "bert" -> {
                    GgufKeys.requireTokenizer(file, GgufWords.KEYS);
                    yield GgufWords.read(file);
                }
                default ->
                    throw new CheckpointMismatchException(
                            "%s: the tokenizer \"%s\" is not supported; gpt2, llama, t5 and bert are"
                                    .formatted(file.origin(), Printable.value(model)));
            };
        } catch (TokenizerException unsound) {
            throw new CorruptCheckpointException(file.origin() + ": " + unsound.getMessage(), unsound);
        }
    }

    private static TokenizerPipeline withRoles(Gguf file, TokenizerPipeline tokenizer, boolean addBos, boolean addEos) {
        SpecialTokens roles = GgufRoles.read(file, tokenizer.vocabularySize(), addBos, addEos);
        if (tokenizer instanceof SentencePieceTokenizer) { // its vocabulary says itself which piece is unknown
            roles = new SpecialTokens(
                    roles.bos(),
                    roles.eos(),
                    roles.pad(),
                    OptionalInt.empty(),
                    roles.sep(),
                    roles.cls(),
                    roles.mask(),
                    roles.addBos(),
                    roles.addEos(),
                    roles.chatTemplates());
        }
        return tokenizer.withRoles(roles).withBounds();
    }
}
