package gradus.tokenizer.train;

import gradus.tokenizer.WordPiece;
import gradus.tokenizer.corpus.Progress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// WordPiece training by likelihood: merge the pair whose joining raises the likelihood of the corpus most,
///
/// `score(a, b) = count(ab) / (count(a) · count(b))`.
///
/// A frequent pair of frequent parts (`##e ##s`) scores low; parts that seldom stand apart score high.
/// Schuster & Nakajima 2012; the score as the Hugging Face course gives it, chapter 6 (Google's own trainer
/// was never released).
///
/// Scores are compared by cross-multiplying whole numbers, so no rounding decides; equal scores go to the
/// pair that comes first in the corpus. Every merge changes the scores of all pairs that share a part with
/// it, so each step looks at all pairs: O(pairs) a merge.
///
/// Ids: special tokens, the alphabet in order, merges. The alphabet is the characters that begin words and,
/// marked `##`, those inside.
public final class WordPieceLikelihoodTrainer extends WordPieceTrainer {
    public WordPieceLikelihoodTrainer(WordPieceTrainerOptions options) {
        this(options, Runtime.getRuntime().availableProcessors(), Progress.NONE);
    }

    public WordPieceLikelihoodTrainer(WordPieceTrainerOptions options, int threads, Progress progress) {
        super(options, threads, progress);
    }

    @Override
    WordPiece learn(WordPieceCorpus corpus) {
        var symbols = new Symbols(WordPieceCorpus.PREFIX);
        var alphabet = new ArrayList<>(corpus.first);
        corpus.inner.forEach(character -> alphabet.add(WordPieceCorpus.PREFIX + character));
        alphabet.sort(null);
        WordPieceCorpus.addAlphabet(symbols, alphabet, options);
        PairCounts counts = corpus.pairCounts(symbols);
        var alive = new ArrayList<>(counts.pairs());
        alive.forEach(PairCounts.Pair::isNew); // they are listed
        int start = symbols.size();
        int size = options.vocabularySize() - options.specialTokens().size();
        while (symbols.size() < size) {
            PairCounts.Pair best = best(counts, alive);
            if (best == null) {
                MergeTrainer.warnOfEarlyEnd(symbols.size(), size);
                break;
            }
            for (PairCounts.Pair pair : counts.merge(best, symbols.merged(best.left, best.right))) {
                if (pair.isNew()) {
                    alive.add(pair);
                }
            }
            if (symbols.size() % 64 == 0) {
                progress.report("merges", symbols.size() - start, size - start);
            }
        }
        return WordPieceCorpus.tokenizer(symbols, options);
    }

    /// The pair of the highest score; drops pairs that are gone.
    private PairCounts.Pair best(PairCounts counts, List<PairCounts.Pair> alive) {
        PairCounts.Pair best = null;
        int kept = 0;
        for (PairCounts.Pair pair : alive) {
            if (pair.count <= 0) {
                pair.forget();
                continue;
            }
            alive.set(kept++, pair);
            if (pair.count < options.minFrequency()) {
                continue;
            }
            int order = best == null ? 1 : compareScores(counts, pair, best);
            if (order > 0 || order == 0 && counts.firstSeen(pair) < counts.firstSeen(best)) {
                best = pair;
            }
        }
        alive.subList(kept, alive.size()).clear();
        return best;
    }

    /// Compares `p / (pl · pr)` with `q / (ql · qr)` as `p · ql · qr` with `q · pl · pr`.
    static int compareScores(PairCounts counts, PairCounts.Pair p, PairCounts.Pair q) {
        long pl = counts.symbolCount(p.left);
        long pr = counts.symbolCount(p.right);
        long ql = counts.symbolCount(q.left);
        long qr = counts.symbolCount(q.right);
        double left = (double) p.count * ql * qr;
        double right = (double) q.count * pl * pr;
        if (Math.abs(left - right) > 1e-12 * Math.max(left, right)) { // far beyond what rounding can do
            return Double.compare(left, right);
        }
        return product(p.count, ql, qr).compareTo(product(q.count, pl, pr));
    }

    private static BigInteger product(long a, long b, long c) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).multiply(BigInteger.valueOf(c));
    }
}
