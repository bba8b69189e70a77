package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.Arrays;

/// A language model whose head gives a whole sequence one number, its score: `r = w·h`, from the state h of its
/// **last token**, the only one that has seen all others. Padding behind it has states too, and none of them
/// counts. Ouyang et al. 2022, arXiv:2203.02155, section 3.5.
///
/// The head is called `score`, as in Hugging Face's `…ForSequenceClassification` with one label, and has no
/// bias: a constant added to all scores changes no comparison.
public final class RewardModel extends Layer {
    private final LanguageModel model;
    private final Linear score; // (B, C) → (B, 1)

    /// @param model whose own head is not used; it is this model's part from now on, and learns with it
    /// @param rng   random numbers for the head: normal with the deviation `1/√(C+1)`, as in Stiennon et al.
    ///     2020, arXiv:2009.01325
    /// @throws gradus.error.ConfigException if what a token sees depends on what follows it, or if virtual
    ///     tokens stand before the first
    public RewardModel(LanguageModel model, Rng rng) {
        require(
                model.cacheable() && model.virtualTokens() == 0,
                "RewardModel: %s cannot be scored at its last token: padding or virtual tokens would move it",
                model.getClass().getSimpleName());
        this.model = child("model", model);
        int dim = model.channels();
        this.score = child("score", new Linear(dim, 1, false, rng.at("score")));
        Tensor weight = score.parameters().getFirst();
        double[] values = new double[dim];
        for (int i = 0; i < dim; i++) {
            values[i] = rng.at("score").gaussian(i) / Math.sqrt(dim + 1);
        }
        try (var pause = Autograd.noGrad()) {
            weight.set(values);
        }
    }

    /// The score of each sequence.
    ///
    /// **Shapes** ids (B, T) → (B)
    ///
    /// @param lengths how many tokens each sequence has, 1 to T; what stands behind them is padding
    /// @throws gradus.error.ConfigException if a length is out of range or missing
    public Tensor forward(Indices ids, int... lengths) {
        require(ids.shape().rank() == 2, "RewardModel: ids must be (B, T); got %s", ids.shape());
        int time = ids.shape().dim(1);
        require(
                lengths.length == ids.shape().dim(0)
                        && Arrays.stream(lengths).allMatch(length -> length >= 1 && length <= time),
                "RewardModel: each of the %d sequences must have a length of 1 to %d; got %s",
                ids.shape().dim(0),
                time,
                Arrays.toString(lengths));
        Tensor states = model.hiddenStates(ids); // (B, T, C)
        int[] last = new int[lengths.length];
        for (int b = 0; b < last.length; b++) {
            last[b] = b * time + lengths[b] - 1;
        }
        Tensor ends = states.reshape(ids.size(), states.dim(2)).indexSelect(0, Indices.of(last)); // (B, C)
        return hooked(score.forward(ends).reshape(lengths.length)); // (B)
    }

    /// How many tokens each row has up to its last one that is not padding, at least 1: where Hugging Face's
    /// `…ForSequenceClassification` looks for a row's last token. A token that texts have too may be the
    /// padding, such as the one that ends them; then it is never the one that is scored.
    ///
    /// **Shapes** ids (B, T)
    ///
    /// @param padding the token that rows are filled up with
    public static int[] lengths(Indices ids, int padding) {
        int time = ids.shape().dim(1);
        int[] lengths = new int[ids.shape().dim(0)];
        for (int b = 0; b < lengths.length; b++) {
            lengths[b] = time;
            while (lengths[b] > 1 && ids.get(b * time + lengths[b] - 1) == padding) {
                lengths[b]--;
            }
        }
        return lengths;
    }

    /// The language model under the head.
    public LanguageModel model() {
        return model;
    }
}
