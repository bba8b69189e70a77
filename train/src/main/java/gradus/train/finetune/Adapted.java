package gradus.train.finetune;

import gradus.error.CheckpointMismatchException;
import gradus.layers.Layer;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraEmbedding;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.Head;
import gradus.train.pretrained.Composed;
import gradus.train.pretrained.peft.PeftFolder;
import gradus.train.pretrained.peft.SoftPromptFolder;
import gradus.train.run.ExchangedModel;
import gradus.train.run.SavedModel;
import java.nio.file.Path;

/// A model with an adapter that was opened beside it.
///
/// @param base     whose model is the adapted one
/// @param adapters holds the adapter by the name [AdapterTuning#NAME]
public record Adapted(ExchangedModel base, Adapters adapters) {

    /// @param path    a run's folder, a Hugging Face folder or a GGUF file
    /// @param adapter a folder of peft's
    /// @throws CheckpointMismatchException if the adapter is for another base, or a soft prompt, which changes no
    ///     matrix
    public static Adapted open(Path path, Path adapter) {
        if (SoftPromptFolder.is(adapter)) {
            throw new CheckpointMismatchException(adapter
                    + ": is a soft prompt, which stands before the text and changes no matrix; there is nothing to merge,"
                    + " and it is used as it is: gradus sample --adapter");
        }
        ExchangedModel given = ExchangedModel.open(path);
        Layer model = Composed.published(given.model());
        Adapters adapters = PeftFolder.prepare(model);
        PeftFolder.load(adapter, adapters, AdapterTuning.NAME);
        return new Adapted(new ExchangedModel(model, given.tokenizer(), given.generation(), given.pooling()), adapters);
    }

    /// A model that writes with an adapter or a soft prompt beside it.
    ///
    /// @param base    the model alone
    /// @param adapter a folder of peft's
    /// @throws CheckpointMismatchException if the adapter is for another base
    public static SavedModel beside(SavedModel base, Path adapter) {
        LanguageModel model = (LanguageModel) Composed.published(base.model());
        if (SoftPromptFolder.is(adapter)) {
            model = SoftPromptFolder.load(adapter, model);
        } else {
            PeftFolder.load(adapter, PeftFolder.prepare(model), AdapterTuning.NAME);
        }
        return new SavedModel(model.eval(), base.text(), base.generation(), base.data(), base.ends());
    }

    /// The model with the adapter merged into its matrices.
    ///
    /// @throws CheckpointMismatchException if a table is adapted that is the head too, as the head would
    ///     change with it
    public ExchangedModel merged() {
        boolean tied = base.model() instanceof Gpt gpt && gpt.config().head() == Head.TIED
                || base.model() instanceof RmsDecoder decoder
                        && decoder.config().tied();
        if (tied && adapters.parts(AdapterTuning.NAME).values().stream().anyMatch(LoraEmbedding.class::isInstance)) {
            throw new CheckpointMismatchException(
                    "the adapter changes the token table, which this model's head shares; merging would change the head"
                            + " too, which the adapter does not");
        }
        adapters.merge();
        adapters.detach();
        return base;
    }
}
