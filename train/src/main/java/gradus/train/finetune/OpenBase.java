package gradus.train.finetune;

import gradus.layers.model.LanguageModel;
import gradus.train.pretrained.Composed;
import gradus.train.run.SavedModel;
import java.nio.file.Path;

/// A base of fine-tuning.
///
/// @param path  a run's folder, a Hugging Face folder or a GGUF file
/// @param saved what it holds
/// @param model the published model that it is
public record OpenBase(Path path, SavedModel saved, LanguageModel model) {

    /// @throws gradus.error.UsageException if there is no language model
    public static OpenBase of(Path path) {
        SavedModel saved = SavedModel.open(path);
        return new OpenBase(path, saved, (LanguageModel) Composed.published(saved.model()));
    }
}
