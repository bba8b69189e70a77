package gradus.lessons.lab.material;

import static gradus.error.ConfigException.require;

import gradus.layers.model.config.GptConfig;

/// How large a GPT is.
///
/// @param layers L
/// @param heads  H
/// @param dim    C, channels
public record GptSize(int layers, int heads, int dim) {
    private static final int MATRICES = 12; // C² of a block: 3 + 1 of attention, 4 + 4 of the feed-forward layer
    private static final int NARROW = 48;
    private static final int MULTIPLE = 4;

    /// @throws gradus.error.ConfigException if the heads do not divide the channels
    public GptSize {
        require(dim % heads == 0, "the channels must be a multiple of the heads; got %s and %s", dim, heads);
    }

    /// Two layers; two heads below 48 channels, four from there.
    public static GptSize ofDim(int dim) {
        return new GptSize(2, dim < NARROW ? 2 : 4, dim);
    }

    /// The size with about so many weights, its channels a multiple of four.
    public static GptSize near(double parameters) {
        double dim = Math.sqrt(parameters / (2 * MATRICES));
        return ofDim((int) Math.max(MULTIPLE, MULTIPLE * Math.round(dim / MULTIPLE)));
    }

    /// N: the weights without tables, norms and biases, `12·L·C²`, as Kaplan et al. count them.
    public long parameters() {
        return (long) MATRICES * layers * dim * dim;
    }

    /// The model.
    public GptConfig config(int vocabulary, int context) {
        return new GptConfig(vocabulary, context, layers, heads, dim, 0);
    }
}
