package gradus.bench.fuzz;

import gradus.tokenizer.WordPiece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Tokenizer files of kinds that the library reads and does not write.
final class TokenizerSamples {
    private static final List<String> PIECES =
            List.of("<unk>", "<s>", "</s>", "\u2581", "\u2581the", "th", "e", "t", "h", "a", "\u2581a", "o", "x", "s");

    private TokenizerSamples() {}

    static void unigram(Path folder) throws IOException {
        StringBuilder vocab = new StringBuilder();
        for (int i = 0; i < PIECES.size(); i++) {
            vocab.append(i == 0 ? "" : ", ").append("[\"%s\", %s]".formatted(PIECES.get(i), i < 3 ? 0 : -i));
        }
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [{"id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
                   "normalized": false, "special": true}],
                 "normalizer": null,
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always",
                   "split": true},
                 "post_processor": null,
                 "decoder": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
                 "model": {"type": "Unigram", "unk_id": 0, "vocab": [%s], "byte_fallback": false}}
                """.formatted(vocab));
    }

    /// A SentencePiece model: field 1 a piece (1 text, 2 score, 3 type), field 2 the trainer (3 kind of model).
    static void sentencePiece(Path folder) throws IOException {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        for (int i = 0; i < PIECES.size(); i++) {
            ByteArrayOutputStream piece = new ByteArrayOutputStream();
            byte[] text = PIECES.get(i).getBytes(StandardCharsets.UTF_8);
            piece.write(1 << 3 | 2);
            piece.write(text.length);
            piece.write(text);
            piece.write(2 << 3 | 5);
            piece.write(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(-i)
                    .array());
            piece.write(3 << 3);
            piece.write(i == 0 ? 2 : i < 3 ? 3 : 1); // unknown, control, normal
            model.write(1 << 3 | 2);
            model.write(piece.size());
            piece.writeTo(model);
        }
        model.write(new byte[] {2 << 3 | 2, 2, 3 << 3, 1}); // unigram
        Files.write(folder.resolve("tokenizer.model"), model.toByteArray());
    }

    /// What stands beside vocab.json and merges.txt.
    static void besideVocabulary(Path folder, int id) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": false, "bos_token": "<|endoftext|>",
                 "added_tokens_decoder": {"%d": {"content": "<|endoftext|>", "lstrip": false, "normalized": false,
                   "rstrip": false, "single_word": false, "special": true}}}
                """.formatted(id));
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<|endoftext|>\": %d}".formatted(id));
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"bos_token\": \"<|endoftext|>\"}");
    }

    static void vocabTxt(Path folder, WordPiece tokenizer) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            lines.append(tokenizer.idToToken(id)).append('\n');
        }
        Files.writeString(folder.resolve("vocab.txt"), lines);
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"do_lower_case\": false, \"strip_accents\": null, \"tokenize_chinese_chars\": true}");
    }
}
