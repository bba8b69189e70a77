package gradus.tokenizer.unigram;

import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import gradus.tokenizer.text.PieceTrie;
import gradus.tokenizer.text.Utf8;
import java.util.List;

/// Which pieces of a SentencePiece vocabulary a text may be cut into, and at what price.
/// Source: google/sentencepiece, `unigram_model.cc`; llama.cpp, `llama-vocab.cpp`.
public final class UnigramPieces {
    private UnigramPieces() {}

    /// Normal pieces have their score; a user-defined symbol has one that is always better than its parts'; an
    /// unused piece is left out, and so are control, unknown and byte pieces, which no text holds.
    public static Viterbi viterbi(SentencePieceSpec spec) {
        List<Entry> entries = spec.model().entries();
        var trie = new PieceTrie.Builder();
        var scores = new double[entries.size()];
        float lowest = Float.MAX_VALUE;
        float highest = Float.MIN_NORMAL;
        for (Entry entry : entries) {
            if (entry.type() == Type.NORMAL) {
                lowest = Math.min(lowest, entry.score());
                highest = Math.max(highest, entry.score());
            }
        }
        boolean isLlamaCpp = spec.dialect() == SentencePieceSpec.Dialect.LLAMA_CPP;
        for (int id = 0; id < entries.size(); id++) {
            Entry entry = entries.get(id);
            scores[id] = entry.score();
            boolean isText = entry.type() == Type.NORMAL
                    || entry.type() == Type.USER_DEFINED
                    || entry.type() == Type.UNUSED && isLlamaCpp;
            if (entry.type() == Type.USER_DEFINED) {
                int length = Utf8.encode(entry.text()).length;
                scores[id] = isLlamaCpp ? 0 : (float) (length * highest - 0.1);
            }
            if (isText) {
                trie.add(entry.text(), id);
            }
        }
        return new Viterbi(trie.build(), scores, lowest, !isLlamaCpp);
    }
}
