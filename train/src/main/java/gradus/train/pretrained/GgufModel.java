package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.LlamaConfig;
import gradus.layers.model.Norms;
import gradus.layers.model.Qwen2;
import gradus.layers.model.Reach;
import gradus.layers.model.RmsDecoder;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import gradus.tensor.Autograd;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tokenizer.TokenizerPipeline;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.GgufWriter;
import gradus.train.checkpoint.Weights;
import java.nio.file.Path;
import java.util.function.Supplier;

/// A language model and its tokenizer in one GGUF file, which llama.cpp and what is built on it run: [Gpt]
/// with GPT-2's parts, [Llama] and [Qwen2].
///
/// @param model     in evaluation
/// @param tokenizer its tokenizer
public record GgufModel(LanguageModel model, TokenizerPipeline tokenizer) {
    /// A model of Llama's parts is taken for a Llama.
    public GgufModel {
        model = (LanguageModel) Composed.published(model);
    }

    // --- writing

    /// Writes a model.
    ///
    /// @param type what matrices are stored in; norms, biases and position tables stay F32
    /// @throws CheckpointMismatchException     if llama.cpp has no such model or tokenizer, or the two do not
    ///                                         fit
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public void write(Path file, GgufType type) {
        if (model instanceof RmsDecoder decoder && !decoder.config().reach().equals(Reach.WHOLE)) {
            throw new CheckpointMismatchException("GGUF files of this kind of model have no word for "
                    + decoder.config().reach());
        }
        if (tokenizer.vocabularySize() > model.vocabSize()) {
            throw new CheckpointMismatchException("the tokenizer has %s tokens, the model %s; they belong to different"
                            .formatted(tokenizer.vocabularySize(), model.vocabSize())
                    + " models"); // BAD-INPUT 133
        }
        GgufNames names = GgufNames.of(model);
        GgufWriter out = new GgufWriter();
        out.put("general.architecture", names.architecture)
                .put("general.file_type", type.fileType())
                .put(names.architecture + ".context_length", model.context())
                .put(names.architecture + ".vocab_size", model.vocabSize());
        switch (model) {
            case Gpt gpt -> describe(gpt, out);
            case RmsDecoder decoder -> describe(decoder.config(), names.architecture + ".", out);
            default -> throw new AssertionError(model);
        }
        GgufTokenizer.write(out, tokenizer, model.vocabSize());
        model.namedParameters().forEach((own, tensor) -> {
            boolean whole = tensor.rank() == 1 || own.startsWith("wpe.");
            out.tensor(
                    names.fileName(own),
                    tensor.shape().dims(),
                    whole ? GgufType.F32 : type,
                    () -> names.exchanged(own) ? exchanged(own, tensor) : tensor);
        });
        if (model instanceof Gpt gpt) { // llama.cpp looks for a head of its own
            Tensor table = gpt.namedParameters().get("wte.weight");
            out.tensor("output.weight", table.shape().dims(), type, () -> table);
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            out.write(file);
        }
    }

    private Tensor exchanged(String own, Tensor tensor) {
        return GgufNames.toNeighbours(tensor, heads(own, ((RmsDecoder) model).config()));
    }

    private static int heads(String own, LlamaConfig config) {
        return own.contains(".q_proj.") ? config.heads() : config.kvHeads();
    }

    private static void describe(Gpt gpt, GgufWriter out) {
        GptConfig config = gpt.config();
        Norms.Layer norm = PublishedGpt2.requireGpt2(config);
        out.put("gpt2.embedding_length", config.dim())
                .put("gpt2.block_count", config.layers())
                .put("gpt2.feed_forward_length", 4 * config.dim())
                .put("gpt2.attention.head_count", config.heads())
                .put("gpt2.attention.layer_norm_epsilon", norm.eps());
    }

    private static void describe(LlamaConfig config, String at, GgufWriter out) {
        out.put(at + "embedding_length", config.dim())
                .put(at + "block_count", config.layers())
                .put(at + "feed_forward_length", config.hidden())
                .put(at + "attention.head_count", config.heads())
                .put(at + "attention.head_count_kv", config.kvHeads())
                .put(at + "attention.key_length", config.headDim())
                .put(at + "attention.value_length", config.headDim())
                .put(at + "attention.layer_norm_rms_epsilon", config.eps())
                .put(at + "rope.dimension_count", config.headDim());
        switch (config.frequencies()) {
            case PlainFrequencies plain -> out.put(at + "rope.freq_base", plain.base());
            case PositionInterpolation linear ->
                out.put(at + "rope.freq_base", linear.base())
                        .put(at + "rope.scaling.type", "linear")
                        .put(at + "rope.scaling.factor", linear.scale());
            case Yarn yarn
            when yarn.turns().equals(Yarn.Turns.OF_PAPER) ->
                out.put(at + "rope.freq_base", yarn.base())
                        .put(at + "rope.scaling.type", "yarn")
                        .put(at + "rope.scaling.factor", yarn.scale())
                        .put(at + "rope.scaling.original_context_length", yarn.trainedLength());
            case Llama3Scaling llama3 -> {
                out.put(at + "rope.freq_base", llama3.base());
                Supplier<Tensor> divisors = () -> divisors(llama3, config.headDim());
                out.tensor("rope_freqs.weight", new int[] {config.headDim() / 2}, GgufType.F32, divisors);
            }
            default ->
                throw new CheckpointMismatchException(
                        "GGUF cannot tell the frequencies of " + config.frequencies() + " yet");
        }
    }

    /// How much slower each pair turns than without scaling.
    private static Tensor divisors(Llama3Scaling scaling, int headDim) {
        double[] plain = new PlainFrequencies(scaling.base()).angles(headDim, 1);
        double[] slowed = scaling.angles(headDim, 1);
        float[] divisors = new float[plain.length];
        for (int i = 0; i < divisors.length; i++) {
            divisors[i] = (float) (plain[i] / slowed[i]);
        }
        return Tensor.of(divisors, divisors.length); // (D/2)
    }

    // --- reading

    /// Reads what [#write] or llama.cpp's converter wrote; quantised weights are widened.
    ///
    /// @throws gradus.error.DataException  if there is no such file
    /// @throws CorruptCheckpointException  if it is damaged
    /// @throws CheckpointMismatchException if it holds another kind of model or tokenizer
    public static GgufModel read(Path path) {
        Gguf file = Gguf.open(path);
        String architecture = file.text("general.architecture");
        GgufNames names = switch (architecture) {
            case "gpt2" -> GgufNames.GPT2;
            case "llama" -> GgufNames.LLAMA;
            case "qwen2" -> GgufNames.QWEN2;
            default ->
                throw new CheckpointMismatchException(
                        "%s: the architecture \"%s\" is not known; gpt2, llama and qwen2 are"
                                .formatted(path, architecture));
        };
        TokenizerPipeline tokenizer = GgufTokenizer.read(file);
        LanguageModel model;
        try {
            model = names == GgufNames.GPT2 ? gpt2(file) : decoder(file, names);
        } catch (ConfigException outOfRange) {
            throw new CorruptCheckpointException(path + ": " + outOfRange.getMessage(), outOfRange);
        }
        Weights.load(new GgufTensors(file, names, model), model);
        model.eval();
        return new GgufModel(model, tokenizer);
    }

    private static Gpt gpt2(Gguf file) {
        GptConfig config = new GptConfig(
                        vocabSize(file),
                        file.size("gpt2.context_length"),
                        blocks(file, "gpt2."),
                        file.size("gpt2.attention.head_count"),
                        file.size("gpt2.embedding_length"),
                        0)
                .withNorm(new Norms.Layer(file.number("gpt2.attention.layer_norm_epsilon")));
        GgufTensors.require(file, "token_embd.weight", config.vocabSize(), config.dim());
        GgufTensors.require(file, "position_embd.weight", config.context(), config.dim());
        for (int i = config.layers() - 1; i >= 0; i--) {
            GgufTensors.require(file, "blk." + i + ".ffn_up.weight", 4L * config.dim(), config.dim());
        }
        return new Gpt(config, Rng.of(0));
    }

    private static RmsDecoder decoder(Gguf file, GgufNames names) {
        String at = names.architecture + ".";
        int heads = file.size(at + "attention.head_count");
        int dim = file.size(at + "embedding_length");
        String kv = at + "attention.head_count_kv";
        String size = at + "attention.key_length";
        LlamaConfig config = new LlamaConfig(
                vocabSize(file),
                file.size(at + "context_length"),
                blocks(file, at),
                heads,
                file.has(kv) ? file.size(kv) : heads,
                file.has(size) ? file.size(size) : Math.max(1, dim / heads),
                dim,
                file.size(at + "feed_forward_length"),
                file.number(at + "attention.layer_norm_rms_epsilon"),
                frequencies(file, at),
                !file.names().contains("output.weight"));
        GgufTensors.require(file, "token_embd.weight", config.vocabSize(), dim);
        for (int i = config.layers() - 1; i >= 0; i--) {
            String block = "blk." + i + ".";
            GgufTensors.require(file, block + "attn_q.weight", (long) heads * config.headDim(), dim);
            GgufTensors.require(file, block + "attn_k.weight", (long) config.kvHeads() * config.headDim(), dim);
            GgufTensors.require(file, block + "ffn_up.weight", config.hidden(), dim);
        }
        return names == GgufNames.LLAMA ? new Llama(config, Rng.of(0)) : new Qwen2(config, Rng.of(0));
    }

    /// How many tokens the model has, by its table: the key is not always there.
    private static int vocabSize(Gguf file) {
        return (int) Math.min(Integer.MAX_VALUE, file.shape("token_embd.weight")[0]);
    }

    private static int blocks(Gguf file, String at) {
        return file.size(at + "block_count");
    }

    private static RopeFrequencies frequencies(Gguf file, String at) {
        if (file.names().contains("rope_freqs.weight")) {
            throw new CheckpointMismatchException(
                    file.origin() + ": frequencies of its own (rope_freqs.weight) are not read yet");
        }
        double base = file.has(at + "rope.freq_base") ? file.number(at + "rope.freq_base") : PlainFrequencies.BASE;
        String type = file.has(at + "rope.scaling.type") ? file.text(at + "rope.scaling.type") : "none";
        return switch (type) {
            case "none" -> new PlainFrequencies(base);
            case "linear" -> new PositionInterpolation(base, file.number(at + "rope.scaling.factor"));
            case "yarn" ->
                new Yarn(
                        base,
                        file.number(at + "rope.scaling.factor"),
                        file.size(at + "rope.scaling.original_context_length"));
            default ->
                throw new CheckpointMismatchException(
                        "%s: the rope scaling \"%s\" is not known".formatted(file.origin(), type));
        };
    }
}
