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
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.pretrained.Composed;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.peft.PeftFolder;
import gradus.train.pretrained.peft.SoftPromptFolder;
import gradus.train.run.ExchangedModel;
import gradus.train.run.SavedModel;
import gradus.train.run.text.ModelText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A model with an adapter that was opened beside it.
///
/// @param base     whose model is the adapted one; its tokenizer is the adapter's, if there is one beside it
/// @param adapters holds the adapter by the name [AdapterTuning#NAME]
public record Adapted(ExchangedModel base, Adapters adapters) {
    private static final String TOKENIZER = "tokenizer_config.json";

    /// @param path    a run's folder, a Hugging Face folder or a GGUF file
    /// @param adapter a folder of peft's
    /// @throws CheckpointMismatchException if the adapter is for another base, or a soft prompt, which changes
    ///     no matrix
    public static Adapted open(Path path, Path adapter) {
        return open(ExchangedModel.open(path), adapter);
    }

    /// The same for [#merged]: a base that is quantised is decoded first, since nothing can be added to
    /// quantised matrices.
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
        Adapters adapters = opened(given.model(), adapter);
        Tokenizer tokenizer = tokenizer(adapters.model(), adapter, given.tokenizer());
        GenerationConfig generation = given.generation();
        if (tokenizer != given.tokenizer() && !tokenizer.roles().eos().isEmpty()) {
            SequencedSet<Integer> ends = new LinkedHashSet<>(tokenizer.roles().eos());
            ends.addAll(generation.eos());
            generation = generation.withTokens(generation.bos(), List.copyOf(ends), generation.pad());
        }
        return new Adapted(
                new ExchangedModel(adapters.model(), tokenizer, generation, given.pooling(), given.sentences()),
                adapters);
    }

    /// The model with the adapter, and with tokens and context that it brings.
    private static Adapters opened(Layer base, Path adapter) {
        Layer model = extended(Composed.published(base), adapter);
        NewTokens more = NewTokens.of(model, adapter);
        Adapters adapters = PeftFolder.prepare(more.in(model, adapter));
        PeftFolder.load(adapter, adapters, AdapterTuning.NAME);
        more.requireIn(adapters, adapter);
        return adapters;
    }

    /// The adapter's, if there is one that knows no more tokens than the model.
    private static Tokenizer tokenizer(Layer model, Path adapter, Tokenizer otherwise) {
        if (!(model instanceof LanguageModel decoder) || !Files.isRegularFile(adapter.resolve(TOKENIZER))) {
            return otherwise;
        }
        Tokenizer own = Tokenizers.load(adapter);
        return own.vocabularySize() > decoder.vocabSize() ? otherwise : own;
    }

    /// Writes the adapter as peft has it, with the tokenizer if it came with one.
    ///
    /// @param from where it came from
    /// @param name what peft is to call the base
    public void save(Path folder, Path from, String name) {
        PeftFolder.save(folder, adapters, AdapterTuning.NAME, name);
        if (base.model() instanceof LanguageModel model && Files.isRegularFile(from.resolve(TOKENIZER))) {
            HuggingFaceFolder.saveTokenizer(folder, base.tokenizer(), base.generation(), model.context());
        }
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
        LanguageModel model = SoftPromptFolder.is(adapter)
                ? SoftPromptFolder.load(adapter, (LanguageModel) Composed.published(base.model()))
                : (LanguageModel) opened(base.model(), adapter).model();
        Tokenizer tokenizer = tokenizer(model, adapter, base.tokenizer());
        Set<Integer> ends = new TreeSet<>(base.ends());
        ends.addAll(tokenizer.roles().eos());
        ModelText text =
                new ModelText(tokenizer, base.text().delimiter(), base.text().separator());
        return new SavedModel(model.eval(), text, base.generation(), base.data(), ends);
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
