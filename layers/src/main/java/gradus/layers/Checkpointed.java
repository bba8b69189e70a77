package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import gradus.tensor.op.Checkpoint;
import java.util.List;

/// A layer whose activations are not kept for the backward but computed again: less memory for more work, see
/// [Checkpoint]. Around each block of a model, memory for activations grows with the input of a block instead
/// of all that happens in it. Parameters keep their names, dropout draws the same numbers both times, and
/// running means such as BatchNorm's take in each batch once.
public final class Checkpointed extends Layer implements Transform {
    private final Layer inner;
    private final Transform transform;

    /// @param inner a layer of one tensor
    public <L extends Layer & Transform> Checkpointed(L inner) {
        require(inner != null, "Checkpointed: a layer must be given; got null");
        this.inner = wrapped(inner);
        this.transform = inner;
    }

    /// **Shapes** x as the layer takes it → as the layer gives it
    ///
    /// @throws gradus.error.ConfigException if the layer adds a loss of its own, as the balance of experts:
    ///     what it is computed from is not kept, so it would have no gradient. The backward throws it if
    ///     layers were put into training or evaluation after the forward.
    @Override
    public Tensor forward(Tensor x) {
        return apply(inner, transform, x);
    }

    /// The same without a layer around it: a function of one tensor, computed again in the backward.
    ///
    /// @param layer   whose parameters and random numbers the function uses
    /// @param forward what it does, as `block::forward`
    public static Tensor apply(Layer layer, Transform forward, Tensor x) {
        Rng drawn = layer.random(); // another step may have begun when the backward comes
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
