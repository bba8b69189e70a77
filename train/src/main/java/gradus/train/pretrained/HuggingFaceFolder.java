package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.layers.Layer;
import gradus.layers.model.Bert;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RmsDecoder;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tokenizer.Tokenizer;
import gradus.train.checkpoint.CheckpointJson;
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
/// Qwen2 and Mixtral are known; any other model type is refused by name, and no class that a file names is
/// ever made.
public final class HuggingFaceFolder {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";

    /// Tokens by the roles that tokenizer_config.json gives them, where a tokenizer has them.
    private static final SequencedMap<String, List<String>> ROLES = new LinkedHashMap<>();

    static {
        ROLES.put("bos_token", List.of("<|begin_of_text|>", "<s>", "<|endoftext|>"));
        ROLES.put("eos_token", List.of("<|end_of_text|>", "</s>", "<|endoftext|>"));
        ROLES.put("unk_token", List.of("[UNK]", "<unk>"));
        ROLES.put("pad_token", List.of("[PAD]", "<pad>"));
        ROLES.put("cls_token", List.of("[CLS]"));
        ROLES.put("sep_token", List.of("[SEP]"));
        ROLES.put("mask_token", List.of("[MASK]"));
    }

    private HuggingFaceFolder() {}

    // --- reading

    /// Opens the model in a folder: a [Gpt], [BertEncoder], [Bert], [BertMaskedLm] or [RmsDecoder], in
    /// evaluation. Weights in half precision are widened. The tokenizer is read by
    /// [gradus.tokenizer.Tokenizers#load].
    ///
    /// @throws DataException               if there is no such folder or a file of it is missing
    /// @throws CorruptCheckpointException  if a file is damaged
    /// @throws CheckpointMismatchException if the model is of a kind that is not known, or files contradict
    ///                                     each other
    public static Layer load(Path folder) {
        Path file = folder.resolve(CONFIG);
        ModelConfigJson config = new ModelConfigJson(file, CheckpointJson.read(file));
        TensorSource source = weights(folder);
        PublishedModel published = published(config, source);
        PublishedTensors tensors = new PublishedTensors(source, published);
        Layer model;
        try {
            model = published.build(config, tensors);
        } catch (ConfigException outOfRange) {
            throw new CorruptCheckpointException(file + ": " + outOfRange.getMessage(), outOfRange);
        }
        try (var scope = Scope.open()) {
            tensors.requireTied();
        }
        Weights.load(tensors, model);
        return model.eval();
    }

    private static TensorSource weights(Path folder) {
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
        boolean tiedUnlessSaid = type.equals("gpt2");
        boolean tied = config.flag("tie_word_embeddings", tiedUnlessSaid);
        return switch (type) {
            case "gpt2" -> new PublishedGpt2(null, tied);
            case "bert" -> PublishedBert.of(config, source);
            case "llama" -> new PublishedLlama(PublishedLlama.Kind.LLAMA, null, tied);
            case "qwen2" -> new PublishedLlama(PublishedLlama.Kind.QWEN2, null, tied);
            case "mixtral" -> new PublishedLlama(PublishedLlama.Kind.MIXTRAL, null, tied);
            default ->
                throw config.mismatch(
                        "model_type \"%s\" is not known; gpt2, bert, llama, qwen2 and mixtral are".formatted(type));
        };
    }

    // --- writing

    /// Writes a model without a tokenizer. A [Gpt] of Llama's parts is taken for a Llama.
    ///
    /// @throws CheckpointMismatchException if it is no published kind of model
    /// @throws ResourceException if the disk is full or refuses
    public static void save(Path folder, Layer model) {
        save(folder, model, CheckpointJson.object());
    }

    /// @param ids the numbers of the tokens that begin, end and pad a text, as far as there are any
    private static void save(Path folder, Layer given, ObjectNode ids) {
        Layer model = Composed.published(given);
        PublishedModel published = published(model);
        ObjectNode config = CheckpointJson.object();
        published.describe(config);
        config.put("dtype", "float32").put("torch_dtype", "float32");
        if (model instanceof LanguageModel) {
            config.putNull("bos_token_id").putNull("eos_token_id"); // or they would be those of a published size
        }
        config.setAll(ids);
        createFolder(folder);
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            model.state().forEach((name, tensor) -> {
                Tensor stored = published.transposed(name) ? tensor.transpose(0, 1) : tensor;
                tensors.put(published.fileName(name), stored);
            });
            SafetensorsWriter.write(folder.resolve(WEIGHTS), tensors, SafetensorsWriter.METADATA);
        }
        CheckpointJson.write(folder.resolve(CONFIG), config);
    }

    /// Writes a model with its tokenizer.
    ///
    /// @throws CheckpointMismatchException if it is no published kind of model, or the tokenizer has more
    ///                                     tokens
    /// @throws ResourceException if the disk is full or refuses
    public static void save(Path folder, Layer model, Tokenizer tokenizer) {
        int vocabSize = vocabSize(model);
        if (tokenizer.vocabularySize() > vocabSize) {
            throw new CheckpointMismatchException("the tokenizer has %s tokens, the model %s; they belong to different"
                            .formatted(tokenizer.vocabularySize(), vocabSize)
                    + " models"); // BAD-INPUT 133
        }
        ObjectNode roles = CheckpointJson.object();
        ObjectNode ids = CheckpointJson.object();
        ROLES.forEach((role, names) -> {
            for (String name : names) {
                if (!roles.has(role) && tokenizer.tokenToId(name) >= 0) {
                    roles.put(role, name);
                }
            }
        });
        for (String role : new String[] {"bos_token", "eos_token", "pad_token"}) {
            if (roles.has(role)) {
                ids.put(role + "_id", tokenizer.tokenToId(roles.get(role).stringValue()));
            }
        }
        save(folder, model, ids);
        tokenizer.save(folder);
        roles.put("tokenizer_class", "PreTrainedTokenizerFast").put("model_max_length", context(model));
        CheckpointJson.write(folder.resolve("tokenizer_config.json"), roles);
        if (model instanceof LanguageModel) {
            CheckpointJson.write(folder.resolve("generation_config.json"), ids);
        }
    }

    private static PublishedModel published(Layer model) {
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

    private static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be made: %s".formatted(folder, FileReason.of(failure)), failure);
        }
    }
}
