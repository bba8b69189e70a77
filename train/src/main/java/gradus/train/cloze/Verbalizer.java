package gradus.train.cloze;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.EncoderTokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Which words stand for a label in the gap of a [Pattern]. A label's score is the mean of its words' logits; the
/// probabilities are the softmax of the labels' scores, so that all other words of the vocabulary do not matter:
/// `p(label) = softmax_label(mean_{w of label} logit_w)`. Schick & Schütze 2021, arXiv:2001.07676, section 3.1.
public final class Verbalizer {
    private final List<String> labels; // K
    private final int[] words; // of all labels, one after the other
    private final double[] mean; // (W, K), 1/n where a word is one of a label's n

    private Verbalizer(List<String> labels, int[] words, double[] mean) {
        this.labels = labels;
        this.words = words;
        this.mean = mean;
    }

    /// One word for each label.
    ///
    /// @throws gradus.error.ConfigException see [#of(SequencedMap, Tokenizer)]
    public static Verbalizer ofWords(SequencedMap<String, String> words, Tokenizer tokenizer) {
        SequencedMap<String, List<String>> lists = new LinkedHashMap<>();
        words.forEach((label, word) -> lists.put(label, List.of(word)));
        return of(lists, tokenizer);
    }

    /// @param words one or several for each label; each a single token
    /// @throws gradus.error.ConfigException if there are fewer than two labels, or a word is not one token, is a
    ///     control token, or stands for two labels
    public static Verbalizer of(SequencedMap<String, List<String>> words, Tokenizer tokenizer) {
        require(words.size() >= 2, "verbalizer: at least 2 labels must be given; got %s", words.keySet());
        EncoderTokens tokens = ControlTokens.of(tokenizer);
        Map<Integer, String> taken = new LinkedHashMap<>();
        List<Integer> counts = new ArrayList<>();
        words.forEach((label, own) -> {
            require(!own.isEmpty(), "verbalizer: label %s has no word", label);
            own.forEach(word -> {
                int id = token(label, word, tokenizer, tokens);
                String other = taken.put(id, label);
                require(other == null, "verbalizer: \"%s\" stands for %s and for %s", word, other, label);
            });
            counts.add(own.size());
        });
        double[] mean = new double[taken.size() * counts.size()];
        int word = 0;
        for (int label = 0; label < counts.size(); label++) {
            for (int i = 0; i < counts.get(label); i++) {
                mean[word++ * counts.size() + label] = 1.0 / counts.get(label);
            }
        }
        return new Verbalizer(
                List.copyOf(words.sequencedKeySet()),
                taken.keySet().stream().mapToInt(Integer::intValue).toArray(),
                mean);
    }

    private static int token(String label, String word, Tokenizer tokenizer, EncoderTokens tokens) {
        int[] ids = tokenizer.encode(word);
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(tokenizer.idToToken(id));
        }
        require(
                ids.length == 1 && !tokens.specials().contains(ids[0]),
                "verbalizer: \"%s\" of label %s must be one token of words; this tokenizer makes it %s",
                word,
                label,
                pieces);
        return ids[0];
    }

    /// The labels in their order.
    public List<String> labels() {
        return labels;
    }

    /// The scores of the labels.
    ///
    /// **Shapes** logits (B, V) → (B, K)
    public Tensor scores(Tensor logits) {
        Tensor own = logits.indexSelect(1, Indices.of(words)); // (B, W)
        if (words.length == labels.size()) {
            return own; // a word for each
        }
        Tensor weights = Tensor.of(mean, words.length, labels.size()).to(logits.dtype()); // (W, K)
        return own.matmul(weights); // (B, K)
    }
}
