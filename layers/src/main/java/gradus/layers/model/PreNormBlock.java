package gradus.layers.model;

import gradus.layers.Transform;
import gradus.layers.model.config.GptConfig;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// A pre-norm transformer block: `x ← x + attention(norm₁(x))`, `x ← x + feedForward(norm₂(x))`. Radford et
/// al. 2019 (GPT-2), section 2.3: with the norm inside the branch, gradients reach every block through the
/// sums unchanged. The sum itself is never normalised, so a last norm must follow the last block.
public final class PreNormBlock extends TransformerBlock {
    public PreNormBlock(GptConfig config, Position position, Rng rng) {
        super(config, position, rng);
    }

    @Override
    protected Tensor forward(Tensor x, Transform attend) {
        x = x.add(dropout1.forward(attend.forward(norm1.forward(x))));
        return x.add(dropout2.forward(feedForward.forward(norm2.forward(x))));
    }
}
