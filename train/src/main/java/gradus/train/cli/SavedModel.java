package gradus.train.cli;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.ShapeException;
import gradus.error.UsageException;
import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.Tokenizers;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Weights;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.pretrained.GgufModel;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Files;
import java.nio.file.Path;

/// A language model from a file or folder, ready to write: what `gradus train` left, a folder of Hugging
/// Face's, or a GGUF file.
///
/// @param model      in evaluation
/// @param generation which tokens begin and end a text, and how tokens are best drawn, as far as its files say
/// @param data       what it was trained on, or null where nobody knows
record SavedModel(LanguageModel model, Tokenizer tokenizer, GenerationConfig generation, RunConfig.Data data) {
    private static final String GGUF = ".gguf";

    /// @throws UsageException              if there is no model
    /// @throws CheckpointMismatchException if its parts do not fit each other, or it is no language model
    static SavedModel open(Path path) {
        if (isGguf(path)) {
            GgufModel file = GgufModel.read(path);
            return new SavedModel(file.languageModel(), file.tokenizer(), GenerationConfig.NONE, null);
        }
        if (Files.isRegularFile(path)) {
            throw new UsageException(
                    path + " is a file; a model is a run's folder, a Hugging Face folder or a " + GGUF + " file");
        }
        Path config = path.resolve("config.json");
        if (Files.isRegularFile(config) && CheckpointJson.read(config).has("model_type")) {
            return ofHuggingFace(path);
        }
        return ofRun(RunFolder.open(path));
    }

    static boolean isGguf(Path path) {
        return path.toString().endsWith(GGUF);
    }

    private static SavedModel ofHuggingFace(Path path) {
        LanguageModel model = HuggingFaceFolder.load(path, LanguageModel.class);
        Tokenizer tokenizer = Tokenizers.load(path);
        requireFits(tokenizer, model.vocabSize(), path);
        return new SavedModel(model, tokenizer, GenerationConfig.read(path), null);
    }

    private static SavedModel ofRun(RunFolder folder) {
        RunConfig config = RunConfig.read(folder);
        Tokenizer tokenizer = Tokenizers.load(folder.tokenizer());
        requireFits(tokenizer, config.model().vocabSize(), folder.config());
        if (config.data().tokenizer() != null && !config.data().tokenizer().equals(tokenizer.fingerprint())) {
            throw new CheckpointMismatchException(
                    "%s is not the tokenizer that %s was trained with".formatted(folder.tokenizer(), folder.weights()));
        }
        Gpt gpt = build(config.model(), folder);
        Weights.load(folder.weights(), gpt);
        gpt.eval();
        return new SavedModel(gpt, tokenizer, GenerationConfig.NONE, config.data());
    }

    /// A configuration that no model can have is the file's fault. Its parameters take no memory before the weights are
    /// found to fit.
    private static Gpt build(GptConfig config, RunFolder folder) {
        try {
            return new Gpt(config, Rng.of(0));
        } catch (ConfigException | ShapeException impossible) {
            throw new CorruptCheckpointException(folder.config() + ": " + impossible.getMessage(), impossible);
        }
    }

    private static void requireFits(Tokenizer tokenizer, int known, Path where) {
        if (tokenizer.vocabularySize() > known) {
            throw new CheckpointMismatchException("the tokenizer has %s tokens; the model of %s knows %s"
                    .formatted(tokenizer.vocabularySize(), where, known)); // BAD-INPUT 133
        }
    }

    /// Whether a text it writes ends with its line.
    boolean linesAreEntries() {
        return data != null && data.linesAreEntries();
    }
}
