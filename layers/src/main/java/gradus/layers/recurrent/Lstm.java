package gradus.layers.recurrent;

import static gradus.error.ShapeException.require;

import gradus.layers.Dropout;
import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// Long short-term memory: a cell state c that gates write, keep and read. With σ the sigmoid,
///
/// `i, f, o = σ(W·x_t + U·h_{t-1} + b)` and `g = tanh(W·x_t + U·h_{t-1} + b)`, each with rows of its own in
/// W, U, b; `c_t = f·c_{t-1} + i·g`, `h_t = o·tanh(c_t)`, from h = c = 0.
///
/// Hochreiter & Schmidhuber 1997, "Long short-term memory", with the forget gate of Gers et al. 2000. Layers may
/// stand on each other, and in each a second direction may read from the end; the results of both directions are
/// then joined.
///
/// Parameters have PyTorch's names and start uniformly from -1/√H to 1/√H: `weight_ih_l0` (4·H, in) is W,
/// with the rows of i, f, g and o in this order; `weight_hh_l0` (4·H, H) is U; `bias_ih_l0` and `bias_hh_l0`
/// are added, two of them as in PyTorch; those of the second direction end in `_reverse`. Costs `8·H·(in +
/// H)` operations a position for each layer and direction, one position after the other.
public final class Lstm extends Layer implements Transform {
    private final LstmConfig config;
    private final List<List<Direction>> layers = new ArrayList<>();
    private final List<Dropout> dropouts = new ArrayList<>(); // between the layers

    /// The parameters of one direction of one layer.
    private record Direction(Tensor input, Tensor state, Tensor inputBias, Tensor stateBias, boolean reverse) {}

    /// @param rng random numbers for the initial weights
    public Lstm(LstmConfig config, Rng rng) {
        this.config = config;
        for (int i = 0; i < config.layers(); i++) {
            int in = i == 0 ? config.in() : config.out();
            List<Direction> directions = new ArrayList<>();
            directions.add(direction("_l" + i, in, false, rng));
            if (config.bidirectional()) {
                directions.add(direction("_l" + i + "_reverse", in, true, rng));
            }
            layers.add(directions);
            if (i > 0) {
                dropouts.add(child("dropout_l" + (i - 1), new Dropout(config.dropout())));
            }
        }
    }

    private Direction direction(String end, int in, boolean reverse, Rng rng) {
        int gates = 4 * config.hidden();
        return new Direction(
                weight("weight_ih" + end, WeightKind.MATRIX, rng, gates, in),
                weight("weight_hh" + end, WeightKind.MATRIX, rng, gates, config.hidden()),
                weight("bias_ih" + end, WeightKind.BIAS, rng, gates),
                weight("bias_hh" + end, WeightKind.BIAS, rng, gates),
                reverse);
    }

    private Tensor weight(String name, WeightKind kind, Rng rng, int... dims) {
        double bound = 1 / Math.sqrt(config.hidden());
        return param(name, kind, Tensor.rand(rng.at(name), dims).mul(2 * bound).sub(bound));
    }

    /// The states of the last layer.
    ///
    /// **Shapes** x (B, T, in) → (B, T, H), or (B, T, 2·H) of two directions, the forward one first
    ///
    /// @throws gradus.error.ShapeException if x has another shape
    @Override
    public Tensor forward(Tensor x) {
        require(
                x.rank() == 3 && x.dim(2) == config.in(),
                "Lstm: the input must be (B, T, %d); got %s",
                config.in(),
                x.shape());
        for (int i = 0; i < layers.size(); i++) {
            Tensor below = i == 0 ? x : dropouts.get(i - 1).forward(x); // (B, T, in)
            Tensor[] states = layers.get(i).stream()
                    .map(direction -> states(below, direction))
                    .toArray(Tensor[]::new);
            x = states.length == 1 ? states[0] : Tensor.concat(2, states); // (B, T, H or 2·H)
        }
        return hooked(x);
    }

    /// **Shapes** x (B, T, in) → (B, T, H)
    private Tensor states(Tensor x, Direction direction) {
        int hidden = config.hidden();
        Tensor fromInput = x.linear(direction.input, direction.inputBias); // (B, T, 4·H)
        Tensor[] states = new Tensor[x.dim(1)];
        Tensor h = null; // (B, H), 0 at first
        Tensor c = null; // (B, H), 0 at first
        for (int n = 0; n < states.length; n++) {
            int t = direction.reverse ? states.length - 1 - n : n;
            Tensor own = fromInput.select(1, t); // (B, 4·H)
            Tensor gates = own.add(h == null ? direction.stateBias : h.linear(direction.state, direction.stateBias));
            Tensor i = gates.slice(1, 0, hidden).sigmoid(); // (B, H)
            Tensor f = gates.slice(1, hidden, 2 * hidden).sigmoid();
            Tensor g = gates.slice(1, 2 * hidden, 3 * hidden).tanh();
            Tensor o = gates.slice(1, 3 * hidden).sigmoid();
            c = c == null ? i.mul(g) : f.mul(c).add(i.mul(g));
            h = o.mul(c.tanh());
            states[t] = h;
        }
        return Tensor.stack(1, states); // (B, T, H)
    }

    public LstmConfig config() {
        return config;
    }
}
