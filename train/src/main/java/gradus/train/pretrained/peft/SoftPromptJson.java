package gradus.train.pretrained.peft;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.Printable;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.prompt.PrefixTuned;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.model.prompt.SoftPrompted;
import gradus.layers.prompt.LstmEncoder;
import gradus.layers.prompt.MlpEncoder;
import gradus.layers.prompt.SoftPrompt;
import gradus.layers.recurrent.LstmConfig;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.CheckpointJson;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The adapter_config.json of a soft prompt. Every key is obeyed, known to be harmless, or refused by its name.
///
/// @param type  peft's name for the kind
/// @param count n, how many virtual tokens there are
record SoftPromptJson(Path file, ObjectNode json, String type, int count) {

    /// @throws gradus.error.DataException  if there is no such file
    /// @throws CorruptCheckpointException  if a value is nonsense
    /// @throws CheckpointMismatchException if it asks for what is not built
    static SoftPromptJson read(Path file) {
        ObjectNode json = CheckpointJson.read(file);
        JsonNode given = json.get("peft_type");
        String type = given != null && given.isString() ? given.stringValue() : "";
        KnownKeys keys = switch (type) {
            case SoftPromptFolder.PROMPT_TUNING -> PeftKeys.PROMPT_TUNING;
            case SoftPromptFolder.P_TUNING -> PeftKeys.P_TUNING;
            case SoftPromptFolder.PREFIX_TUNING -> PeftKeys.PREFIX_TUNING;
            default ->
                throw new CheckpointMismatchException(
                        file + ": is no soft prompt: peft_type is " + Printable.value(String.valueOf(given)));
        };
        Optional<String> fault = keys.fault(json.propertyNames(), key -> PeftConfig.value(json.get(key)));
        if (fault.isPresent()) {
            throw new CheckpointMismatchException(file + ": " + fault.get());
        }
        return new SoftPromptJson(file, json, type, number(file, json, "num_virtual_tokens"));
    }

    private static int number(Path file, ObjectNode json, String key) {
        JsonNode node = json.get(key);
        if (node == null || !node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
            throw new CorruptCheckpointException("%s: %s must be a whole number from 1; got %s"
                    .formatted(file, key, Printable.value(String.valueOf(node))));
        }
        return node.intValue();
    }

    /// Throws if the prompt is not for a model of this shape. A key that is left out says what the model is,
    /// as in peft.
    void requireFits(LanguageModel model) {
        if (!type.equals(SoftPromptFolder.PREFIX_TUNING)) {
            requireSame("token_dim", PromptTuned.tokens(model).weight().dim(1));
            return;
        }
        int layers = blocks(model);
        requireSame("num_layers", layers);
        requireSame("num_attention_heads", keyHeads(model));
        requireSame("token_dim", PrefixTuned.width(model) / (2 * layers)); // K·D
    }

    private void requireSame(String key, int own) {
        int given = json.hasNonNull(key) ? number(file, json, key) : own;
        if (given != own) {
            throw new CheckpointMismatchException(
                    "%s: is for another base: %s is %s; here it is %s".formatted(file, key, given, own));
        }
    }

    private static int blocks(LanguageModel model) {
        return switch (model) {
            case Gpt gpt -> gpt.config().layers();
            case RmsDecoder decoder -> decoder.config().layers();
            default -> model.caches().count();
        };
    }

    /// K, how many heads of keys and values there are.
    private static int keyHeads(LanguageModel model) {
        return switch (model) {
            case RmsDecoder decoder -> decoder.config().kvHeads();
            case Gpt gpt ->
                switch (gpt.config().attention()) {
                    case Attentions.MultiQuery one -> 1;
                    case Attentions.GroupedQuery grouped -> grouped.kvHeads();
                    case Attentions.SlidingWindow window -> window.kvHeads();
                    case Attentions.Fixed fixed -> fixed.kvHeads();
                    default -> gpt.config().heads();
                };
            default -> 1;
        };
    }

    static void write(Path file, SoftPrompted model, String base) {
        SoftPrompt prompt = model.prompt();
        int layers = blocks(model.base());
        ObjectNode json = CheckpointJson.object();
        json.put("task_type", "CAUSAL_LM");
        json.put("base_model_name_or_path", base);
        json.put("inference_mode", true);
        json.put("num_virtual_tokens", prompt.count());
        json.put("num_transformer_submodules", 1);
        json.put("num_layers", layers);
        json.put("num_attention_heads", keyHeads(model.base()));
        json.put("token_dim", model instanceof PrefixTuned ? prompt.width() / (2 * layers) : prompt.width());
        switch (prompt) {
            case SoftPrompt any
            when model instanceof PrefixTuned -> {
                json.put("peft_type", SoftPromptFolder.PREFIX_TUNING);
                json.put("prefix_projection", false); // the file holds what the projection made
            }
            case MlpEncoder mlp -> {
                json.put("peft_type", SoftPromptFolder.P_TUNING);
                json.put("encoder_reparameterization_type", "MLP");
                json.put("encoder_hidden_size", mlp.hidden());
            }
            case LstmEncoder lstm -> {
                LstmConfig config = lstm.config();
                json.put("peft_type", SoftPromptFolder.P_TUNING);
                json.put("encoder_reparameterization_type", "LSTM");
                json.put("encoder_hidden_size", config.hidden());
                json.put("encoder_num_layers", config.layers());
                json.put("encoder_dropout", config.dropout());
            }
            default -> {
                json.put("peft_type", SoftPromptFolder.PROMPT_TUNING);
                json.put("prompt_tuning_init", "RANDOM"); // whatever it was: the file's values replace it
            }
        }
        CheckpointJson.write(file, json);
    }
}
