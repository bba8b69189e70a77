package gradus.train.run;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.ShapeException;
import gradus.layers.model.BertEncoder;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.train.pretrained.Pooling;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.pretrained.SentenceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// An encoder that makes vectors of texts, from the folder of a run that learnt it.
///
/// @param encoder in evaluation
public record SavedEmbedding(BertEncoder encoder, TokenizerPipeline tokenizer) {

    /// Opens a run's folder, or a folder of sentence-transformers.
    ///
    /// @throws gradus.error.GradusException if there is no such encoder
    public static SentenceEmbedding open(Path path) {
        if (SavedModel.isHuggingFace(path) || !Files.exists(path.resolve("config.json"))) {
            return SentenceEmbedding.load(path);
        }
        return ofRun(path).embedding();
    }

    /// Opens a run's folder, for whoever trains its encoder further.
    ///
    /// @throws CheckpointMismatchException if the run learnt something else
    public static SavedEmbedding ofRun(Path path) {
        return ofRun(path, false)
                .orElseThrow(() -> new CheckpointMismatchException(
                        path + ": makes no vectors of texts; gradus train --task contrastive trains what does"));
    }

    /// @return nothing if the run learnt something else
    static Optional<SavedEmbedding> ofRun(Path path, boolean best) {
        RunFolder folder = RunFolder.open(path);
        RunConfig config = RunConfig.read(folder);
        if (config.task() != RunTask.CONTRASTIVE) {
            return Optional.empty();
        }
        Tokenizer tokenizer = SavedModel.tokenizer(folder, config);
        BertEncoder encoder;
        try {
            encoder = new BertEncoder(EncoderSize.encoder(config.model()), Rng.of(0));
        } catch (ConfigException | ShapeException impossible) {
            throw new CorruptCheckpointException(folder.config() + ": " + impossible.getMessage(), impossible);
        }
        SavedModel.load(encoder, folder, best);
        return Optional.of(of(encoder, tokenizer, folder.path()));
    }

    static SavedEmbedding of(BertEncoder encoder, Tokenizer tokenizer, Path where) {
        if (tokenizer instanceof TokenizerPipeline pipeline) {
            return new SavedEmbedding(encoder, pipeline);
        }
        throw new CheckpointMismatchException("%s: its tokenizer, a %s, frames no texts; an encoder needs one that does"
                .formatted(where, tokenizer.name()));
    }

    /// As it was trained: the mean of the states, scaled to length 1.
    public SentenceEmbedding embedding() {
        return new SentenceEmbedding(
                encoder, tokenizer, new SentenceSettings(encoder.config().context(), Pooling.MEAN, true));
    }
}
