package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.Layer;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Mixtral;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.GgufWriter;
import gradus.train.checkpoint.Weights;
import gradus.train.pretrained.Composed;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.pretrained.Pooling;
import gradus.train.pretrained.PublishedGpt2;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.pretrained.SentenceSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A model and its tokenizer in one GGUF file, which llama.cpp and what is built on it run: [Gpt] with
/// GPT-2's parts, Llama, Qwen2 and Mixtral, and the encoder of BERT.
///
/// @param model     in evaluation
/// @param tokenizer its tokenizer
/// @param pooling   how a text's vector is made of an encoder's states; null where nobody says, and for the
///     others
public record GgufModel(Layer model, TokenizerPipeline tokenizer, GgufPooling pooling) {
    /// A model of Llama's parts is taken for a Llama.
    public GgufModel {
        model = Composed.published(model);
    }

    /// A model of which nobody says how vectors are made.
    public GgufModel(Layer model, TokenizerPipeline tokenizer) {
        this(model, tokenizer, null);
    }

    /// The same with every token that is known to end a text, and those that begin and fill up one, where the
    /// tokenizer's own files say nothing of them: a folder tells several ends in generation_config.json only.
    public GgufModel withTokensOf(GenerationConfig generation) {
        SpecialTokens roles = tokenizer.roles();
        List<Integer> ends = Stream.concat(roles.eos().stream(), generation.eos().stream())
                .filter(tokenizer::hasToken)
                .distinct()
                .toList();
        if (ends.isEmpty()) {
            return this;
        }
        roles = roles.withEos(ends);
        if (roles.bos().isEmpty() && generation.bos().stream().anyMatch(tokenizer::hasToken)) {
            roles = roles.withBos(generation.bos().getAsInt());
        }
        if (roles.pad().isEmpty() && generation.pad().stream().anyMatch(tokenizer::hasToken)) {
            roles = roles.withPad(generation.pad().getAsInt());
        }
        return new GgufModel(model, tokenizer.withRoles(roles), pooling);
    }

    /// The model, if it is one that predicts the next token.
    ///
    /// @throws CheckpointMismatchException if it is an encoder
    public LanguageModel languageModel() {
        if (model instanceof LanguageModel decoder) {
            return decoder;
        }
        throw new CheckpointMismatchException(
                model.getClass().getSimpleName() + " is no model that predicts the next token");
    }

    /// What makes vectors of length 1 of texts, if the model is an encoder whose states become one.
    ///
    /// @throws CheckpointMismatchException if it is none
    public SentenceEmbedding sentenceEmbedding() {
        Pooling how = pooling == null
                ? null
                : switch (pooling) {
                    case MEAN -> Pooling.MEAN;
                    case CLS -> Pooling.CLS;
                    case LAST -> Pooling.LAST;
                    case NONE, RANK -> null;
                };
        if (model instanceof BertEncoder encoder && how != null) {
            return new SentenceEmbedding(
                    encoder, tokenizer, new SentenceSettings(encoder.config().context(), how, true));
        }
        throw new CheckpointMismatchException("a sentence embedding needs an encoder whose states become one vector;"
                + " got %s with pooling %s".formatted(model.getClass().getSimpleName(), pooling));
    }

    private int vocabSize() {
        return model instanceof BertEncoder encoder
                ? encoder.config().vocabSize()
                : languageModel().vocabSize();
    }

    private int context() {
        return model instanceof BertEncoder encoder
                ? encoder.config().context()
                : languageModel().context();
    }

    // --- writing

    /// Makes sure that llama.cpp has a model's kind.
    ///
    /// @throws CheckpointMismatchException if it has not
    public static void requireKnown(Layer model) {
        GgufNames.of(model);
        switch (model) {
            case Gpt gpt -> PublishedGpt2.requireGpt2(gpt.config());
            case RmsDecoder decoder -> GgufDecoders.requireTold(decoder.config());
            default -> {} // an encoder's kind says it all
        }
    }

    /// Writes a model.
    ///
    /// @param type what matrices are stored in; norms, biases, routers, positions and segments stay F32
    /// @throws CheckpointMismatchException if llama.cpp has no such model or tokenizer, or the two do not fit
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public void write(Path file, GgufType type) {
        GgufNames names = GgufNames.of(model);
        if (!Quantization.matrices(model).isEmpty()) {
            throw new CheckpointMismatchException(
                    "the model's linear layers are quantised already; dequantise them, and"
                            + " the file's own type quantises them again");
        }
        if (tokenizer instanceof WordPiece && names != GgufNames.BERT) {
            throw new CheckpointMismatchException(
                    "llama.cpp knows WordPiece for encoders like BERT only, and for a %s a BPE or a Unigram"
                            .formatted(model.getClass().getSimpleName()));
        }
        if (tokenizer.vocabularySize() > vocabSize()) {
            throw new CheckpointMismatchException("the tokenizer has %s tokens, the model %s; they belong to different"
                            .formatted(tokenizer.vocabularySize(), vocabSize())
                    + " models"); // BAD-INPUT 133
        }
        GgufWriter out = new GgufWriter();
        out.put("general.architecture", names.architecture)
                .put("general.file_type", type.fileType())
                .put("general.quantization_version", 2)
                .put(names.architecture + ".context_length", context())
                .put(names.architecture + ".vocab_size", vocabSize());
        switch (model) {
            case Gpt gpt -> GgufDecoders.describe(gpt, out);
            case RmsDecoder decoder -> GgufDecoders.describe(decoder, names, out);
            case BertEncoder bert -> GgufBert.describe(bert, pooling, out);
            default -> throw new AssertionError(model);
        }
        GgufTokenizer.write(out, tokenizer, vocabSize());
        model.namedParameters().forEach((own, tensor) -> put(out, names, own, tensor, type));
        if (model instanceof Gpt gpt && gpt.config().head() == Head.TIED) { // older llama.cpp looks for a head
            Tensor table = gpt.namedParameters().get("wte.weight");
            out.tensor(GgufDecoders.HEAD, table.shape().dims(), type, () -> table);
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            out.write(file);
        }
    }

    private void put(GgufWriter out, GgufNames names, String own, Tensor tensor, GgufType type) {
        String fileName = names.fileName(own);
        int expert = GgufNames.expert(own);
        if (expert > 0) {
            return; // goes with the first
        }
        if (expert == 0) {
            int experts = ((Mixtral) model).experts();
            int[] shape = {experts, tensor.dim(0), tensor.dim(1)};
            out.tensor(fileName, shape, type, () -> merged(own, experts)); // (E, F, C)
            return;
        }
        boolean whole = tensor.rank() == 1
                || fileName.startsWith("position_embd.")
                || fileName.startsWith("token_types.")
                || fileName.contains(".ffn_gate_inp.");
        out.tensor(
                fileName,
                tensor.shape().dims(),
                whole ? GgufType.F32 : type,
                () -> names.exchanged(own) ? GgufNames.toNeighbours(tensor, heads(own)) : tensor);
    }

    private Tensor merged(String first, int experts) {
        Map<String, Tensor> all = model.namedParameters();
        return Tensor.concat(
                0,
                IntStream.range(0, experts)
                        .mapToObj(e -> all.get(first.replace(".experts.0.", ".experts." + e + ".")))
                        .toArray(Tensor[]::new)); // (E·F, C)
    }

    private int heads(String own) {
        LlamaConfig config = ((RmsDecoder) model).config();
        return own.contains(".q_proj.") ? config.heads() : config.kvHeads();
    }

    // --- reading

    /// Reads what [#write] or llama.cpp's converter wrote; quantised weights are widened.
    ///
    /// @throws gradus.error.DataException  if there is no such file
    /// @throws CorruptCheckpointException  if it is damaged
    /// @throws CheckpointMismatchException if it holds another kind of model or tokenizer, or asks for more
    ///     than is done here
    public static GgufModel read(Path path) {
        Gguf file = Gguf.open(path);
        GgufNames names = GgufNames.of(file);
        GgufKeys.require(file, names);
        TokenizerPipeline tokenizer = GgufTokenizer.read(file);
        Layer model;
        try {
            model = switch (names) {
                case GPT2 -> GgufDecoders.gpt2(file);
                case LLAMA, MIXTRAL, QWEN2 -> GgufDecoders.decoder(file, names);
                case BERT -> GgufBert.read(file);
            };
        } catch (ConfigException outOfRange) {
            throw new CorruptCheckpointException(path + ": " + outOfRange.getMessage(), outOfRange);
        }
        boolean twice = model instanceof Gpt gpt && gpt.config().head() == Head.TIED;
        Weights.load(new GgufTensors(file, names, model, twice ? Set.of(GgufDecoders.HEAD) : Set.of()), model);
        GgufModel read =
                new GgufModel(model.eval(), tokenizer, names == GgufNames.BERT ? GgufBert.pooling(file) : null);
        if (tokenizer.vocabularySize() > read.vocabSize()) {
            throw new CheckpointMismatchException("%s: the tokenizer has %s tokens, the model %s"
                    .formatted(path, tokenizer.vocabularySize(), read.vocabSize())); // BAD-INPUT 133
        }
        return read;
    }
}
