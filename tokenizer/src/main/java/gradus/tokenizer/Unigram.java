package gradus.tokenizer;

import gradus.error.TokenizerException;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.PieceTrie;
import gradus.tokenizer.unigram.UnigramPieces;
import gradus.tokenizer.unigram.Viterbi;
import java.util.BitSet;

/// The unigram language model: T5, XLM-RoBERTa. Kudo 2018, arXiv:1804.10959.
///
/// Each piece has a probability, and the model takes the pieces of a text to be independent; so a
/// segmentation `x = (x₁ … x_m)` of a text has the probability `P(x) = ∏ p(x_i)`. The text is cut into the
/// most probable one, `argmax Σ log p(x_i)`, which `Viterbi` finds. Characters without a piece become the
/// pieces of their bytes, or one `<unk>` for a run of them.
///
/// Decoding gives the normalised text. Cost O(n · longest piece). Made by `Tokenizers.load` from a
/// tokenizer.json or a `tokenizer.model`, or from GGUF.
public final class Unigram extends SentencePieceTokenizer {
    private final double[] scores;
    private final Viterbi viterbi;

    /// @param scores of each piece, by id
    public Unigram(PieceVocabulary vocabulary, double[] scores, PieceRules rules, SentencePieceSpec spec, Frame frame) {
        super(vocabulary, rules, spec, frame);
        this.scores = scores;
        this.viterbi = spec == null ? ofAllPieces() : UnigramPieces.viterbi(spec);
    }

    private Unigram(Unigram same, Frame other) {
        super(same.vocabulary(), same.rules(), same.spec(), other);
        this.scores = same.scores;
        this.viterbi = same.viterbi;
    }

    @Override
    public SentencePieceTokenizer withFrame(Frame other) {
        return new Unigram(this, other);
    }

    /// By Hugging Face's rules every piece may be found in the text, `<s>` and `<0x0A>` too.
    private Viterbi ofAllPieces() {
        var trie = new PieceTrie.Builder();
        double lowest = Double.POSITIVE_INFINITY;
        for (int id = 0; id < scores.length; id++) {
            if (vocabulary().isPiece(id)) {
                if (!Double.isFinite(scores[id])) {
                    throw new TokenizerException("piece " + id + ", '"
                            + vocabulary().token(id) + "', has the score " + scores[id] + "; scores are finite");
                }
                trie.add(vocabulary().token(id), id);
                lowest = Math.min(lowest, scores[id]);
            }
        }
        return new Viterbi(trie.build(), scores, lowest, false);
    }

    /// The piece's score: its log-probability.
    public double score(int id) {
        return vocabulary().isPiece(checkId(id)) ? scores[id] : 0;
    }

    @Override
    void spell(byte[] utf8, int from, int to, BitSet forbidden, IntList ids) {
        var sink = new Viterbi.Sink() {
            private int unknownFrom = -1;

            @Override
            public void piece(int start, int end, int id) {
                if (id < 0 || id == rules().unk()) {
                    if (unknownFrom >= 0 && !rules().fuseUnk()) {
                        flush(start);
                    }
                    unknownFrom = unknownFrom < 0 ? start : unknownFrom;
                } else {
                    flush(start);
                    ids.add(id);
                }
            }

            /// A run of unknown characters may be a piece after all, whose score was too low to be chosen.
            void flush(int end) {
                if (unknownFrom >= 0) {
                    int id = spec() == null ? vocabulary().id(utf8, unknownFrom, end) : -1;
                    if (id >= 0 && !forbidden.get(id)) {
                        ids.add(id);
                    } else if (!rules().byteFallback() || !vocabulary().spellBytes(utf8, unknownFrom, end, ids)) {
                        addUnknown(utf8, unknownFrom, ids);
                    }
                    unknownFrom = -1;
                }
            }
        };
        viterbi.segment(utf8, from, to, forbidden, sink);
        sink.flush(to);
    }

    @Override
    public String name() {
        return "unigram";
    }
}
