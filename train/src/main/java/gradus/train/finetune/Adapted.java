package gradus.train.finetune;

import gradus.error.CheckpointMismatchException;
import gradus.layers.Layer;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraEmbedding;
import gradus.layers.adapter.Quantization;
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
import java.util.function.Consumer;

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
        return open(ExchangedModel.open(path), adapter);
    }

    /// The same for [#merged]: a base that is quantised is decoded first, since nothing can be added to quantised
    /// matrices.
    ///
    /// @param say takes what was done
    public static Adapted openToMerge(Path path, Path adapter, Consumer<String> say) {
        ExchangedModel given = ExchangedModel.open(path);
        int decoded = Quantization.dequantize(given.model());
        if (decoded > 0) {
            say.accept("dequantised first: %s matrices of %s, which the merged model stores as float32"
                    .formatted(decoded, path));
        }
        return open(given, adapter);
    }

    private static Adapted open(ExchangedModel given, Path adapter) {
        if (SoftPromptFolder.is(adapter)) {
            throw new CheckpointMismatchException(adapter
                    + ": is a soft prompt, which stands before the text and changes no matrix; there is nothing to merge,"
                    + " and it is used as it is: gradus sample --adapter");
        }
        Layer model = extended(Composed.published(given.model()), adapter);
        Adapters adapters = PeftFolder.prepare(model);
        PeftFolder.load(adapter, adapters, AdapterTuning.NAME);
        return new Adapted(new ExchangedModel(model, given.tokenizer(), given.generation(), given.pooling()), adapters);
    }

    /// With the longer context that an adapter was trained for.
    private static Layer extended(Layer model, Path adapter) {
        return LongContext.isIn(adapter) ? LongContext.read(adapter).of(model, adapter) : model;
    }

    /// A model that writes with an adapter or a soft prompt beside it.
    ///
    /// @param base    the model alone
    /// @param adapter a folder of peft's
    /// @throws CheckpointMismatchException if the adapter is for another base
    public static SavedModel beside(SavedModel base, Path adapter) {
        LanguageModel model = (LanguageModel) extended(Composed.published(base.model()), adapter);
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
        requireMergeable(base.model(), adapters);
        adapters.merge();
        adapters.detach();
        return base;
    }

    /// @throws CheckpointMismatchException if [#merged] would
    static void requireMergeable(Layer model, Adapters adapters) {
        boolean tied = model instanceof Gpt gpt && gpt.config().head() == Head.TIED
                || model instanceof RmsDecoder decoder && decoder.config().tied();
        if (tied && adapters.parts(AdapterTuning.NAME).values().stream().anyMatch(LoraEmbedding.class::isInstance)) {
            throw new CheckpointMismatchException(
                    "the adapter changes the token table, which this model's head shares; merging would change the head"
                            + " too, which the adapter does not");
        }
    }
}
