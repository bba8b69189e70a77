package gradus.tokenizer.train;

import gradus.tokenizer.corpus.Progress;
import java.util.ArrayList;
import java.util.List;

/// The loop of byte-pair training: merge the most frequent pair until the vocabulary is full or no pair is left.
/// Byte-level BPE and Hugging Face's WordPiece trainer share it.
final class MergeTrainer {
    /// A learned merge, in symbols.
    record Learned(PairCounts.Pair pair, int merged) {}

    private MergeTrainer() {}

    /// Learns merges until there are `size` symbols. Ends early when the
    /// most frequent pair occurs less than `minFrequency` times, or no pair is left.
    static List<Learned> learn(
            Symbols symbols, PairCounts counts, TieRule ties, int size, long minFrequency, Progress progress) {
        var queue = new MergeQueue(counts, symbols, ties);
        var merges = new ArrayList<Learned>();
        int start = symbols.size();
        while (symbols.size() < size) {
            PairCounts.Pair pair = queue.next();
            if (pair == null || pair.count < minFrequency) {
                warnOfEarlyEnd(symbols.size(), size);
                break;
            }
            int merged = symbols.merged(pair.left, pair.right);
            queue.addAll(counts.merge(pair, merged));
            merges.add(new Learned(pair, merged));
            if (merges.size() % 256 == 0) {
                progress.report("merges", symbols.size() - start, size - start);
            }
        }
        progress.report("merges", symbols.size() - start, symbols.size() - start);
        return merges;
    }

    static void warnOfEarlyEnd(int tokens, int wanted) {
        System.getLogger("gradus.tokenizer")
                .log(
                        System.Logger.Level.WARNING,
                        "the corpus ran out of pairs: {0} tokens of {1}, special tokens not counted",
                        Integer.toString(tokens),
                        Integer.toString(wanted));
    }
}
