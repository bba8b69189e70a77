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
        Rng drawn = random(); // another step may have begun when the backward comes
        List<Boolean> modes = inner.modes();
        return Checkpoint.apply(inputs -> again(inputs[0], drawn, modes), inner.parameters(), x);
    }

    private Tensor again(Tensor x, Rng drawn, List<Boolean> modes) {
        require(
                modes.equals(inner.modes()),
                "Checkpointed: train() or eval() was called between the forward and its backward, which would compute"
                        + " something else; call it after backward()");
        Rng now = random();
        if (drawn == now) {
            return forwardWithoutLoss(x);
        }
        inner.random(drawn);
        try {
            return forwardWithoutLoss(x);
        } finally {
            inner.random(now);
        }
    }

    private Tensor forwardWithoutLoss(Tensor x) {
        Tensor y = transform.forward(x);
        require(
                inner.auxiliaryLoss() == null,
                "Checkpointed: the layer adds a loss of its own, which would get no gradient here; set its weight to 0"
                        + " or do not checkpoint this layer");
        return y;
    }
}
