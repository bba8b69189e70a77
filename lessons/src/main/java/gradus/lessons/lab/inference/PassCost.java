package gradus.lessons.lab.inference;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;

/// What a pass costs at least: its operations, and what must come from memory.
///
/// @param flops multiplications and additions of the matrix products
/// @param bytes weights, each read once; rows of the tables of tokens and positions; keys and values that are
///     looked at, and those that are stored. What passes from layer to layer stays in the processor's caches and
///     is not counted
record PassCost(double flops, double bytes) {
    private static final int FLOAT = Float.BYTES;

    /// A pass of a model of GPT-2's kind with a head of its own.
    ///
    /// Each linear layer takes `2·rows·in·out` operations; attention takes `4·C` for each pair of a query and a
    /// key that it sees, for `Q·Kᵀ` and for `P·V`.
    ///
    /// @param batch B, sequences
    /// @param past  tokens of each in the cache
    /// @param fresh tokens of each that are read
    /// @param all   whether logits of all of them are asked for, and not of the last alone
    /// @throws gradus.error.ConfigException if the attention is of another kind
    static PassCost of(Gpt model, int batch, int past, int fresh, boolean all) {
        GptConfig config = model.config();
        double rows = (double) batch * fresh;
        double asked = all ? rows : batch;
        double flops = 0;
        for (var layer : model.namedLayers(Linear.class).entrySet()) {
            Linear linear = layer.getValue();
            flops += 2 * (layer.getKey().equals("lm_head") ? asked : rows) * linear.in() * linear.out();
        }
        double weights = 0;
        for (var parameter : model.namedParameters().entrySet()) {
            boolean table =
                    parameter.getKey().startsWith("wte.") || parameter.getKey().startsWith("wpe.");
            weights += table ? 0 : (double) FLOAT * parameter.getValue().size();
        }
        for (var matrix : Quantization.matrices(model).values()) {
            weights += matrix.bytes();
        }
        int window = window(config.attention(), past + fresh);
        double pairs = 0;
        for (int i = 1; i <= fresh; i++) {
            pairs += Math.min(window, past + i);
        }
        double keys = Math.min((double) window + fresh - 1, past + fresh); // that some query sees
        double key = (double) config.dim() / config.heads() * kvHeads(config) * FLOAT;
        double cache = 2 * key * keys; // of a layer and a sequence
        double tables = (rows + fresh) * config.dim() * FLOAT;
        return new PassCost(
                flops + config.layers() * 4 * batch * pairs * config.dim(),
                weights + tables + config.layers() * batch * cache);
    }

    /// Causal attention alone, one head after the other in tiles, of which only those that are seen are computed.
    ///
    /// @param time  T
    /// @param width H·D
    static PassCost fused(int time, int width) {
        return new PassCost(2.0 * time * (time + 1) * width, 4.0 * FLOAT * time * width);
    }

    /// The same step by step: all T² logits of each head are computed, and pass through memory eight times:
    /// written, scaled, masked (read and written each), turned into weights, and read.
    static PassCost plain(int time, int width, int heads) {
        double logits = (double) heads * time * time * FLOAT;
        return new PassCost(4.0 * time * time * width, 4.0 * FLOAT * time * width + 8 * logits);
    }

    /// Operations for each byte.
    double intensity() {
        return flops / bytes;
    }

    private static int window(AttentionChoice attention, int all) {
        return attention instanceof Attentions.SlidingWindow(int window, int kvHeads) ? window : all;
    }

    private static int kvHeads(GptConfig config) {
        int heads = switch (config.attention()) {
            case Attentions.MultiHead each -> config.heads();
            case Attentions.MultiQuery each -> 1;
            case Attentions.GroupedQuery grouped -> grouped.kvHeads();
            case Attentions.SlidingWindow sliding -> sliding.kvHeads() == 0 ? config.heads() : sliding.kvHeads();
            default -> 0;
        };
        require(heads > 0, "the cost of %s is not known here", config.attention());
        return heads;
    }
}
