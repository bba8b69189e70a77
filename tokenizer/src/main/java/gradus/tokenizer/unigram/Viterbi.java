package gradus.tokenizer.unigram;

import gradus.tokenizer.text.IntList;
import gradus.tokenizer.text.PieceTrie;
import gradus.tokenizer.text.Utf8;
import java.util.Arrays;
import java.util.BitSet;

/// Finds the segmentation of a text whose pieces have the largest sum of scores (Viterbi 1967; Kudo 2018,
/// arXiv:1804.10959, section 3.2).
///
/// `best(0) = 0, best(j) = max over pieces x = text[i, j) of best(i) + score(x)`, place by place from the left;
/// then back along the choices. A character that is no piece by itself may also be an unknown of score
/// `lowest score − 10`. Of equal sums the first found stands, that is the one whose last piece is longest.
///
/// Cost O(n · longest piece). Holds no state, so threads may share it.
public final class Viterbi {
    private static final double UNKNOWN_PENALTY = 10;

    private final PieceTrie pieces;
    private final double[] scores;
    private final double unknownScore;
    private final boolean float32;

    /// @param scores  by id
    /// @param lowest  the lowest score of a piece of text
    /// @param float32 whether sums are rounded to float32 as in the SentencePiece library, which now and then
    ///                decides
    public Viterbi(PieceTrie pieces, double[] scores, double lowest, boolean float32) {
        this.pieces = pieces;
        this.scores = scores;
        this.unknownScore = float32 ? (float) lowest - (float) UNKNOWN_PENALTY : lowest - UNKNOWN_PENALTY;
        this.float32 = float32;
    }

    /// Takes the pieces of the best segmentation.
    public interface Sink {
        /// @param id the piece, or -1 for an unknown character
        void piece(int from, int to, int id);
    }

    /// Segments `utf8[from, to)`, using none of the forbidden pieces. Returns how many nodes of the tree it
    /// looked at, which is what the time goes by.
    public long segment(byte[] utf8, int from, int to, BitSet forbidden, Sink sink) {
        int n = to - from;
        var best = new double[n + 1];
        var startOf = new int[n + 1]; // of the last piece of the best segmentation that ends here; -1: none yet
        var idOf = new int[n + 1];
        Arrays.fill(startOf, -1);
        long steps = 0;
        for (int i = 0; i < n; ) {
            int width = Math.min(Utf8.width(utf8[from + i]), n - i);
            boolean knowsCharacter = false;
            int node = PieceTrie.ROOT;
            for (int j = i; j < n && (node = pieces.child(node, utf8[from + j])) >= 0; j++) {
                steps++;
                int id = pieces.id(node);
                if (id >= 0 && !forbidden.get(id)) {
                    improve(best, startOf, idOf, i, j + 1, id, scores[id]);
                    knowsCharacter |= j + 1 == i + width;
                }
            }
            if (!knowsCharacter) {
                improve(best, startOf, idOf, i, i + width, -1, unknownScore);
            }
            i += width;
        }
        var ends = new IntList(n / 2 + 1);
        for (int end = n; end > 0; end = startOf[end]) {
            ends.add(end);
        }
        for (int k = ends.size() - 1; k >= 0; k--) {
            int end = ends.get(k);
            sink.piece(from + startOf[end], from + end, idOf[end]);
        }
        return steps;
    }

    private void improve(double[] best, int[] startOf, int[] idOf, int start, int end, int id, double score) {
        double sum = float32 ? (float) (best[start] + score) : best[start] + score;
        if (startOf[end] < 0 || sum > best[end]) {
            best[end] = sum;
            startOf[end] = start;
            idOf[end] = id;
        }
    }
}
