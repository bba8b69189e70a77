package gradus.train.run;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.ShapeException;
import gradus.layers.model.BertMaskedLm;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.peft.PeftFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// An encoder that guesses hidden tokens, from a run's folder or a Hugging Face folder.
///
/// @param model in evaluation
/// @param data  what it was trained on, or null where nobody knows
public record SavedEncoder(BertMaskedLm model, Tokenizer tokenizer, RunConfig.Data data) {

    /// Opens a folder if it holds such an encoder.
    ///
    /// @return nothing for any other model, and where there is none
    public static Optional<SavedEncoder> find(Path path, boolean best) {
        if (SavedModel.isGguf(path) || !Files.isDirectory(path) || PeftFolder.is(path)) {
            return Optional.empty();
        }
        if (!SavedModel.isHuggingFace(path)) {
            return ofRun(path, best);
        }
        boolean bert = CheckpointJson.read(path.resolve("config.json"))
                .path("model_type")
                .asString("")
                .equals("bert");
        return !best && bert && HuggingFaceFolder.load(path) instanceof BertMaskedLm model
                ? Optional.of(new SavedEncoder(model, Tokenizers.load(path), null))
                : Optional.empty();
    }

    static Optional<SavedEncoder> ofRun(Path path, boolean best) {
        RunFolder folder = RunFolder.open(path);
        RunConfig config = RunConfig.read(folder);
        if (config.task() != RunTask.MLM) {
            return Optional.empty();
        }
        Tokenizer tokenizer = SavedModel.tokenizer(folder, config);
        BertMaskedLm model = build(config, folder);
        SavedModel.load(model, folder, best);
        return Optional.of(new SavedEncoder(model, tokenizer, config.data()));
    }

    private static BertMaskedLm build(RunConfig config, RunFolder folder) {
        try {
            return new BertMaskedLm(EncoderSize.encoder(config.model()), Rng.of(0));
        } catch (ConfigException | ShapeException impossible) {
            throw new CorruptCheckpointException(folder.config() + ": " + impossible.getMessage(), impossible);
        }
    }
}
