package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.op.Checkpoint;
import gradus.tensor.random.Rng;
import java.util.List;

/// A layer whose activations are not kept for the backward pass but computed again in it: less memory for
/// more work, see [Checkpoint]. If each block of a model is wrapped in this layer, only the inputs of the
/// blocks are kept, and not the activations inside them. Parameters keep their names, dropout draws the same
/// numbers both times, and running means such as BatchNorm's are updated once per batch.
public final class Checkpointed extends Layer implements Transform {
    private final Layer inner;
    private final Transform transform;

    /// @param inner a layer that computes one tensor from one tensor
    public <L extends Layer & Transform> Checkpointed(L inner) {
        require(inner != null, "Checkpointed: a layer must be given; got null");
        this.inner = wrapped(inner);
        this.transform = inner;
    }

    /// **Shapes** x as the inner layer expects it → as the inner layer returns it
    ///
    /// @throws gradus.error.ConfigException if the layer adds a loss of its own, such as the loss that balances
    ///     experts: the activations that this loss is computed from are not kept, so it would get no gradient.
    ///     The backward pass throws it if train() or eval() was called after the forward pass.
    @Override
    public Tensor forward(Tensor x) {
        return apply(inner, transform, x);
    }

    /// Applies a function of one tensor, and computes it again in the backward pass.
    ///
    /// @param layer   the layer whose parameters and random numbers the function uses
    /// @param forward the function, for example `block::forward`
    public static Tensor apply(Layer layer, Transform forward, Tensor x) {
        Rng drawn = layer.random(); // another step may have begun before the backward pass
        List<Boolean> modes = layer.modes();
        return Checkpoint.apply(inputs -> again(layer, forward, inputs[0], drawn, modes), layer.parameters(), x);
    }

    private static Tensor again(Layer layer, Transform forward, Tensor x, Rng drawn, List<Boolean> modes) {
        require(
                modes.equals(layer.modes()),
                "Checkpointed: train() or eval() was called between forward and backward, so the recomputed forward would"
                        + " differ from the first; call it after backward()");
        Rng now = layer.random();
        if (drawn == now) {
            return forwardWithoutLoss(layer, forward, x);
        }
        layer.random(drawn);
        try {
            return forwardWithoutLoss(layer, forward, x);
        } finally {
            layer.random(now);
        }
    }

    private static Tensor forwardWithoutLoss(Layer layer, Transform forward, Tensor x) {
        Tensor y = forward.forward(x);
        require(
                layer.auxiliaryLoss() == null,
                "Checkpointed: the layer adds a loss of its own, which would get no gradient here; set its weight to 0"
                        + " or do not checkpoint this layer");
        return y;
    }
}
