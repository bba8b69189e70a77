package gradus.layers.model;

import static gradus.error.ConfigException.require;

/// The size of a [Gpt] and the parts its blocks are made of. With the six sizes alone it is GPT-2:
/// ```java
/// new GptConfig(65, 64, 4, 4, 128, 0.0)
///         .withAttention(new Attentions.GroupedQuery(2))
///         .withNorm(new Norms.Rms(1e-6))
/// ```
///
/// @param vocabSize   V, how many tokens there are
/// @param context     the longest sequence it sees
/// @param layers      L, how many blocks
/// @param heads       H, attention heads of a block
/// @param dim         C, channels; a multiple of heads
/// @param dropout     on embeddings and residual branches, in [0, 1)
/// @param attention   how positions look at each other
/// @param position    how the model learns where a token stands
/// @param norm        what keeps activations at one scale
/// @param feedForward what works on each position by itself
/// @param placement   whether a norm stands before its branch or after the sum
/// @param head        where the weights of the head come from
/// @param start       how the weights start
public record GptConfig(
        int vocabSize,
        int context,
        int layers,
        int heads,
        int dim,
        double dropout,
        AttentionChoice attention,
        PositionChoice position,
        NormChoice norm,
        FeedForwardChoice feedForward,
        Placement placement,
        Head head,
        Start start) {
    /// ε of GPT-2's norms.
    private static final double EPS = 1e-5;

    private static final AttentionChoice ATTENTION = new Attentions.MultiHead();
    private static final PositionChoice POSITION = new Positions.Learned();
    private static final NormChoice NORM = new Norms.Layer(EPS);
    private static final FeedForwardChoice FEED_FORWARD = new FeedForwards.Dense(FeedForwards.Function.GELU_TANH);

    /// A part that is null is GPT-2's.
    ///
    /// @throws gradus.error.ConfigException if a value is out of range
    public GptConfig {
        require(vocabSize >= 1, "vocabSize must be at least 1; got %d", vocabSize);
        require(context >= 1, "context must be at least 1; got %d", context);
        Depth.require(layers);
        require(heads >= 1, "heads must be at least 1; got %d", heads);
        require(dim >= 1, "dim must be at least 1; got %d", dim);
        require(dim % heads == 0, "dim must be divisible by heads; got dim=%d, heads=%d", dim, heads);
        require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1); got %s", dropout);
        attention = attention == null ? ATTENTION : attention;
        position = position == null ? POSITION : position;
        norm = norm == null ? NORM : norm;
        feedForward = feedForward == null ? FEED_FORWARD : feedForward;
        placement = placement == null ? Placement.PRE : placement;
        head = head == null ? Head.TIED : head;
        start = start == null ? Start.SMALL : start;
    }

    /// GPT-2 of any size.
    public GptConfig(int vocabSize, int context, int layers, int heads, int dim, double dropout) {
        this(vocabSize, context, layers, heads, dim, dropout, null, null, null, null, null, null, null);
    }

    /// The smallest of GPT-2's four sizes: 124,439,808 parameters.
    public static GptConfig gpt2() {
        return new GptConfig(50_257, 1024, 12, 12, 768, 0.1);
    }

    public GptConfig withVocabSize(int vocabSize) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withContext(int context) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withLayers(int layers) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withHeads(int heads) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withDim(int dim) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withDropout(double dropout) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withAttention(AttentionChoice attention) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withPosition(PositionChoice position) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withNorm(NormChoice norm) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withFeedForward(FeedForwardChoice feedForward) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withPlacement(Placement placement) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withHead(Head head) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    public GptConfig withStart(Start start) {
        return new GptConfig(
                vocabSize,
                context,
                layers,
                heads,
                dim,
                dropout,
                attention,
                position,
                norm,
                feedForward,
                placement,
                head,
                start);
    }

    /// How many parameters GPT-2 has at this size: `V·C + context·C + L(12·C² + 13·C) + 2·C`. Other parts have other
    /// counts, which [Gpt#parameterCount] tells.
    public long gpt2ParameterCount() {
        long c = dim;
        return vocabSize * c + context * c + layers * (12 * c * c + 13 * c) + 2 * c;
    }
}
