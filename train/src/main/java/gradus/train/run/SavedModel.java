package gradus.train.run;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.ShapeException;
import gradus.error.UsageException;
import gradus.layers.Layer;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.Weights;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.gguf.GgufModel;
import gradus.train.pretrained.peft.PeftFolder;
import gradus.train.run.text.EndTokens;
import gradus.train.run.text.ModelText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// A language model from a file or folder, ready to write: what `gradus train` left, a folder of Hugging
/// Face's, or a GGUF file.
///
/// @param model      in evaluation
/// @param text       its tokens, and what stands between documents
/// @param generation which tokens begin and end a text, and how tokens are best drawn, as far as its files say
/// @param data       what it was trained on, or null where nobody knows
/// @param ends       the tokens that end what it writes
public record SavedModel(
        LanguageModel model, ModelText text, GenerationConfig generation, RunConfig.Data data, Set<Integer> ends) {
    private static final String GGUF = ".gguf";

    /// The weights after the last step of a run.
    public static SavedModel open(Path path) {
        return open(path, false);
    }

    /// @param best whether to take the weights of a run's lowest validation loss
    /// @throws UsageException              if there is no model
    /// @throws CheckpointMismatchException if its parts do not fit each other, or it is no language model
    public static SavedModel open(Path path, boolean best) {
        if (isGguf(path)) {
            requireRun(best, path);
            GgufModel file = GgufModel.read(path);
            Tokenizer tokenizer = file.tokenizer();
            Set<Integer> ends = EndTokens.ofGguf(Gguf.open(path), tokenizer);
            return new SavedModel(file.languageModel(), ModelText.of(tokenizer), GenerationConfig.NONE, null, ends);
        }
        if (Files.isRegularFile(path)) {
            throw new UsageException(
                    path + " is a file; a model is a run's folder, a Hugging Face folder or a " + GGUF + " file");
        }
        if (isHuggingFace(path)) {
            requireRun(best, path);
            return ofHuggingFace(path);
        }
        if (PeftFolder.is(path)) {
            throw new UsageException(path + " holds an adapter and no model; gradus merge --base … --adapter " + path
                    + " makes one of it");
        }
        return ofRun(RunFolder.open(path), best);
    }

    private static void requireRun(boolean best, Path path) {
        if (best) {
            throw new UsageException("--best: only a run's folder holds the weights of the lowest validation loss; "
                    + path + " is none");
        }
    }

    public static boolean isGguf(Path path) {
        return path.toString().endsWith(GGUF);
    }

    /// Whether a path is a folder of Hugging Face's: one whose config.json names a type of model.
    static boolean isHuggingFace(Path path) {
        Path config = path.resolve("config.json");
        return Files.isRegularFile(config) && CheckpointJson.read(config).has("model_type");
    }

    private static SavedModel ofHuggingFace(Path path) {
        LanguageModel model = HuggingFaceFolder.load(path, LanguageModel.class);
        Tokenizer tokenizer = Tokenizers.load(path);
        requireFits(tokenizer, model.vocabSize(), path);
        GenerationConfig generation = GenerationConfig.read(path);
        Set<Integer> ends = EndTokens.ofFolder(path, generation, tokenizer);
        return new SavedModel(model, ModelText.of(tokenizer), generation, null, ends);
    }

    private static SavedModel ofRun(RunFolder folder, boolean best) {
        RunConfig config = RunConfig.read(folder);
        if (config.task().isEncoder()) {
            throw new CheckpointMismatchException("%s: is an encoder, which %s; it does not write texts"
                    .formatted(
                            folder.path(),
                            config.task() == RunTask.MLM ? "predicts hidden tokens" : "makes vectors of texts"));
        }
        Tokenizer tokenizer = tokenizer(folder, config);
        Gpt gpt = build(config.model(), folder);
        load(gpt, folder, best);
        RunConfig.Data data = config.data();
        boolean several = data.files() != null && data.files().size() > 1;
        ModelText text = ModelText.of(tokenizer, data.documentSeparator(), several, folder.config());
        Set<Integer> ends = text.separatorText() == null ? Set.of() : Set.of(text.separator());
        return new SavedModel(gpt, text, GenerationConfig.NONE, data, ends);
    }

    /// The tokenizer of a run.
    ///
    /// @throws CheckpointMismatchException if it is another one than the run was begun with
    static Tokenizer tokenizer(RunFolder folder, RunConfig config) {
        Tokenizer tokenizer = Tokenizers.load(folder.tokenizer());
        requireFits(tokenizer, config.model().vocabSize(), folder.config());
        if (config.data().tokenizer() != null && !config.data().tokenizer().equals(Tokenizers.fingerprint(tokenizer))) {
            throw new CheckpointMismatchException(
                    "%s is not the tokenizer that %s was trained with".formatted(folder.tokenizer(), folder.weights()));
        }
        return tokenizer;
    }

    /// Fills a model with the weights of a run, and puts it into evaluation.
    static void load(Layer model, RunFolder folder, boolean best) {
        if (best && !Files.isRegularFile(folder.best())) {
            throw new UsageException(folder.path() + " holds no "
                    + folder.best().getFileName() + ": no validation loss was measured on the way; leave out --best");
        }
        Weights.load(best ? folder.best() : folder.weights(), model);
        model.eval();
    }

    /// A configuration that no model can have is the file's fault. Its parameters take no memory before the
    /// weights are found to fit.
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

    public Tokenizer tokenizer() {
        return text.tokenizer();
    }

    /// Whether a text it writes ends with its line.
    public boolean linesAreEntries() {
        return data != null && data.linesAreEntries();
    }
}
