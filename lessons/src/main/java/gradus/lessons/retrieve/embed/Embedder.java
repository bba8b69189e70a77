package gradus.lessons.retrieve.embed;

import gradus.train.pretrained.SentenceEmbedding;
import java.util.List;

/// Gives texts vectors, near each other for texts that mean the same.
@FunctionalInterface
public interface Embedder {
    /// The vectors of texts, in their order, each of length 1, or 0 where a text has nothing to go by: then its
    /// similarity to anything is 0.
    ///
    /// **Shapes** N texts → (N, C)
    float[][] embed(List<String> texts);

    /// By a sentence encoder, for one: all-MiniLM-L6-v2.
    static Embedder of(SentenceEmbedding embedding) {
        return embedding::embed;
    }
}
