package gradus.tokenizer.train;

import gradus.error.TokenizerException;
import gradus.tokenizer.corpus.Chunks;
import gradus.tokenizer.corpus.Progress;
import gradus.tokenizer.text.ByteStringTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The distinct pre-tokens of a corpus and how often each occurs, in the order of their first occurrence.
///
/// Training sees the corpus only through these counts: merges never cross a pre-token, so 10 MB of text shrink to
/// some 90,000 words, and each merge costs as much as the words it touches.
final class WordCounts {
    private final List<byte[]> words = new ArrayList<>();
    private final long[] counts;

    private WordCounts(List<byte[]> words, long[] counts) {
        this.words.addAll(words);
        this.counts = counts;
    }

    int size() {
        return words.size();
    }

    byte[] word(int n) {
        return words.get(n);
    }

    long count(int n) {
        return counts[n];
    }

    /// Words that are counted already, in the order of the map.
    static WordCounts of(Map<String, Long> counts) {
        return new WordCounts(
                counts.keySet().stream()
                        .map(w -> w.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                counts.values().stream().mapToLong(Long::longValue).toArray());
    }

    /// Feeds the words of a text to the counter.
    interface Splitter {
        void split(String text, Counter counter);
    }

    /// One thread's counts. A word's place is that of its first occurrence in what this thread has seen.
    static final class Counter {
        private final ByteStringTable words = new ByteStringTable(1 << 12);
        private long[] counts = new long[1 << 13];
        private long[] places = new long[1 << 13];
        private long place;

        void add(byte[] text, int from, int to) {
            int known = words.size();
            int n = words.add(text, from, to);
            if (n == known) {
                if (n == counts.length) {
                    counts = Arrays.copyOf(counts, 2 * n);
                    places = Arrays.copyOf(places, 2 * n);
                }
                counts[n] = 0;
                places[n] = place++;
            }
            counts[n]++;
        }
    }

    /// Counts the words of a corpus on several threads. Throws TokenizerException if there are none.
    static WordCounts count(
            Iterable<String> corpus, Chunks.Cut cut, Splitter splitter, int threads, Progress progress) {
        if (corpus == null) {
            throw new TokenizerException("train: expected a corpus; got null");
        }
        var counters = new Counter[threads];
        Arrays.setAll(counters, i -> new Counter());
        long[] done = {0};
        Chunks.forEach(
                corpus,
                cut,
                threads,
                (worker, chunk) -> {
                    Counter counter = counters[worker];
                    counter.place = chunk.index() << 32; // a chunk has less than 2^32 words
                    splitter.split(chunk.text(), counter);
                    return null;
                },
                (chunk, nothing) ->
                        progress.report("words", done[0] += chunk.text().length(), -1));
        return merge(counters);
    }

    /// Adds up the threads' counts; a word's place is its earliest.
    private static WordCounts merge(Counter[] counters) {
        Counter all = counters[0];
        for (int c = 1; c < counters.length; c++) {
            Counter one = counters[c];
            for (int n = 0; n < one.words.size(); n++) {
                byte[] word = one.words.get(n);
                all.place = one.places[n];
                all.add(word, 0, word.length);
                int at = all.words.find(word);
                all.counts[at] += one.counts[n] - 1;
                all.places[at] = Math.min(all.places[at], one.places[n]);
            }
            counters[c] = null;
        }
        Integer[] order = new Integer[all.words.size()];
        Arrays.setAll(order, n -> n);
        Arrays.sort(order, Comparator.comparingLong(n -> all.places[n]));
        if (order.length == 0) {
            throw new TokenizerException("train: the corpus is empty, so there is nothing to learn from");
        }
        return new WordCounts(
                Arrays.stream(order).map(all.words::get).toList(),
                Arrays.stream(order).mapToLong(n -> all.counts[n]).toArray());
    }
}
