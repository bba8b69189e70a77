package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import gradus.tensor.op.Checkpoint;

/// A layer whose activations are not kept for the backward but computed again: less memory for more work, see
/// [Checkpoint]. Around each block of a model, memory for activations grows with the input of a block instead of all
/// that happens in it. Parameters keep their names, dropout draws the same numbers both times, and running means such
/// as BatchNorm's take in each batch once.
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
    @Override
    public Tensor forward(Tensor x) {
        Rng drawn = random(); // another step may have begun when the backward comes
        return Checkpoint.apply(inputs -> again(inputs[0], drawn), inner.parameters(), x);
    }

    private Tensor again(Tensor x, Rng drawn) {
        Rng now = random();
        if (drawn == now) {
            return transform.forward(x);
        }
        inner.random(drawn);
        try {
            return transform.forward(x);
        } finally {
            inner.random(now);
        }
    }
}
