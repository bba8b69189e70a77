package gradus.train.run;

import static gradus.error.ConfigException.require;

import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.Placement;

/// How the settings of a model, which a run keeps, describe an encoder: its sizes are theirs, its parts are
/// BERT's, which are multi-head attention, learned positions, LayerNorm behind the sums, GELU and a head that
/// shares the token table.
public final class EncoderSize {
    private static final double EPS = 1e-12; // of BERT's norms

    private EncoderSize() {}

    /// The settings of an encoder, whose vocabulary follows from the data.
    public static GptConfig of(int context, int layers, int heads, int dim) {
        return new GptConfig(1, context, layers, heads, dim, 0.0)
                .withNorm(new Norms.Layer(EPS))
                .withFeedForward(new FeedForwards.Dense(FeedForwards.Function.GELU))
                .withPlacement(Placement.POST);
    }

    /// The encoder that they describe, with four times as many hidden units as channels and one segment.
    ///
    /// @throws gradus.error.ConfigException if a part is not BERT's
    public static BertConfig encoder(GptConfig size) {
        GptConfig plain = of(size.context(), size.layers(), size.heads(), size.dim())
                .withVocabSize(size.vocabSize())
                .withDropout(size.dropout());
        require(
                size.equals(plain),
                "an encoder's parts are BERT's; only its sizes can be set: vocabSize, context, layers, heads, dim and"
                        + " dropout");
        require(
                size.context() >= 3,
                "context must be at least 3, for [CLS], a token and [SEP]; got %d",
                size.context());
        return new BertConfig(
                        size.vocabSize(),
                        size.context(),
                        2,
                        size.layers(),
                        size.heads(),
                        size.dim(),
                        4 * size.dim(),
                        size.dropout(),
                        EPS)
                .validate();
    }
}
