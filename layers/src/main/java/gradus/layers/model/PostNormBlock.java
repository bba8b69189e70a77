package gradus.layers.model;

import gradus.layers.Transform;
import gradus.layers.model.config.GptConfig;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// A post-norm transformer block: `x ← norm₁(x + attention(x))`, `x ← norm₂(x + feedForward(x))`. Vaswani et
/// al. 2017, arXiv:1706.03762, and BERT. The results of every block have the same scale, but gradients pass
/// through a norm after each sum, so deep models need a long warm-up (Xiong et al. 2020, arXiv:2002.04745).
public final class PostNormBlock extends TransformerBlock {
    public PostNormBlock(GptConfig config, Position position, Rng rng) {
        super(config, position, rng);
    }

    @Override
    protected Tensor forward(Tensor x, Transform attend) {
        x = norm1.forward(x.add(dropout1.forward(attend.forward(x))));
        return norm2.forward(x.add(dropout2.forward(feedForward.forward(x))));
    }
}
