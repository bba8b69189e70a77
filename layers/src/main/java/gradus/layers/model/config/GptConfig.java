package gradus.layers.model.config;

import static gradus.error.ConfigException.require;

import java.util.function.Consumer;

/// The size of a [gradus.layers.model.Gpt] and the parts its blocks are made of. Each value is checked when
/// it is set. Whether the values fit together is checked by [#validate], when a model is built. With the six
/// sizes alone it is GPT-2:
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
/// @param cache       what generation keeps of earlier positions
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
        Start start,
        CacheKind cache) {
    /// ε of GPT-2's norms.
    private static final double EPS = 1e-5;

    private static final AttentionChoice ATTENTION = new Attentions.MultiHead();
    private static final PositionChoice POSITION = new Positions.Learned();
    private static final NormChoice NORM = new Norms.Layer(EPS);
    private static final FeedForwardChoice FEED_FORWARD = new FeedForwards.Dense(FeedForwards.Function.GELU_TANH);

    /// Null for a part means the part that GPT-2 has.
    ///
    /// @throws gradus.error.ConfigException if a value is out of range
    public GptConfig {
        require(vocabSize >= 1, "vocabSize must be at least 1; got %d", vocabSize);
        require(context >= 1, "context must be at least 1; got %d", context);
        Depth.require(layers);
        require(heads >= 1, "heads must be at least 1; got %d", heads);
        require(dim >= 1, "dim must be at least 1; got %d", dim);
        require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1); got %s", dropout);
        attention = attention == null ? ATTENTION : attention;
        position = position == null ? POSITION : position;
        norm = norm == null ? NORM : norm;
        feedForward = feedForward == null ? FEED_FORWARD : feedForward;
        placement = placement == null ? Placement.PRE : placement;
        head = head == null ? Head.TIED : head;
        start = start == null ? Start.SMALL : start;
        cache = cache == null ? CacheKind.FULL : cache;
    }

    /// Throws if values do not fit together. [gradus.layers.model.Gpt] calls this, so the `with…` methods may
    /// be called in any order.
    ///
    /// @return this
    /// @throws gradus.error.ConfigException naming both values
    public GptConfig validate() {
        require(dim % heads == 0, "dim must be divisible by heads; got dim=%d, heads=%d", dim, heads);
        require(
                cache == CacheKind.FULL || attention instanceof Attentions.SlidingWindow,
                "a rolling cache forgets what no further query sees, so attention must be a sliding window; got %s",
                attention);
        return this;
    }

    /// GPT-2 of any size.
    public GptConfig(int vocabSize, int context, int layers, int heads, int dim, double dropout) {
        this(vocabSize, context, layers, heads, dim, dropout, null, null, null, null, null, null, null, null);
    }

    /// The smallest of GPT-2's four sizes: 124,439,808 parameters.
    public static GptConfig gpt2() {
        return new GptConfig(50_257, 1024, 12, 12, 768, 0.1);
    }

    public GptConfig withVocabSize(int vocabSize) {
        return with(draft -> draft.vocabSize = vocabSize);
    }

    public GptConfig withContext(int context) {
        return with(draft -> draft.context = context);
    }

    public GptConfig withLayers(int layers) {
        return with(draft -> draft.layers = layers);
    }

    public GptConfig withHeads(int heads) {
        return with(draft -> draft.heads = heads);
    }

    public GptConfig withDim(int dim) {
        return with(draft -> draft.dim = dim);
    }

    public GptConfig withDropout(double dropout) {
        return with(draft -> draft.dropout = dropout);
    }

    public GptConfig withAttention(AttentionChoice attention) {
        return with(draft -> draft.attention = attention);
    }

    public GptConfig withPosition(PositionChoice position) {
        return with(draft -> draft.position = position);
    }

    public GptConfig withNorm(NormChoice norm) {
        return with(draft -> draft.norm = norm);
    }

    public GptConfig withFeedForward(FeedForwardChoice feedForward) {
        return with(draft -> draft.feedForward = feedForward);
    }

    public GptConfig withPlacement(Placement placement) {
        return with(draft -> draft.placement = placement);
    }

    public GptConfig withHead(Head head) {
        return with(draft -> draft.head = head);
    }

    public GptConfig withStart(Start start) {
        return with(draft -> draft.start = start);
    }

    public GptConfig withCache(CacheKind cache) {
        return with(draft -> draft.cache = cache);
    }

    /// How many parameters GPT-2 has at this size: `V·C + context·C + L(12·C² + 13·C) + 2·C`. Other parts have
    /// other counts, which [gradus.layers.model.Gpt#parameterCount] tells.
    public long gpt2ParameterCount() {
        long c = dim;
        return vocabSize * c + context * c + layers * (12 * c * c + 13 * c) + 2 * c;
    }

    private GptConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /// A configuration with one field about to change.
    private static final class Draft {
        private int vocabSize;
        private int context;
        private int layers;
        private int heads;
        private int dim;
        private double dropout;
        private AttentionChoice attention;
        private PositionChoice position;
        private NormChoice norm;
        private FeedForwardChoice feedForward;
        private Placement placement;
        private Head head;
        private Start start;
        private CacheKind cache;

        Draft(GptConfig from) {
            vocabSize = from.vocabSize();
            context = from.context();
            layers = from.layers();
            heads = from.heads();
            dim = from.dim();
            dropout = from.dropout();
            attention = from.attention();
            position = from.position();
            norm = from.norm();
            feedForward = from.feedForward();
            placement = from.placement();
            head = from.head();
            start = from.start();
            cache = from.cache();
        }

        GptConfig finish() {
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
                    start,
                    cache);
        }
    }
}
