package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.TokenizerException;
import gradus.tokenizer.SentencePieceTokenizer;
import gradus.tokenizer.format.SentencePieces;
import gradus.tokenizer.json.KnownKeys;
import gradus.tokenizer.sentencepiece.Charsmap;
import gradus.tokenizer.sentencepiece.SentencePieceModel;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Kind;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Spec;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufNumbers;
import gradus.train.checkpoint.GgufWriter;
import java.util.ArrayList;
import java.util.List;

/// A SentencePiece-style vocabulary among the keys of a GGUF file: a BPE under the model name "llama" (Llama 2,
/// Mistral, Gemma), a Unigram under "t5". Source: llama.cpp, `src/llama-vocab.cpp`.
final class GgufPieces {
    private static final String AT = "tokenizer.ggml.";
    private static final String UNKNOWN = AT + "unknown_token_id";

    /// What every such vocabulary has.
    private static final KnownKeys BOTH = KnownKeys.of("a GGUF file's tokenizer")
            .obeyed(AT + "model", AT + "tokens", AT + "scores", AT + "token_type", AT + "add_space_prefix")
            .only(AT + "pre", "it names a rule for byte-level BPE", "default")
            .harmless("pieces here have their types one by one", AT + "token_type_count");

    /// The keys of a `llama` vocabulary, tokens with a role among them.
    static final KnownKeys LLAMA = KnownKeys.of("a GGUF file's llama tokenizer")
            .harmless("llama.cpp, too, takes scores and no list of merges", AT + "merges")
            .only(AT + "remove_extra_whitespaces", "llama.cpp keeps all spaces before a BPE", false)
            .and(BOTH)
            .and(GgufRoles.KEYS);

    /// The keys of a `t5` vocabulary, tokens with a role among them.
    static final KnownKeys T5 = KnownKeys.of("a GGUF file's t5 tokenizer")
            .obeyed(AT + "remove_extra_whitespaces", AT + "precompiled_charsmap")
            .only(AT + "escape_whitespaces", "pieces have ▁ for each space", true)
            .only(AT + "treat_whitespace_as_suffix", "▁ stands before words", false)
            .and(BOTH)
            .and(GgufRoles.KEYS);

    private GgufPieces() {}

    /// Whether the file's tokenizer is of this kind.
    static boolean has(Gguf file) {
        return file.has(AT + "model") && (isBpe(file) || file.text(AT + "model").equals("t5"));
    }

    private static boolean isBpe(Gguf file) {
        return file.text(AT + "model").equals("llama");
    }

    /// @throws CorruptCheckpointException if the vocabulary contradicts itself
    static SentencePieceTokenizer read(Gguf file) {
        boolean isBpe = isBpe(file);
        List<String> tokens = file.texts(AT + "tokens");
        long[] types = file.wholes(AT + "token_type", tokens.size());
        GgufNumbers scores = file.numbers(AT + "scores");
        if (scores.size() != tokens.size()) {
            throw new CorruptCheckpointException("%s: %s tokens have %s scores"
                    .formatted(file.origin(), tokens.size(), scores.size())); // BAD-INPUT 87
        }
        try {
            List<Entry> entries = new ArrayList<>();
            for (int id = 0; id < tokens.size(); id++) {
                entries.add(new Entry(tokens.get(id), (float) scores.number(id), Type.of(types[id])));
            }
            while (isPadding(entries)) {
                entries.removeLast();
            }
            Kind kind = isBpe ? Kind.BPE : Kind.UNIGRAM;
            SentencePieceModel model = new SentencePieceModel(kind, entries, isBpe, spec(file, isBpe));
            if (file.has(UNKNOWN)) { // 0, too, may be one
                requireSameUnknown(file, file.whole(UNKNOWN, 0), model.unknown());
            }
            return SentencePieces.ofGguf(model);
        } catch (TokenizerException unsound) {
            throw new CorruptCheckpointException(file.origin() + ": " + unsound.getMessage(), unsound);
        }
    }

    private static void requireSameUnknown(Gguf file, int named, int typed) {
        if (named != typed) {
            throw new CheckpointMismatchException("%s: %s is %s; by its type the unknown piece is %s"
                    .formatted(file.origin(), UNKNOWN, named, typed));
        }
    }

    /// llama.cpp's own defaults differ between the two.
    private static Spec spec(Gguf file, boolean isBpe) {
        String charsmap = AT + "precompiled_charsmap";
        return new Spec(
                !isBpe && file.has(charsmap) ? new Charsmap(bytes(file.numbers(charsmap))) : null,
                flag(file, "add_space_prefix", isBpe),
                !isBpe && flag(file, "remove_extra_whitespaces", false),
                true);
    }

    private static boolean flag(Gguf file, String key, boolean absent) {
        return file.has(AT + key) ? file.flag(AT + key) : absent;
    }

    private static byte[] bytes(GgufNumbers numbers) {
        byte[] bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) numbers.whole(i);
        }
        return bytes;
    }

    private static boolean isPadding(List<Entry> entries) {
        return !entries.isEmpty()
                && entries.getLast().type() == Type.UNUSED
                && entries.getLast().text().equals(padding(entries.size() - 1));
    }

    private static String padding(int id) {
        return "[PAD" + id + "]";
    }

    /// @param vocabSize the model's, whose further rows are told to be unused
    /// @throws CheckpointMismatchException if llama.cpp would give other ids
    static void write(GgufWriter file, SentencePieceTokenizer tokenizer, int vocabSize) {
        SentencePieceModel model;
        try {
            model = SentencePieces.forGguf(tokenizer);
        } catch (TokenizerException beyond) {
            throw new CheckpointMismatchException(beyond.getMessage());
        }
        List<String> tokens = new ArrayList<>();
        float[] scores = new float[vocabSize];
        int[] types = new int[vocabSize];
        for (int id = 0; id < vocabSize; id++) {
            Entry entry =
                    id < model.entries().size() ? model.entries().get(id) : new Entry(padding(id), 0, Type.UNUSED);
            tokens.add(entry.text());
            scores[id] = entry.score();
            types[id] = entry.type().ordinal() + 1;
        }
        boolean isBpe = model.kind() == Kind.BPE;
        file.put(AT + "model", isBpe ? "llama" : "t5")
                .put(AT + "pre", "default")
                .put(AT + "tokens", tokens)
                .put(AT + "scores", scores)
                .put(AT + "token_type", types)
                .put(AT + "add_space_prefix", model.spec().addDummyPrefix())
                .put(UNKNOWN, model.unknown());
        if (!isBpe) {
            file.put(AT + "remove_extra_whitespaces", model.spec().removeExtraWhitespaces());
            if (model.spec().charsmap() != null) {
                file.put(AT + "precompiled_charsmap", model.spec().charsmap().bytes());
            }
        }
    }
}
