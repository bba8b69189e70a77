package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.ShapeException;
import gradus.layers.Layer;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Bert;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.quant.NestedScales;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.RawSource;
import gradus.train.checkpoint.RawTensor;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import gradus.train.checkpoint.ShardedSafetensors;
import gradus.train.checkpoint.TensorSource;
import gradus.train.checkpoint.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/// A model in a folder as Hugging Face's libraries write and read it: config.json, generation_config.json,
/// model.safetensors (one file or several), tokenizer.json and tokenizer_config.json. GPT-2, BERT, Llama,
/// Mistral, Qwen2 and Mixtral are known; any other model type is refused by name, and no class that a file
/// names is ever made. Reward models are [RewardFolder]'s.
public final class HuggingFaceFolder {
    private static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    private static final List<String> TOKENS = List.of("bos_token_id", "eos_token_id", "pad_token_id");

    private HuggingFaceFolder() {}

    // --- reading

    /// Opens the model in a folder: a [Gpt], [BertEncoder], [Bert], [BertMaskedLm] or [RmsDecoder], in
    /// evaluation. Weights in half precision are widened; linear layers that bitsandbytes has quantised to
    /// NF4 stay so. The tokenizer is read by [gradus.tokenizer.format.Tokenizers#load].
    ///
    /// @throws DataException               if there is no such folder or a file of it is missing
    /// @throws CorruptCheckpointException  if a file is damaged
    /// @throws CheckpointMismatchException if the model is of a kind that is not known, or files contradict
    ///                                     each other
    public static Layer load(Path folder) {
        Path file = folder.resolve(CONFIG);
        ModelConfigJson config = new ModelConfigJson(file, CheckpointJson.read(file));
        boolean scores = config.architecture().endsWith(PublishedScorer.KIND);
        if (scores && !config.text("model_type", "").equals("bert")) {
            throw config.mismatch("holds a %s, which scores texts and writes none; RewardFolder opens reward models"
                    .formatted(config.architecture()));
        }
        RawSource stored = weights(folder);
        TensorSource source = BitsAndBytes.isTold(config) ? new FourBitTensors(stored) : stored;
        PublishedModel published = published(config, source);
        PublishedTensors tensors = new PublishedTensors(source, published);
        Layer model = build(config, published, tensors);
        try (var scope = Scope.open()) {
            tensors.requireTied();
        }
        Weights.load(tensors.quantize(model), model);
        return model.eval();
    }

    static Layer build(ModelConfigJson config, PublishedModel published, PublishedTensors tensors) {
        config.texts("architectures");
        TOKENS.forEach(config::ids); // read by GenerationConfig, refused here already
        try {
            return published.build(config, tensors);
        } catch (ConfigException | ShapeException outOfRange) {
            throw new CorruptCheckpointException(config.file() + ": " + outOfRange.getMessage(), outOfRange);
        }
    }

    /// The model that a config.json describes, without its weights: to look at its parts and count its
    /// parameters, which take no memory until somebody asks for their elements, or to train one of its size
    /// anew.
    ///
    /// @param config the file itself
    /// @throws DataException               if there is no such file
    /// @throws CorruptCheckpointException  if it is damaged
    /// @throws CheckpointMismatchException if the model is of a kind that is not known
    public static Layer untrained(Path config) {
        ModelConfigJson json = new ModelConfigJson(config, CheckpointJson.read(config));
        PublishedModel published = published(json, null);
        return build(json, published, PublishedTensors.absent(published));
    }

    /// The same where the kind of model is known: `load(folder, LanguageModel.class)`.
    ///
    /// @throws CheckpointMismatchException if the folder holds another kind
    public static <L extends Layer> L load(Path folder, Class<L> kind) {
        Layer model = load(folder);
        if (!kind.isInstance(model)) {
            throw new CheckpointMismatchException("%s: holds a %s; a %s was asked for"
                    .formatted(folder, model.getClass().getSimpleName(), kind.getSimpleName()));
        }
        return kind.cast(model);
    }

    /// A GPT-2, see [#load(Path)].
    public static Gpt loadGpt2(Path folder) {
        return load(folder, Gpt.class);
    }

    /// A Llama or a Mistral, see [#load(Path)].
    public static Llama loadLlama(Path folder) {
        return load(folder, Llama.class);
    }

    /// A Qwen2, see [#load(Path)].
    public static Qwen2 loadQwen2(Path folder) {
        return load(folder, Qwen2.class);
    }

    /// A Mixtral, see [#load(Path)].
    public static Mixtral loadMixtral(Path folder) {
        return load(folder, Mixtral.class);
    }

    /// A BERT without a head, with or without a pooler, see [#load(Path)].
    public static BertEncoder loadBert(Path folder) {
        return load(folder, BertEncoder.class);
    }

    /// A BERT that predicts tokens, see [#load(Path)].
    public static BertMaskedLm loadBertMaskedLm(Path folder) {
        return load(folder, BertMaskedLm.class);
    }

    static RawSource weights(Path folder) {
        if (Files.exists(folder.resolve(WEIGHTS))) {
            return Safetensors.open(folder.resolve(WEIGHTS));
        }
        Path index = folder.resolve(ShardedSafetensors.INDEX);
        if (Files.exists(index)) {
            return ShardedSafetensors.open(index);
        }
        if (Files.exists(folder.resolve("pytorch_model.bin"))) { // BAD-INPUT 127
            throw new CorruptCheckpointException(folder.resolve("pytorch_model.bin")
                    + ": is a Python pickle, which can run code; convert it to model.safetensors");
        }
        throw new DataException("%s: has neither %s nor %s".formatted(folder, WEIGHTS, ShardedSafetensors.INDEX));
    }

    private static PublishedModel published(ModelConfigJson config, TensorSource source) {
        String type = config.text("model_type", "");
        boolean tied = config.flag("tie_word_embeddings", type.equals("gpt2"));
        return type.equals("bert") ? PublishedBert.of(config, source) : decoder(config, tied);
    }

    /// @param tied whether the head is the token table again
    static PublishedModel decoder(ModelConfigJson config, boolean tied) {
        String type = config.text("model_type", "");
        return switch (type) {
            case "gpt2" -> new PublishedGpt2(null, tied);
            case "llama" -> new PublishedLlama(PublishedLlama.Kind.LLAMA, null, tied);
            case "mistral" -> new PublishedLlama(PublishedLlama.Kind.MISTRAL, null, tied);
            case "qwen2" -> new PublishedLlama(PublishedLlama.Kind.QWEN2, null, tied);
            case "mixtral" -> new PublishedLlama(PublishedLlama.Kind.MIXTRAL, null, tied);
            default ->
                throw config.mismatch(
                        "model_type \"%s\" is not known; gpt2, bert, llama, mistral, qwen2 and mixtral are"
                                .formatted(type));
        };
    }

    // --- writing

    /// Writes a model without a tokenizer. A [Gpt] of Llama's parts is taken for a Llama. Linear layers
    /// quantised to NF4 are written as bitsandbytes does.
    ///
    /// @throws CheckpointMismatchException if it is no published kind of model
    /// @throws ResourceException if the disk is full or refuses
    public static void save(Path folder, Layer model) {
        write(folder, model, GenerationConfig.NONE);
    }

    private static void write(Path folder, Layer given, GenerationConfig generation) {
        Layer model = Composed.published(given);
        PublishedModel published = published(model);
        ObjectNode config = CheckpointJson.object();
        published.describe(config);
        config.put("dtype", "float32").put("torch_dtype", "float32");
        if (model instanceof LanguageModel) {
            generation.describeTokens(config);
        } else {
            generation.pad().ifPresent(id -> config.put("pad_token_id", id));
        }
        SequencedMap<String, QuantizedMatrix> matrices = Quantization.matrices(model);
        if (!matrices.isEmpty()) {
            BitsAndBytes.tell(
                    config, matrices.values().stream().anyMatch(each -> each.scales() instanceof NestedScales));
        }
        createFolder(folder);
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            model.state().forEach((name, tensor) -> {
                Tensor stored = published.transposed(name) ? tensor.transpose(0, 1) : tensor;
                tensors.put(published.fileName(name), stored);
            });
            SequencedMap<String, RawTensor> raw = new LinkedHashMap<>();
            matrices.forEach((name, matrix) -> BitsAndBytes.put(raw, published.fileName(name), matrix));
            SafetensorsWriter.write(folder.resolve(WEIGHTS), tensors, raw, SafetensorsWriter.METADATA);
        }
        CheckpointJson.write(folder.resolve(CONFIG), config);
    }

    /// Writes a model with its tokenizer. The tokens that begin, end and pad a text are those that the
    /// tokenizer's source named; where it named none, they are found by their usual names.
    ///
    /// @throws CheckpointMismatchException if it is no published kind of model, or the tokenizer has more
    ///                                     tokens
    /// @throws ResourceException if the disk is full or refuses
    public static void save(Path folder, Layer model, Tokenizer tokenizer) {
        save(folder, model, tokenizer, GenerationConfig.NONE);
    }

    /// Writes a model with its tokenizer and what is known of writing with it, as [GenerationConfig#read]
    /// gave it. What neither it nor the tokenizer's source says of tokens is found by their usual names.
    ///
    /// @throws CheckpointMismatchException if it is no published kind of model, or the tokenizer has more
    ///                                     tokens
    /// @throws ResourceException if the disk is full or refuses
    public static void save(Path folder, Layer model, Tokenizer tokenizer, GenerationConfig generation) {
        requireTokens(tokenizer, model);
        SpecialTokens roles = TokenRoles.of(tokenizer, generation);
        GenerationConfig known =
                generation.eos().isEmpty() ? generation.withTokens(roles.bos(), roles.eos(), roles.pad()) : generation;
        write(folder, model, known);
        Tokenizers.save(tokenizer, folder);
        TokenRoles.write(folder, tokenizer, roles, context(model));
        if (model instanceof LanguageModel) {
            CheckpointJson.write(folder.resolve(GenerationConfig.FILE), known.describe());
        }
    }

    static void requireTokens(Tokenizer tokenizer, Layer model) {
        int vocabSize = vocabSize(model);
        if (tokenizer.vocabularySize() > vocabSize) {
            throw new CheckpointMismatchException("the tokenizer has %s tokens, the model %s; they belong to different"
                            .formatted(tokenizer.vocabularySize(), vocabSize)
                    + " models"); // BAD-INPUT 133
        }
    }

    /// Throws unless a model can be written: its kind is published, and it has no other parts than that.
    ///
    /// @throws CheckpointMismatchException naming what is in the way
    public static void requirePublished(Layer model) {
        published(model).describe(CheckpointJson.object());
    }

    /// Writes a tokenizer with its roles and chat templates alone, as it stands beside an adapter.
    ///
    /// @param context the longest text that the model takes
    /// @throws ResourceException if the disk is full or refuses
    public static void saveTokenizer(Path folder, Tokenizer tokenizer, GenerationConfig generation, int context) {
        Tokenizers.save(tokenizer, folder);
        TokenRoles.write(folder, tokenizer, TokenRoles.of(tokenizer, generation), context);
    }

    static PublishedModel published(Layer model) {
        return switch (model) {
            case Gpt gpt -> PublishedGpt2.of(gpt);
            case Bert bert -> new PublishedBert(bert.config(), false, true);
            case BertEncoder encoder -> new PublishedBert(encoder.config(), false, false);
            case BertMaskedLm bert -> new PublishedBert(bert.config(), true, false);
            case RmsDecoder decoder -> PublishedLlama.of(decoder);
            default ->
                throw new CheckpointMismatchException(
                        model.getClass().getSimpleName() + ": is no model that Hugging Face's libraries know");
        };
    }

    private static int vocabSize(Layer model) {
        return switch (model) {
            case LanguageModel decoder -> decoder.vocabSize();
            case BertEncoder encoder -> encoder.config().vocabSize();
            case BertMaskedLm bert -> bert.config().vocabSize();
            default -> Integer.MAX_VALUE;
        };
    }

    private static int context(Layer model) {
        return switch (model) {
            case LanguageModel decoder -> decoder.context();
            case BertEncoder encoder -> encoder.config().context();
            case BertMaskedLm bert -> bert.config().context();
            default -> Integer.MAX_VALUE;
        };
    }

    /// Makes a folder where it is missing.
    ///
    /// @throws ResourceException if it cannot be made
    public static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be made: %s".formatted(folder, FileReason.of(failure)), failure);
        }
    }
}
