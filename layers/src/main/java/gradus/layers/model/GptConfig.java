package gradus.layers.model;

import static gradus.error.ConfigException.require;

/// The size of a [Gpt].
///
/// @param vocabSize V, how many tokens there are
/// @param context   the longest sequence it sees
/// @param layers    L, how many blocks
/// @param heads     H, attention heads of a block
/// @param dim       C, channels; a multiple of heads
/// @param dropout   on embeddings and residual branches, in [0, 1)
public record GptConfig(int vocabSize, int context, int layers, int heads, int dim, double dropout) {

    /// @throws gradus.error.ConfigException if a value is out of range
    public GptConfig {
        require(vocabSize >= 1, "vocabSize must be at least 1; got %d", vocabSize);
        require(context >= 1, "context must be at least 1; got %d", context);
        require(layers >= 1, "layers must be at least 1; got %d", layers);
        require(heads >= 1, "heads must be at least 1; got %d", heads);
        require(dim >= 1, "dim must be at least 1; got %d", dim);
        require(dim % heads == 0, "dim must be divisible by heads; got dim=%d, heads=%d", dim, heads);
        require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1); got %s", dropout);
    }

    /// The smallest of GPT-2's four sizes: 124,439,808 parameters.
    public static GptConfig gpt2() {
        return new GptConfig(50_257, 1024, 12, 12, 768, 0.1);
    }

    public GptConfig withVocabSize(int vocabSize) {
        return new GptConfig(vocabSize, context, layers, heads, dim, dropout);
    }

    public GptConfig withContext(int context) {
        return new GptConfig(vocabSize, context, layers, heads, dim, dropout);
    }

    public GptConfig withLayers(int layers) {
        return new GptConfig(vocabSize, context, layers, heads, dim, dropout);
    }

    public GptConfig withHeads(int heads) {
        return new GptConfig(vocabSize, context, layers, heads, dim, dropout);
    }

    public GptConfig withDim(int dim) {
        return new GptConfig(vocabSize, context, layers, heads, dim, dropout);
    }

    public GptConfig withDropout(double dropout) {
        return new GptConfig(vocabSize, context, layers, heads, dim, dropout);
    }

    /// How many parameters a model of this size has: `V·C + context·C + L(12·C² + 13·C) + 2·C`.
    public long parameterCount() {
        long c = dim;
        return vocabSize * c + context * c + layers * (12 * c * c + 13 * c) + 2 * c;
    }
}
