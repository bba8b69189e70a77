package gradus.train.run;

import gradus.error.CheckpointMismatchException;
import gradus.error.FileReason;
import gradus.error.UsageException;
import gradus.layers.Layer;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.BertEncoder;
import gradus.tensor.quant.QuantConfig;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.train.checkpoint.GgufType;
import gradus.train.pretrained.Composed;
import gradus.train.pretrained.EarlierFiles;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.SentenceFiles;
import gradus.train.pretrained.gguf.GgufModel;
import gradus.train.pretrained.gguf.Modelfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Writes a model for other programs.
///
/// @param say       takes what there is to tell: what was written, and what was left out
/// @param overwrite whether what is there may be replaced
public record Export(Consumer<String> say, boolean overwrite) {

    /// @param type what matrices are stored in
    public void gguf(ExchangedModel given, Path file, GgufType type) {
        gguf(given, file, type, true);
    }

    /// @param modelfile whether a Modelfile is written beside it
    public void gguf(ExchangedModel given, Path file, GgufType type, boolean modelfile) {
        ExchangedModel written = given.withoutMaskedHead();
        TokenizerPipeline tokenizer = requireGguf(written.model(), written.tokenizer());
        if (Files.exists(file) && !overwrite) {
            throw new UsageException(file + " is there already; choose another name or --overwrite it");
        }
        if (written != given) {
            say.accept("left out: the head that predicts masked tokens, for which GGUF has no place");
        }
        int widened = Quantization.dequantize(written.model());
        if (widened > 0) {
            say.accept("dequantised first: %s matrices, which this file stores as %s"
                    .formatted(widened, type.name().toLowerCase(Locale.ROOT)));
        }
        createFolder(file.toAbsolutePath().getParent());
        GgufModel model =
                new GgufModel(written.model(), tokenizer, written.pooling()).withTokensOf(written.generation());
        model.write(file, type);
        if (!modelfile) {
            say.accept("written: " + file);
            return;
        }
        Path beside = write(new Modelfile(file, model, written.generation()));
        say.accept("written: " + file + ", and " + beside + " for Ollama");
    }

    private Path write(Modelfile modelfile) {
        Path beside = modelfile.write();
        modelfile.leftOut().forEach(what -> say.accept("left out of " + beside + ": " + what));
        return beside;
    }

    /// Writes a Modelfile beside a LoRA's file, for a base and the LoRA. A base that is no GGUF file becomes
    /// one.
    ///
    /// @param given    the base, which `path` names
    /// @param baseFile where it is written, if it has to be
    /// @param type     of its matrices then
    /// @param adapter  the LoRA's file
    public void modelfile(ExchangedModel given, Path path, Path baseFile, GgufType type, Path adapter) {
        boolean isFile = SavedModel.isGguf(path);
        if (!isFile) {
            gguf(given, baseFile, type, false);
        }
        GgufModel model = new GgufModel(given.model(), requireGguf(given.model(), given.tokenizer()), given.pooling())
                .withTokensOf(given.generation());
        String from = isFile ? path.toAbsolutePath().toString() : "./" + baseFile.getFileName();
        Path beside = write(new Modelfile(from, adapter, model, given.generation()));
        say.accept("written: " + beside + " for Ollama");
    }

    /// Makes sure that a GGUF file can hold a model with its tokenizer.
    ///
    /// @throws CheckpointMismatchException if it cannot
    public static TokenizerPipeline requireGguf(Layer model, Tokenizer tokenizer) {
        if (!(tokenizer instanceof TokenizerPipeline pipeline)) {
            throw new CheckpointMismatchException(
                    "a GGUF file takes a BPE or a Unigram; this model has a %s tokenizer; train"
                                    .formatted(tokenizer.name())
                            + " with --preset bpe-small or --tokenizer");
        }
        GgufModel.requireKnown(Composed.published(model));
        return pipeline;
    }

    public void huggingFace(ExchangedModel given, Path folder) {
        huggingFace(given, folder, null);
    }

    /// @param quantized what linear layers are quantised to first, NF4; or null to leave them as they are
    public void huggingFace(ExchangedModel given, Path folder, QuantConfig quantized) {
        if (Files.exists(folder) && !overwrite && !isEmptyFolder(folder)) {
            throw new UsageException(folder + " is not empty; choose another folder or --overwrite it");
        }
        if (quantized != null) {
            int count = Quantization.quantize(given.model(), quantized).size();
            say.accept("quantised to %s: %s linear layers; embeddings and head stay float32"
                    .formatted(quantized.name(), count));
        }
        EarlierFiles earlier = new EarlierFiles(folder);
        HuggingFaceFolder.save(folder, given.model(), given.tokenizer(), given.generation());
        if (given.sentences() != null && given.model() instanceof BertEncoder encoder) {
            SentenceFiles.write(folder, given.sentences(), encoder.config().dim());
        } else if (given.pooling() != null) {
            say.accept("left out: pooling " + given.pooling()
                    + ", which a folder tells in the files of sentence-transformers");
        }
        say.accept("written: " + folder);
        List<String> removed = earlier.removeUnwritten();
        if (!removed.isEmpty()) {
            say.accept("removed, of the model before: " + String.join(", ", removed));
        }
    }

    private static boolean isEmptyFolder(Path path) {
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UsageException(path + " is no folder that can be written to", e);
        }
    }

    private static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UsageException(folder + " cannot be made: " + FileReason.of(e), e);
        }
    }
}
