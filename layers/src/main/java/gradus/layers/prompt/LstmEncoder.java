package gradus.layers.prompt;

import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.layers.Sequential;
import gradus.layers.activation.Relu;
import gradus.layers.recurrent.Lstm;
import gradus.layers.recurrent.LstmConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// P-tuning with an LSTM that reads the virtual tokens' vectors in both directions, and a network of two
/// layers: `row = W₂·relu(W₁·lstm(e) + b₁) + b₂`. So every row knows of its neighbours. Liu et al. 2021, "GPT
/// understands, too", arXiv:2103.10385. As in peft, each direction has the whole hidden size; in the authors'
/// code, half of it.
///
/// Parameters have peft's names: `embedding.weight`, `lstm_head.weight_ih_l0` and so on, see [Lstm], and
/// `mlp_head.0.weight` to `mlp_head.2.bias`.
public final class LstmEncoder extends SoftPrompt {
    private final Embedding embedding; // (n) → (n, width)
    private final Lstm lstm; // (1, n, width) → (1, n, 2·hidden)
    private final Sequential head; // (n, 2·hidden) → (n, width)
    private final Indices ids;

    /// @param count how many virtual tokens there are
    /// @param lstm  whose input is a row, of the model's size C; its directions are always two
    /// @throws gradus.error.ConfigException if a number is below 1
    public LstmEncoder(int count, LstmConfig lstm, Rng rng) {
        super(count, lstm.in());
        int width = lstm.in();
        int wide = 2 * lstm.hidden();
        this.embedding = child("embedding", new Embedding(count, width, rng.at("embedding")));
        this.lstm = child("lstm_head", new Lstm(lstm.withBidirectional(true), rng.at("lstm_head")));
        this.head = child(
                "mlp_head",
                new Sequential(
                        new Linear(wide, wide, rng.at("mlp_head.0")),
                        new Relu(),
                        new Linear(wide, width, rng.at("mlp_head.2"))));
        this.ids = Indices.of(IntStream.range(0, count).toArray());
    }

    @Override
    public Tensor rows() {
        Tensor e = embedding.forward(ids).reshape(1, count(), width()); // (1, n, width)
        return head.forward(lstm.forward(e)).reshape(count(), width()); // (n, width)
    }

    /// The sizes of the LSTM.
    public LstmConfig config() {
        return lstm.config();
    }
}
