package own;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// Two linear maps with a ReLU between: a user of layers alone, without training.
public final class OwnLayer extends Layer {
    private final Linear up; // (hidden, C)
    private final Linear down; // (C, hidden)

    public OwnLayer(int dim, int hidden, Rng rng) {
        this.up = child("up", new Linear(dim, hidden, rng.at("up")));
        this.down = child("down", new Linear(hidden, dim, rng.at("down")));
    }

    public static void main(String[] arguments) {
        System.out.println(new OwnLayer(4, 16, Rng.of(1)).forward(Tensor.randn(Rng.of(2), 2, 4)));
    }

    /// **Shapes** x (..., C) → (..., C)
    public Tensor forward(Tensor x) {
        return down.forward(up.forward(x).relu()); // (..., C)
    }
}
