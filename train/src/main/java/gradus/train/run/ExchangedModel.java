package gradus.train.run;

import gradus.layers.Layer;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.LanguageModel;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.SentenceFiles;
import gradus.train.pretrained.SentenceSettings;
import gradus.train.pretrained.gguf.GgufModel;
import gradus.train.pretrained.gguf.GgufPooling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A model of any kind that one program hands to another, an encoder too, where [SavedModel] is one that
/// writes.
///
/// @param model      in evaluation
/// @param tokenizer  its tokenizer
/// @param generation which tokens begin and end a text, and how tokens are best drawn, as far as its files say
/// @param pooling    how an encoder's states become a vector, or null where its files do not say
/// @param sentences  all that a folder of sentence-transformers says of vectors, or null where its files do not
///     say it; a GGUF file never does
public record ExchangedModel(
        Layer model,
        Tokenizer tokenizer,
        GenerationConfig generation,
        GgufPooling pooling,
        SentenceSettings sentences) {

    /// @param path a run's folder, a Hugging Face folder or a GGUF file
    /// @throws gradus.error.UsageException if there is no model
    public static ExchangedModel open(Path path) {
        return open(path, false);
    }

    /// @param best whether to take the weights of a run's lowest validation loss, which other places have not
    public static ExchangedModel open(Path path, boolean best) {
        if (best) {
            return ofRun(path, true);
        }
        if (SavedModel.isGguf(path)) {
            GgufModel file = GgufModel.read(path);
            return new ExchangedModel(file.model(), file.tokenizer(), GenerationConfig.NONE, file.pooling(), null);
        }
        return SavedModel.isHuggingFace(path) ? ofHuggingFace(path) : ofRun(path, false);
    }

    private static ExchangedModel ofRun(Path path, boolean best) {
        Optional<SavedEncoder> encoder = SavedEncoder.ofRun(path, best);
        if (encoder.isPresent()) {
            SavedEncoder found = encoder.get();
            return new ExchangedModel(found.model(), found.tokenizer(), GenerationConfig.NONE, null, null);
        }
        Optional<SavedEmbedding> embedding = SavedEmbedding.ofRun(path, best);
        if (embedding.isPresent()) {
            SavedEmbedding found = embedding.get();
            return new ExchangedModel(
                    found.encoder(),
                    found.tokenizer(),
                    GenerationConfig.NONE,
                    GgufPooling.MEAN,
                    found.embedding().settings());
        }
        SavedModel run = SavedModel.open(path, best);
        return new ExchangedModel(run.model(), run.tokenizer(), ends(run), null, null);
    }

    /// The control token between the documents that a run has seen begins and ends what it writes.
    private static GenerationConfig ends(SavedModel run) {
        GenerationConfig none = GenerationConfig.NONE;
        return run.ends().isEmpty()
                ? none
                : none.withTokens(
                        OptionalInt.of(run.ends().iterator().next()), List.copyOf(run.ends()), OptionalInt.empty());
    }

    private static ExchangedModel ofHuggingFace(Path folder) {
        Layer model = HuggingFaceFolder.load(folder);
        Tokenizer tokenizer = Tokenizers.load(folder);
        GenerationConfig generation =
                model instanceof LanguageModel ? GenerationConfig.read(folder) : GenerationConfig.NONE;
        GgufPooling pooling = model instanceof BertEncoder encoder ? GgufPooling.ofFolder(folder, encoder) : null;
        SentenceSettings sentences = model instanceof BertEncoder encoder
                ? SentenceFiles.ifThere(folder)
                        .map(files -> files.settings(encoder))
                        .orElse(null)
                : null;
        return new ExchangedModel(model, tokenizer, generation, pooling, sentences);
    }

    /// The same without the head that predicts masked tokens, if it has one.
    ExchangedModel withoutMaskedHead() {
        return model instanceof BertMaskedLm masked
                ? new ExchangedModel(masked.encoder(), tokenizer, generation, pooling, sentences)
                : this;
    }
}
