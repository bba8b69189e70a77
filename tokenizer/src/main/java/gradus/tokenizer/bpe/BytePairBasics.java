package gradus.tokenizer.bpe;

import gradus.tokenizer.pretokenize.PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.text.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Byte-pair encoding to read: the whole algorithm, slow and plain. `BpeTrainer` and `ByteLevelBpe` give the same
/// results a thousand times faster, and the tests hold them to this text.
///
/// **Training** counts every pair of neighbours in all words and merges the most frequent, again and again. Of
/// equally frequent pairs it takes the one that comes first in the corpus, as Karpathy's minbpe does.
/// **Encoding** replays the merges in the order of learning. **Decoding** glues the bytes together.
///
/// Sennrich, Haddow & Birch 2016, arXiv:1508.07909. Cost O(merges · corpus) to train and O(n²) per word to
/// encode.
public final class BytePairBasics {
    /// Two neighbouring ids.
    public record Pair(int left, int right) {}

    private final List<byte[]> vocabulary = new ArrayList<>(); // id → bytes
    private final Map<Pair, Integer> merges = new LinkedHashMap<>(); // pair → the id it becomes, in order of learning
    private final PreTokenizer preTokenizer;

    /// Learns `mergeCount` merges from the text, or fewer when no pair is left.
    public BytePairBasics(String text, int mergeCount, PreTokenizer preTokenizer) {
        this.preTokenizer = preTokenizer;
        for (int b = 0; b < 256; b++) {
            vocabulary.add(new byte[] {(byte) b});
        }
        List<List<Integer>> words = words(text);
        while (merges.size() < mergeCount) {
            Pair best = mostFrequent(words);
            if (best == null) {
                break;
            }
            int id = vocabulary.size();
            vocabulary.add(concatenate(vocabulary.get(best.left), vocabulary.get(best.right)));
            merges.put(best, id);
            words.forEach(word -> merge(word, best, id));
        }
    }

    private List<List<Integer>> words(String text) {
        byte[] utf8 = Utf8.encode(text);
        var words = new ArrayList<List<Integer>>();
        for (int from = 0; from < utf8.length; ) {
            int to = PreTokenizers.end(preTokenizer, utf8, from, utf8.length);
            var word = new ArrayList<Integer>();
            for (; from < to; from++) {
                word.add(utf8[from] & 0xFF);
            }
            words.add(word);
        }
        return words;
    }

    private static Pair mostFrequent(List<List<Integer>> words) {
        var counts = new LinkedHashMap<Pair, Integer>(); // in the order of the corpus, which settles ties
        for (List<Integer> word : words) {
            for (int i = 0; i + 1 < word.size(); i++) {
                counts.merge(new Pair(word.get(i), word.get(i + 1)), 1, Integer::sum);
            }
        }
        Pair best = null;
        for (Pair pair : counts.keySet()) {
            best = best == null || counts.get(pair) > counts.get(best) ? pair : best;
        }
        return best;
    }

    /// Replaces every occurrence of the pair, from left to right: `aaa` becomes `(aa) a`.
    private static void merge(List<Integer> word, Pair pair, int id) {
        for (int i = 0; i + 1 < word.size(); i++) {
            if (word.get(i) == pair.left && word.get(i + 1) == pair.right) {
                word.set(i, id);
                word.remove(i + 1);
            }
        }
    }

    private static byte[] concatenate(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    /// The ids of the text.
    public List<Integer> encode(String text) {
        var ids = new ArrayList<Integer>();
        for (List<Integer> word : words(text)) {
            merges.forEach((pair, id) -> merge(word, pair, id));
            ids.addAll(word);
        }
        return ids;
    }

    /// The text of the ids.
    public String decode(List<Integer> ids) {
        var bytes = new ByteArrayOutputStream();
        ids.forEach(id -> bytes.writeBytes(vocabulary.get(id)));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// The learned merges, each as the two byte strings it joins.
    public List<List<byte[]>> merges() {
        return merges.keySet().stream()
                .map(pair -> List.of(vocabulary.get(pair.left), vocabulary.get(pair.right)))
                .toList();
    }
}
