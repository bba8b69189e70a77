package gradus.train.pretrained.peft;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.PrefixTuned;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.model.prompt.SoftPrompted;
import gradus.layers.prompt.PromptTable;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Manifest;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A soft prompt in a folder as Hugging Face's peft writes and reads it: adapter_config.json, and
/// adapter_model.safetensors with one tensor, `prompt_embeddings`. Prompt tuning and P-tuning keep (n, C), prefix
/// tuning (n, L·2·K·D), see [PrefixTuned]. What made the rows, an encoder or a projection, is not kept.
///
/// What [#save] writes has a manifest.json beside it, as [PeftFolder] has.
public final class SoftPromptFolder {
    static final String TENSOR = "prompt_embeddings";
    static final String PROMPT_TUNING = "PROMPT_TUNING";
    static final String P_TUNING = "P_TUNING";
    static final String PREFIX_TUNING = "PREFIX_TUNING";

    private SoftPromptFolder() {}

    /// Whether a folder holds a soft prompt.
    ///
    /// @throws CorruptCheckpointException if its adapter_config.json is damaged
    public static boolean is(Path folder) {
        if (!PeftFolder.is(folder)) {
            return false;
        }
        JsonNode type = CheckpointJson.read(folder.resolve(PeftFolder.CONFIG)).get("peft_type");
        return type != null
                && type.isString()
                && Set.of(PROMPT_TUNING, P_TUNING, PREFIX_TUNING).contains(type.stringValue());
    }

    /// Opens a soft prompt and puts it before its base, which is frozen.
    ///
    /// @return in evaluation
    /// @throws gradus.error.DataException               if there is no such folder or a file of it is missing
    /// @throws CorruptCheckpointException  if a file is damaged
    /// @throws CheckpointMismatchException if the prompt is for another base, or of a kind that is not known
    public static SoftPrompted load(Path folder, LanguageModel base) {
        if (Files.exists(folder.resolve(PeftFolder.MANIFEST))) {
            Manifest.verify(folder, List.of(PeftFolder.CONFIG, PeftFolder.WEIGHTS));
        }
        if (!Files.exists(folder.resolve(PeftFolder.WEIGHTS)) && Files.exists(folder.resolve("adapter_model.bin"))) {
            throw new CorruptCheckpointException(folder.resolve("adapter_model.bin")
                    + ": is a Python pickle, which can run code; save the prompt as safetensors"); // BAD-INPUT 127
        }
        SoftPromptJson json = SoftPromptJson.read(folder.resolve(PeftFolder.CONFIG));
        Safetensors source = Safetensors.open(folder.resolve(PeftFolder.WEIGHTS));
        requireOneTensor(source);
        boolean prefix = json.type().equals(PREFIX_TUNING);
        try (var pause = Autograd.noGrad()) {
            json.requireFits(base);
            int width = prefix
                    ? PrefixTuned.width(base)
                    : PromptTuned.tokens(base).weight().dim(1);
            requireShape(source, json, width);
            PromptTable table = new PromptTable(read(source));
            table.to(PromptTuned.tokens(base).weight().dtype());
            SoftPrompted tuned = prefix ? new PrefixTuned(base, table) : new PromptTuned(base, table);
            return tuned.eval();
        } catch (ConfigException other) {
            throw new CheckpointMismatchException(
                    "%s: does not fit this model: %s".formatted(folder.resolve(PeftFolder.CONFIG), other.getMessage()),
                    other);
        }
    }

    private static void requireOneTensor(Safetensors source) {
        if (!source.names().contains(TENSOR)) {
            throw new CheckpointMismatchException(source.origin() + ": lacks " + TENSOR + ", which a soft prompt is");
        }
        source.names().stream().filter(name -> !name.equals(TENSOR)).findFirst().ifPresent(other -> {
            throw new CheckpointMismatchException(
                    "%s: has %s, which has no place in a soft prompt".formatted(source.origin(), other));
        });
    }

    private static void requireShape(Safetensors source, SoftPromptJson json, int width) {
        long[] shape = source.shape(TENSOR);
        if (shape.length != 2 || shape[0] != json.count()) {
            throw new CheckpointMismatchException(
                    "%s: %s has the shape %s; num_virtual_tokens in adapter_config.json is %s"
                            .formatted(source.origin(), TENSOR, Arrays.toString(shape), json.count()));
        }
        if (shape[1] != width) {
            throw new CheckpointMismatchException("%s: is for another base: a row of %s has %s numbers; here it has %s"
                    .formatted(source.origin(), TENSOR, shape[1], width));
        }
    }

    private static Tensor read(Safetensors source) {
        Tensor rows = source.read(TENSOR);
        for (double value : rows.toArray()) {
            if (!Double.isFinite(value)) {
                throw new CorruptCheckpointException(
                        "%s: %s holds numbers that are not finite".formatted(source.origin(), TENSOR));
            }
        }
        return rows;
    }

    /// Writes the rows of a soft prompt, as its encoder makes them if it has one.
    ///
    /// @param base what peft is to call the base, its folder or its name on the hub; null if nobody knows
    /// @throws ResourceException if the disk is full or refuses
    public static void save(Path folder, SoftPrompted model, String base) {
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put(TENSOR, model.prompt().rows()); // (n, width)
            create(folder);
            SoftPromptJson.write(folder.resolve(PeftFolder.CONFIG), model, base);
            SafetensorsWriter.write(folder.resolve(PeftFolder.WEIGHTS), tensors, SafetensorsWriter.METADATA);
        } finally {
            if (training) {
                model.train();
            }
        }
        Manifest.write(folder, List.of(PeftFolder.CONFIG, PeftFolder.WEIGHTS));
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(PeftFolder.MANIFEST)); // until everything is there
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be made: %s".formatted(folder, FileReason.of(failure)), failure);
        }
    }
}
