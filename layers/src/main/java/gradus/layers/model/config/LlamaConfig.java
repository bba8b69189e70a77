package gradus.layers.model.config;

import static gradus.error.ConfigException.require;

import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.RopeFrequencies;

/// The size of a [gradus.layers.model.Llama], a [gradus.layers.model.Qwen2] or a [gradus.layers.model.Mixtral].
///
/// @param vocabSize   V, how many tokens there are
/// @param context     the longest sequence it sees
/// @param layers      L, how many blocks
/// @param heads       H, query heads of a block
/// @param kvHeads     K, key and value heads; a divisor of heads
/// @param headDim     D, the size of a head, C/H in most models; even
/// @param dim         C, channels
/// @param hidden      F, hidden units of the feed-forward network
/// @param eps         ε of every norm
/// @param frequencies how fast the rotary embedding rotates
/// @param tied        whether the head is the token table again
/// @param reach       how far blocks look back
public record LlamaConfig(
        int vocabSize,
        int context,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int dim,
        int hidden,
        double eps,
        RopeFrequencies frequencies,
        boolean tied,
        Reach reach) {

    /// @throws gradus.error.ConfigException if a value is out of range
    public LlamaConfig {
        require(vocabSize >= 1, "vocabSize must be at least 1; got %d", vocabSize);
        require(context >= 1, "context must be at least 1; got %d", context);
        Depth.require(layers);
        require(heads >= 1, "heads must be at least 1; got %d", heads);
        require(kvHeads >= 1, "kvHeads must be at least 1; got %d", kvHeads);
        require(headDim >= 2 && headDim % 2 == 0, "headDim must be even, for pairs to rotate; got %d", headDim);
        require(dim >= 1, "dim must be at least 1; got %d", dim);
        require(hidden >= 1, "hidden must be at least 1; got %d", hidden);
        require(eps > 0 && Double.isFinite(eps), "eps must be above 0; got %s", eps);
        require(frequencies != null, "frequencies must be given; got null");
        require(reach != null, "reach must be given; Reach.WHOLE is everything before");
    }

    /// With blocks that see everything before.
    ///
    /// @throws gradus.error.ConfigException if a value is out of range
    public LlamaConfig(
            int vocabSize,
            int context,
            int layers,
            int heads,
            int kvHeads,
            int headDim,
            int dim,
            int hidden,
            double eps,
            RopeFrequencies frequencies,
            boolean tied) {
        this(vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, Reach.WHOLE);
    }

    /// Refuses values that do not fit each other. A model's constructor calls it; `with…` may come in any
    /// order before.
    ///
    /// @return this
    /// @throws gradus.error.ConfigException naming both values
    public LlamaConfig validate() {
        require(heads % kvHeads == 0, "heads must be divisible by kvHeads; got heads=%d, kvHeads=%d", heads, kvHeads);
        return this;
    }

    /// Heads that divide the channels, plain frequencies, ε = 1e-5, a head of its own.
    ///
    /// @throws gradus.error.ConfigException if a value is out of range
    public static LlamaConfig of(int dim, int heads, int layers) {
        require(heads >= 1 && dim % heads == 0, "dim must be divisible by heads; got dim=%d, heads=%d", dim, heads);
        return new LlamaConfig(
                32_000, 2048, layers, heads, heads, dim / heads, dim, 4 * dim, 1e-5, new PlainFrequencies(), false);
    }

    // --- published sizes

    /// Llama 2 7B: 6,738,415,616 parameters. Touvron et al. 2023, arXiv:2307.09288.
    public static LlamaConfig llama2Of7B() {
        return of(4096, 32, 32).withContext(4096).withHidden(11_008);
    }

    /// Llama 2 13B: 13,015,864,320 parameters.
    public static LlamaConfig llama2Of13B() {
        return of(5120, 40, 40).withContext(4096).withHidden(13_824);
    }

    /// Llama 2 70B: 68,976,648,192 parameters.
    public static LlamaConfig llama2Of70B() {
        return of(8192, 64, 80).withContext(4096).withKvHeads(8).withHidden(28_672);
    }

    /// Llama 3 8B: 8,030,261,248 parameters. Grattafiori et al. 2024, arXiv:2407.21783.
    public static LlamaConfig llama3Of8B() {
        return of(4096, 32, 32).withKvHeads(8).withHidden(14_336).asLlama3();
    }

    /// Llama 3 70B: 70,553,706,496 parameters.
    public static LlamaConfig llama3Of70B() {
        return llama2Of70B().asLlama3();
    }

    private LlamaConfig asLlama3() {
        return withVocabSize(128_256).withContext(8192).withFrequencies(new PlainFrequencies(500_000));
    }

    /// Llama 3.1 8B: Llama 3 8B, its slow frequencies stretched to 131,072 positions.
    public static LlamaConfig llama31Of8B() {
        return llama3Of8B()
                .withContext(131_072)
                .withFrequencies(new Llama3Scaling(500_000, 8, 8192, Llama3Scaling.Rotations.OF_LLAMA));
    }

    /// Qwen2 0.5B: 494,032,768 parameters. Yang et al. 2024, arXiv:2407.10671.
    public static LlamaConfig qwen2Of0_5B() {
        return of(896, 14, 24).withKvHeads(2).withHidden(4864).withTied(true).asQwen2();
    }

    /// Qwen2 1.5B: 1,543,714,304 parameters.
    public static LlamaConfig qwen2Of1_5B() {
        return of(1536, 12, 28).withKvHeads(2).withHidden(8960).withTied(true).asQwen2();
    }

    /// Qwen2 7B: 7,615,616,512 parameters.
    public static LlamaConfig qwen2Of7B() {
        return of(3584, 28, 28).withKvHeads(4).withHidden(18_944).asQwen2().withVocabSize(152_064);
    }

    /// Qwen2 72B: 72,706,203,648 parameters.
    public static LlamaConfig qwen2Of72B() {
        return of(8192, 64, 80).withKvHeads(8).withHidden(29_568).asQwen2().withVocabSize(152_064);
    }

    private LlamaConfig asQwen2() {
        return withVocabSize(151_936)
                .withContext(32_768)
                .withEps(1e-6)
                .withFrequencies(new PlainFrequencies(1_000_000));
    }

    /// Mixtral 8x7B, with 8 experts: 46,702,792,704 parameters. Jiang et al. 2024, arXiv:2401.04088.
    public static LlamaConfig mixtralOf8x7B() {
        return of(4096, 32, 32)
                .withContext(32_768)
                .withKvHeads(8)
                .withHidden(14_336)
                .withFrequencies(new PlainFrequencies(1_000_000));
    }

    // --- counting

    /// How many parameters a [gradus.layers.model.Llama] of this size has: `V·C` for each table, and L blocks of
    /// `2·C·D·(H + K) + 3·C·F + 2·C`, and a last norm of C.
    public long llamaParameters() {
        return decoderParameters(3L * dim * hidden);
    }

    /// How many a [gradus.layers.model.Qwen2] has: a Llama's and `L·D·(H + 2·K)` biases.
    public long qwen2Parameters() {
        return llamaParameters() + (long) layers * headDim * (heads + 2L * kvHeads);
    }

    /// How many a decoder has whose blocks have so many in their feed-forward part.
    public long decoderParameters(long feedForward) {
        long c = dim;
        long block = 2 * c * headDim * (heads + (long) kvHeads) + feedForward + 2 * c;
        return vocabSize * c * (tied ? 1 : 2) + layers * block + c;
    }

    // --- changing

    public LlamaConfig withVocabSize(int vocabSize) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withContext(int context) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withLayers(int layers) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withHeads(int heads) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withKvHeads(int kvHeads) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withHeadDim(int headDim) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withDim(int dim) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withHidden(int hidden) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withEps(double eps) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withFrequencies(RopeFrequencies frequencies) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withTied(boolean tied) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }

    public LlamaConfig withReach(Reach reach) {
        return new LlamaConfig(
                vocabSize, context, layers, heads, kvHeads, headDim, dim, hidden, eps, frequencies, tied, reach);
    }
}
