package gradus.lessons.lab.inference;

import static gradus.error.ConfigException.require;

import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;

/// The size of the model, and how long it reads.
///
/// @param layers L
/// @param heads  H, a multiple of 4
/// @param dim    C
/// @param vocabulary V
/// @param longest the longest text, a multiple of 64
/// @param rounds in each of which everything is measured once
record InferencePlan(int layers, int heads, int dim, int vocabulary, int longest, int rounds) {
    /// What a pass may have behind the longest text.
    static final int ROOM = 16;

    private static final int STEP = 64;

    /// @throws gradus.error.ConfigException if a size does not fit
    InferencePlan {
        require(heads >= 4 && heads % 4 == 0, "heads must be a multiple of 4; got %d", heads);
        require(longest >= STEP && longest % STEP == 0, "the longest text must be a multiple of 64; got %d", longest);
        require(rounds >= 1, "rounds must be at least 1; got %d", rounds);
    }

    /// A model of GPT-2's kind with a head of its own.
    GptConfig config() {
        return new GptConfig(vocabulary, longest + ROOM, layers, heads, dim, 0).withHead(Head.OWN);
    }

    /// The same number of layers and calls, with next to nothing to compute.
    GptConfig empty() {
        return new GptConfig(2, longest + ROOM, layers, heads, heads, 0).withHead(Head.OWN);
    }

    /// So many parts of the longest text.
    int part(int parts) {
        return longest / parts;
    }
}
