package gradus.lessons.lab.incontext;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.TransformerBlock;
import gradus.layers.model.config.GptConfig;
import gradus.layers.norm.LayerNorm;
import gradus.layers.position.NoPosition;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// A decoder that reads and writes numbers: blocks of a [gradus.layers.model.Gpt] between a linear read-in and
/// a linear read-out. `y = W_out·norm(block_L(…block₁(W_in·z)))`
///
/// Each place holds its own x, and x and y of the example before. Garg et al. 2022, arXiv:2208.01066, give x
/// and y places of their own: then a first layer must bring the two together, which takes most of the training.
/// Positions are left out, as the order of examples says nothing.
final class LinearLearner extends Layer {
    private static final int HEADS = 4;
    private static final double EPS = 1e-5;

    private final Linear readIn;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Linear readOut;

    /// @param dim d, of x
    LinearLearner(int dim, int layers, int channels, Rng rng) {
        GptConfig config = new GptConfig(1, 1, layers, HEADS, channels, 0);
        this.readIn = child("read_in", new Linear(inputs(dim), channels, true, rng.at("read_in")));
        for (int i = 0; i < layers; i++) {
            blocks.add(child("h." + i, TransformerBlock.of(config, new NoPosition(), rng.at("h." + i))));
        }
        this.norm = child("ln_f", new LayerNorm(channels, EPS));
        this.readOut = child("read_out", new Linear(channels, 1, true, rng.at("read_out")));
    }

    /// Numbers of a place: x, the x before, the y before.
    static int inputs(int dim) {
        return 2 * dim + 1;
    }

    /// **Shapes** z (B, T, 2d + 1) → (B, T, 1)
    Tensor forward(Tensor z) {
        Tensor x = readIn.forward(z); // (B, T, C)
        for (TransformerBlock block : blocks) {
            x = block.forward(x); // (B, T, C)
        }
        return readOut.forward(norm.forward(x)); // (B, T, 1)
    }
}
