package gradus.tokenizer.train;

import gradus.tokenizer.text.LongTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The words of a corpus as rows of symbols, and how often each pair of neighbours occurs; merges keep the
/// counts up to date.
///
/// `count(a, b) = Σ over words of occurrences of a b · count of the word`. A merge touches only the words
/// that hold the pair, and only the counts of its neighbours: with `x a b y → x (ab) y`, (x,a) and (b,y) lose
/// one, (x,ab) and (ab,y) gain one. Overlaps count, as in all implementations: `aaa` holds (a,a) twice,
/// though merging it happens once.
///
/// Cost of a merge: the total length of the words that hold the pair.
final class PairCounts {
    /// A pair and what is known of it.
    static final class Pair {
        final int left;
        final int right;
        long count;
        private int[] words = new int[2]; // all words that hold the pair, and some that no longer do
        private int size;
        private int alive; // no word before this place in `words` still holds the pair
        private boolean ascending = true;
        private boolean listed; // for a trainer that keeps a list of living pairs
        private int grownBy = -1; // the last merge that made the pair more frequent

        Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }

        /// Whether this is the first time that `merge` returns the pair since it was made or forgotten.
        boolean isNew() {
            boolean isNew = !listed;
            listed = true;
            return isNew;
        }

        void forget() {
            listed = false;
        }

        private void add(int word) {
            if (size > 0 && words[size - 1] == word) {
                alive = Math.min(alive, size - 1);
                return;
            }
            ascending &= size == 0 || words[size - 1] < word;
            if (size == words.length) {
                words = Arrays.copyOf(words, 2 * size);
            }
            words[size++] = word;
        }
    }

    private final Symbols symbols;
    private final int[] rows; // all words' symbols, one after another
    private final int[] starts; // word w is rows[starts[w], starts[w] + lengths[w])
    private final int[] lengths;
    private final long[] weights;
    private final LongTable indexes = new LongTable(1 << 12); // pair → index
    private final List<Pair> pairs = new ArrayList<>();
    private long[] symbolCounts;
    private int mergesDone;

    /// Starts from words given as rows of symbols.
    PairCounts(Symbols symbols, int[][] words, long[] weights) {
        this.symbols = symbols;
        this.weights = weights;
        starts = new int[words.length];
        lengths = new int[words.length];
        int total = 0;
        for (int w = 0; w < words.length; w++) {
            starts[w] = total;
            lengths[w] = words[w].length;
            total = Math.addExact(total, words[w].length);
        }
        rows = new int[total];
        symbolCounts = new long[Math.max(16, symbols.size())];
        for (int w = 0; w < words.length; w++) {
            System.arraycopy(words[w], 0, rows, starts[w], lengths[w]);
            for (int i = 0; i < lengths[w]; i++) {
                symbolCounts[words[w][i]] += weights[w];
                if (i + 1 < lengths[w]) {
                    Pair pair = pair(words[w][i], words[w][i + 1]);
                    pair.count += weights[w];
                    pair.add(w);
                }
            }
        }
    }

    /// All pairs there ever were, in the order of their first occurrence.
    List<Pair> pairs() {
        return pairs;
    }

    long symbolCount(int symbol) {
        return symbolCounts[symbol];
    }

    private Pair pair(int left, int right) {
        long key = LongTable.pair(left, right);
        int index = (int) indexes.get(key);
        if (index < 0) {
            index = pairs.size();
            indexes.put(key, index);
            pairs.add(new Pair(left, right));
        }
        return pairs.get(index);
    }

    /// Replaces the pair everywhere by `merged`; returns the pairs that have become more frequent.
    List<Pair> merge(Pair pair, int merged) {
        if (merged >= symbolCounts.length) {
            symbolCounts = Arrays.copyOf(symbolCounts, 2 * merged);
        }
        mergesDone++;
        var grown = new ArrayList<Pair>();
        for (int n = pair.alive; n < pair.size; n++) {
            mergeWord(pair.words[n], pair.left, pair.right, merged, grown);
        }
        pair.count = 0;
        pair.words = new int[2];
        pair.size = 0;
        pair.alive = 0;
        pair.ascending = true;
        return grown;
    }

    private void mergeWord(int word, int left, int right, int merged, List<Pair> grown) {
        int start = starts[word];
        int length = lengths[word];
        long weight = weights[word];
        int out = 0; // rows[start, start + out) is the word as it becomes
        for (int i = 0; i < length; i++) {
            int symbol = rows[start + i];
            if (symbol != left || i + 1 == length || rows[start + i + 1] != right) {
                rows[start + out++] = symbol;
                continue;
            }
            if (out > 0) {
                int before = rows[start + out - 1];
                pair(before, left).count -= weight;
                grow(pair(before, merged), word, grown);
            }
            if (i + 2 < length) {
                int after = rows[start + i + 2];
                pair(right, after).count -= weight;
                grow(pair(merged, after), word, grown);
            }
            symbolCounts[left] -= weight;
            symbolCounts[right] -= weight;
            symbolCounts[merged] += weight;
            rows[start + out++] = merged;
            i++;
        }
        lengths[word] = out;
    }

    private void grow(Pair pair, int word, List<Pair> grown) {
        pair.count += weights[word];
        pair.add(word);
        if (pair.grownBy != mergesDone) {
            pair.grownBy = mergesDone;
            grown.add(pair);
        }
    }

    /// Where a pair that occurs first does so now, `word << 32 | byte`; words are in the corpus's order.
    long firstSeen(Pair pair) {
        if (!pair.ascending) { // a symbol that came back has brought earlier words
            Arrays.sort(pair.words, 0, pair.size);
            pair.ascending = true;
            pair.alive = 0;
        }
        for (; pair.alive < pair.size; pair.alive++) {
            int word = pair.words[pair.alive];
            int offset = 0;
            for (int i = starts[word]; i + 1 < starts[word] + lengths[word]; i++) {
                if (rows[i] == pair.left && rows[i + 1] == pair.right) {
                    return (long) word << 32 | offset;
                }
                offset += symbols.bytes(rows[i]).length;
            }
        }
        throw new IllegalStateException("the pair occurs nowhere");
    }

    /// The word's symbols as they stand.
    int[] word(int w) {
        return Arrays.copyOfRange(rows, starts[w], starts[w] + lengths[w]);
    }
}
