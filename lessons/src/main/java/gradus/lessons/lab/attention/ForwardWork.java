package gradus.lessons.lab.attention;

import gradus.layers.Layer.Hook;
import gradus.layers.Linear;
import gradus.layers.inspect.AttentionWeights;
import gradus.layers.model.Gpt;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Operations of the matrix products of one pass over a sequence, counted while it runs: `2·in·out` for each row that
/// goes through a linear layer, `4·D` for each query and key of a head that see each other (`Q·Kᵀ` and `P·V`), and the
/// head, `2·C·V` a token. A pair that a mask hides does not count, whether or not a program skips it. Unlike the count
/// of a report, which takes every attention for a full one.
///
/// @param linear of the linear layers
/// @param pairs  queries and keys that see each other, of all heads and layers
/// @param ahead  of these, those whose key lies behind the query: 0, or the model sees what it is to predict
/// @param mixing of these pairs
/// @param head   of the head
/// @param time   T
record ForwardWork(double linear, long pairs, long ahead, double mixing, double head, int time) {
    private static final int BACKWARD = 3; // a training step: forward, and twice as much backward

    /// Of a model in evaluation whose head is the table of its tokens.
    ///
    /// @param time T, tokens of the sequence
    static ForwardWork of(Gpt model, int time) {
        int heads = model.config().heads();
        Indices ids = Indices.of(
                Shape.of(1, time),
                IntStream.range(0, time).map(t -> t % model.vocabSize()).toArray());
        double[] linear = {0};
        List<Hook> hooks = new ArrayList<>();
        for (Linear each : model.namedLayers(Linear.class).values()) {
            hooks.add(each.hookInput(x -> {
                linear[0] += 2.0 * x.size() * each.out();
                return x;
            }));
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            model.forward(ids);
        } finally {
            hooks.forEach(Hook::close);
        }
        long pairs = 0;
        long ahead = 0;
        for (float[][][] layer :
                AttentionWeights.of(model, heads, () -> model.forward(ids)).values()) {
            for (float[][] attention : layer) {
                for (int query = 0; query < time; query++) {
                    for (int key = 0; key < time; key++) {
                        boolean seen = attention[query][key] != 0;
                        pairs += seen ? 1 : 0;
                        ahead += seen && key > query ? 1 : 0;
                    }
                }
            }
        }
        int dim = model.config().dim();
        return new ForwardWork(
                linear[0], pairs, ahead, 4.0 * pairs * dim / heads, 2.0 * time * dim * model.vocabSize(), time);
    }

    /// Operations a token in training.
    double training() {
        return BACKWARD * (linear + mixing + head) / time;
    }

    /// The share of the pairs in all operations.
    double share() {
        return mixing / (linear + mixing + head);
    }
}
