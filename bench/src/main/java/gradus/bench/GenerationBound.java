package gradus.bench;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;

/// What generation with a cache must read from memory at least: with each step the weights once, and of each text the
/// keys and values of its tokens so far.
final class GenerationBound {
    private final double weights;
    private final double cached;

    GenerationBound(Gpt gpt, GptConfig config) {
        weights = 4.0 * (gpt.parameterCount() - (long) config.context() * config.dim()); // one row of the positions
        cached = 4.0 * 2 * config.layers() * config.dim();
    }

    /// Bytes of the weights.
    double weights() {
        return weights;
    }

    /// Bytes of the keys and values of a token.
    double cached() {
        return cached;
    }

    /// Bytes of a step of so many texts, each of which has so many tokens.
    double step(int texts, int tokens) {
        return weights + cached * texts * tokens;
    }

    /// Bytes of a prompt and so many tokens more; the prompt is a step too.
    double all(int texts, int prompt, int tokens) {
        double bytes = 0;
        for (int i = 0; i < tokens; i++) {
            bytes += step(texts, i == 0 ? 0 : prompt + i - 1);
        }
        return bytes;
    }
}
