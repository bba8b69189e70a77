package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Hides tokens of a sequence for a model to guess. Of n tokens that are no control tokens `max(1, ⌊p·n + ½⌋)`
/// are chosen, each as likely as any other. Of the chosen ones 80 % become `[MASK]`, 10 % another token by
/// chance, 10 % stay as they are, so that the model cannot rely on what it reads. Devlin et al. 2018,
/// arXiv:1810.04805, section 3.1.
///
/// The token by chance is never a control token, which in the original it may be.
///
/// @param tokens which tokens are control tokens
/// @param share  p, in (0, 1]; 0.15 in the paper
public record Masking(EncoderTokens tokens, double share) {
    /// p of the paper.
    public static final double USUAL_SHARE = 0.15;

    private static final double MASKED = 0.8;
    private static final double REPLACED = 0.9; // up to here, from MASKED on

    /// What a model reads, and what it is to guess.
    ///
    /// @param inputs the sequence with tokens hidden
    /// @param labels the hidden token, or [CrossEntropy#IGNORE_INDEX] where none is to be guessed
    public record Masked(int[] inputs, int[] labels) {}

    /// @throws gradus.error.ConfigException if the share is out of range
    public Masking {
        require(share > 0 && share <= 1, "the share of masked tokens must be in (0, 1]; got %s", share);
    }

    /// With p = 0.15.
    public Masking(EncoderTokens tokens) {
        this(tokens, USUAL_SHARE);
    }

    /// Hides tokens of a sequence. The same numbers hide the same ones.
    ///
    /// @param ids is not changed; without any token that may be hidden nothing is
    public Masked of(int[] ids, Rng rng) {
        int[] inputs = ids.clone();
        int[] labels = new int[ids.length];
        Arrays.fill(labels, CrossEntropy.IGNORE_INDEX);
        int[] places = IntStream.range(0, ids.length)
                .filter(place -> !tokens.specials().contains(ids[place]))
                .toArray();
        int count = places.length == 0 ? 0 : Math.max(1, (int) Math.floor(share * places.length + 0.5));
        Rng picks = rng.at("places");
        Rng kinds = rng.at("kinds");
        Rng words = rng.at("words");
        for (int i = 0; i < count; i++) {
            int j = i + picks.index(i, places.length - i); // Fisher and Yates, as far as it is needed
            int place = places[j];
            places[j] = places[i];
            labels[place] = ids[place];
            double kind = kinds.uniform(i);
            if (kind < MASKED) {
                inputs[place] = tokens.mask();
            } else if (kind < REPLACED) {
                inputs[place] = tokens.words()[words.index(i, tokens.words().length)];
            }
        }
        return new Masked(inputs, labels);
    }
}
