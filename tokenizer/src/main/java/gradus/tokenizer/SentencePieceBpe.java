package gradus.tokenizer;

import gradus.tokenizer.bpe.PieceMerges;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/// Byte-pair encoding over characters, with bytes for what the vocabulary lacks: Llama 2, Mistral, Gemma.
/// Sennrich et al. 2016, arXiv:1508.07909; Kudo & Richardson 2018, arXiv:1808.06226.
///
/// A text starts as its characters. As long as two neighbours make a piece, the pair of the lowest rank (of
/// equals the leftmost) is merged. Characters that are no piece at the end are spelt by the `<0xNN>` pieces
/// of their UTF-8, or by `<unk>`.
///
/// Where the pairs' ranks come from: a tokenizer.json lists them one by one. SentencePiece's own file has a
/// score for each piece, and any pair that makes the piece has that rank (see `PieceMerges`).
///
/// Unlike [ByteLevelBpe] it does not cut the text into words first. But where no piece holds a `▁` behind
/// another character, no merge can cross the beginning of a word either, so words are encoded one by one and
/// remembered. Cost O(n log n) for every text; mostly O(n).
///
/// Made by `Tokenizers.load` from a tokenizer.json or a `tokenizer.model`, or from GGUF.
public final class SentencePieceBpe extends SentencePieceTokenizer {
    private static final byte[] SPACE = "▁".getBytes(StandardCharsets.UTF_8);

    private final PieceMerges merges;
    private final boolean ignoreMerges;
    private final boolean wordsAreApart;

    /// @param ignoreMerges whether a part of the text that is a piece as a whole becomes that piece without
    ///     merging
    public SentencePieceBpe(
            PieceVocabulary vocabulary,
            PieceMerges merges,
            boolean ignoreMerges,
            PieceRules rules,
            SentencePieceSpec spec,
            Frame frame) {
        super(vocabulary, rules, spec, frame);
        this.merges = merges;
        this.ignoreMerges = ignoreMerges;
        this.wordsAreApart = !ignoreMerges && merges.symbols() == null && wordsAreApart(vocabulary);
    }

    private static boolean wordsAreApart(PieceVocabulary vocabulary) {
        if (vocabulary.id("▁") < 0) {
            return false;
        }
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.isPiece(id)) {
                String piece = vocabulary.token(id);
                for (int i = 1; i < piece.length(); i++) {
                    if (piece.charAt(i) == '▁' && piece.charAt(i - 1) != '▁') {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    @Override
    public SentencePieceTokenizer withFrame(Frame other) {
        return new SentencePieceBpe(vocabulary(), merges, ignoreMerges, rules(), spec(), other);
    }

    public PieceMerges merges() {
        return merges;
    }

    public boolean ignoreMerges() {
        return ignoreMerges;
    }

    /// How many pairs can be merged.
    public int mergeCount() {
        return merges.size();
    }

    @Override
    int partEnd(byte[] utf8, int from, int to) {
        if (!wordsAreApart) {
            return to;
        }
        boolean inWord = false;
        for (int i = from; i < to; i += Utf8.width(utf8[i])) {
            boolean isSpace = utf8[i] == SPACE[0] && utf8[i + 1] == SPACE[1] && utf8[i + 2] == SPACE[2];
            if (isSpace && inWord) {
                return i;
            }
            inWord |= !isSpace;
        }
        return to;
    }

    @Override
    void spell(byte[] utf8, int from, int to, BitSet forbidden, IntList ids) {
        if (ignoreMerges) {
            int whole = vocabulary().id(utf8, from, to);
            if (whole >= 0 && !forbidden.get(whole)) {
                ids.add(whole);
                return;
            }
        }
        var runs = new Runs(utf8, ids);
        merges.apply(utf8, from, to, forbidden, runs);
        runs.finish();
    }

    /// Takes symbols; those that are no piece become bytes, or one `<unk>` for a run of them. An `<unk>` waits
    /// for the next piece, as in the Rust library: where the vocabulary has bytes for some characters only,
    /// these go first.
    private final class Runs implements PieceMerges.Sink {
        private final byte[] utf8;
        private final IntList ids;
        private int waiting = -1; // where the unknown character starts

        Runs(byte[] utf8, IntList ids) {
            this.utf8 = utf8;
            this.ids = ids;
        }

        @Override
        public void symbol(int from, int to, int id) {
            if (id >= 0) {
                finish();
                ids.add(id);
            } else if (!rules().byteFallback() || !vocabulary().spellBytes(utf8, from, to, ids)) {
                if (!rules().fuseUnk()) {
                    finish();
                }
                waiting = waiting < 0 ? from : waiting;
            }
        }

        void finish() {
            if (waiting >= 0) {
                addUnknown(utf8, waiting, ids);
                waiting = -1;
            }
        }
    }

    @Override
    public String name() {
        return "sentencepiece-bpe";
    }
}
