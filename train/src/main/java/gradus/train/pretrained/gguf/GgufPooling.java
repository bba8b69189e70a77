package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.BertEncoder;
import gradus.train.pretrained.Pooling;
import gradus.train.pretrained.SentenceFiles;
import java.nio.file.Path;
import java.util.Optional;

/// How an encoder's states become the one vector of a text, in the order of llama.cpp's numbers.
public enum GgufPooling {
    /// They stay as they are, one for each token.
    NONE,
    /// Their mean, as [gradus.train.pretrained.SentenceEmbedding] takes it.
    MEAN,
    /// The first token's.
    CLS,
    /// The last token's.
    LAST,
    /// A score, by a head of its own.
    RANK;

    /// What a folder of sentence-transformers says, or null where modules.json is missing. llama.cpp scales
    /// vectors to length 1 or not as whoever runs it asks.
    ///
    /// @throws CheckpointMismatchException if llama.cpp has no such pooling
    public static GgufPooling ofFolder(Path folder, BertEncoder encoder) {
        Optional<SentenceFiles> files = SentenceFiles.ifThere(folder);
        if (files.isEmpty()) {
            return null;
        }
        Pooling pooling = files.get().settings(encoder).pooling();
        return switch (pooling) {
            case MEAN -> MEAN;
            case CLS -> CLS;
            case LAST -> LAST;
            default -> throw new CheckpointMismatchException(folder + ": llama.cpp has no pooling like " + pooling);
        };
    }
}
