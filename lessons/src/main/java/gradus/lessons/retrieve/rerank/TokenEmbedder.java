package gradus.lessons.retrieve.rerank;

import java.util.List;

/// Gives each token of a text a vector.
@FunctionalInterface
public interface TokenEmbedder {
    /// **Shapes** N texts → N times (T, C), T that text's tokens
    float[][][] tokens(List<String> texts);
}
