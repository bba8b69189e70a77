package gradus.layers.model.config;

import static gradus.error.ConfigException.require;

/// The size of a [gradus.layers.model.Bert].
///
/// @param vocabSize V, how many tokens there are
/// @param context   the longest sequence it sees
/// @param types     how many kinds of segments are told apart
/// @param layers    L, how many blocks
/// @param heads     H, attention heads of a block
/// @param dim       C, channels; a multiple of heads
/// @param hidden    F, hidden units of the feed-forward network
/// @param dropout   on embeddings and residual branches, in [0, 1)
/// @param eps       ε of every norm
/// @param function  f of the feed-forward network and of the masked-token head; BERT's is exact GELU
public record BertConfig(
        int vocabSize,
        int context,
        int types,
        int layers,
        int heads,
        int dim,
        int hidden,
        double dropout,
        double eps,
        FeedForwards.Function function) {

    /// @throws gradus.error.ConfigException if a value is out of range
    public BertConfig {
        require(vocabSize >= 1, "vocabSize must be at least 1; got %d", vocabSize);
        require(context >= 1, "context must be at least 1; got %d", context);
        require(types >= 1, "types must be at least 1; got %d", types);
        Depth.require(layers);
        require(heads >= 1, "heads must be at least 1; got %d", heads);
        require(dim >= 1, "dim must be at least 1; got %d", dim);
        require(hidden >= 1, "hidden must be at least 1; got %d", hidden);
        require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1); got %s", dropout);
        require(eps > 0 && Double.isFinite(eps), "eps must be above 0; got %s", eps);
        require(function != null, "function must be given; BERT's is GELU");
    }

    /// With exact GELU.
    ///
    /// @throws gradus.error.ConfigException if a value is out of range
    public BertConfig(
            int vocabSize,
            int context,
            int types,
            int layers,
            int heads,
            int dim,
            int hidden,
            double dropout,
            double eps) {
        this(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, FeedForwards.Function.GELU);
    }

    /// Refuses values that do not fit each other. A model's constructor calls it; `with…` may come in any
    /// order before.
    ///
    /// @return this
    /// @throws gradus.error.ConfigException naming both values
    public BertConfig validate() {
        require(dim % heads == 0, "dim must be divisible by heads; got dim=%d, heads=%d", dim, heads);
        return this;
    }

    /// BERT-base, uncased: 109,482,240 parameters with the pooler.
    public static BertConfig base() {
        return new BertConfig(30_522, 512, 2, 12, 12, 768, 3072, 0.1, 1e-12);
    }

    /// all-MiniLM-L6-v2, a small encoder of sentences: 22,713,216 parameters with the pooler.
    public static BertConfig miniLm() {
        return base().withLayers(6).withDim(384).withHidden(1536);
    }

    public BertConfig withVocabSize(int vocabSize) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withContext(int context) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withTypes(int types) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withLayers(int layers) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withHeads(int heads) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withDim(int dim) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withHidden(int hidden) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withDropout(double dropout) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withEps(double eps) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    public BertConfig withFunction(FeedForwards.Function function) {
        return new BertConfig(vocabSize, context, types, layers, heads, dim, hidden, dropout, eps, function);
    }

    /// How many parameters the encoder has, without a pooler: the tables and their norm,
    /// `(V + context + types + 2)·C`, and L blocks of `4·(C² + C) + 2·C·F + F + C + 4·C`.
    public long encoderParameters() {
        long c = dim;
        long f = hidden;
        long block = 4 * (c * c + c) + 2 * c * f + f + c + 4 * c;
        return ((long) vocabSize + context + types + 2) * c + layers * block;
    }

    /// How many parameters a [gradus.layers.model.Bert] has: the encoder and a pooler of `C² + C`.
    public long parameterCount() {
        return encoderParameters() + (long) dim * dim + dim;
    }

    /// How many parameters a [gradus.layers.model.BertMaskedLm] has: the encoder and a head of `C² + C + 2·C
    /// + V`.
    public long maskedLmParameters() {
        return encoderParameters() + (long) dim * dim + 3L * dim + vocabSize;
    }
}
