package gradus.train.cli.option;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The help text of a setting: its meaning, its possible values and its default.
public final class SettingHelp {
    /// By the name of the option without its dashes.
    public static final Map<String, String> ABOUT = Map.ofEntries(
            entry("model.vocabSize", "V, how many tokens there are"),
            entry("model.context", "the longest sequence that the model reads"),
            entry("model.layers", "L, how many blocks"),
            entry("model.heads", "H, attention heads of a block"),
            entry("model.dim", "C, channels; a multiple of heads"),
            entry("model.dropout", "the probability of dropout, in [0, 1)"),
            entry("model.placement", "where the norms are: before each branch or after each sum"),
            entry("model.head", "where the weights of the head come from"),
            entry("model.kvHeads", "heads of keys and values; 0 for as many as heads"),
            entry("model.qkNorm", "normalise queries and keys"),
            entry("model.qkvBias", "biases of queries, keys and values, as Qwen2 has"),
            entry("model.window", "how many keys a query sees"),
            entry("model.stride", "l, the distance between the far keys that a query sees"),
            entry("model.block", "how many positions form a block"),
            entry("model.columns", "c, the last keys of a block that all later ones see"),
            entry("model.random", "how many random blocks each block sees"),
            entry("model.group", "how many positions form a group"),
            entry("model.theta", "θ, the base of the frequencies"),
            entry("model.factor", "s, by how much the context is extended"),
            entry("model.originalContext", "the context before it was extended; 0 for the model's"),
            entry("model.chunk", "how many positions form a chunk"),
            entry("model.trained", "the context before it was extended"),
            entry("model.furthest", "k, the distance beyond which all distances count as k"),
            entry("model.eps", "ε under the root"),
            entry("model.momentum", "the share of each batch in the running mean and variance"),
            entry("model.start", "how large the initial weights are"),
            entry("model.activation", "the activation function"),
            entry("model.hidden", "F, how many hidden units; 0 for the usual number"),
            entry("model.experts", "E, how many experts there are"),
            entry("model.topK", "how many experts process each token"),
            entry("model.balance", "weight of the loss that keeps experts equally busy"),
            entry("model.zLoss", "weight of the loss that keeps a router's logits small"),
            entry("model.cache", "the cache of keys and values in generation; rolling works with a sliding window"),
            entry("model.capacity", "the most tokens an expert takes, as a multiple of an equal share"),
            entry("model.updateRate", "how fast the biases of the experts react to their load"),
            entry("train.steps", "how many times the weights change"),
            entry("train.batchSize", "sequences of one forward pass"),
            entry("train.lr", "the largest learning rate"),
            entry("train.minLr", "the learning rate at the end of the schedule"),
            entry("train.warmup", "steps in which the learning rate rises from near 0"),
            entry("train.schedule", "how the learning rate changes after the warm-up"),
            entry("train.optimizer", "the method that changes the weights by their gradients"),
            entry("train.beta1", "β₁ of Adam, AdamW, Lion; momentum of SGD and Muon"),
            entry("train.beta2", "β₂ of Adam, AdamW, Lion; α of RMSProp"),
            entry("train.eps", "ε of Adam, AdamW, RMSProp and Adagrad"),
            entry("train.weightDecay", "λ, applied to matrices and tables only"),
            entry("train.clip", "the largest norm of the gradient; 0 for no clipping"),
            entry("train.accumulation", "forward passes of one step, to save memory"),
            entry("train.evalEvery", "steps between evaluations; 0 for one at the end"),
            entry("train.evalBatches", "batches of an evaluation during training; 0 for all"),
            entry("train.checkpointEvery", "steps between checkpoints; 0 for one at the end"),
            entry("train.labelSmoothing", "ε of the smoothed targets, in [0, 1)"),
            entry("train.emaDecay", "d, the decay of the averaged weights for evaluation; 0 for no average"),
            entry("train.ema", "how the average of the weights starts"),
            entry("train.patience", "end early after this many evaluations without a new lowest loss; 0 for never"),
            entry("train.checkpointing", "compute activations again in the backward pass: less memory, more work"),
            entry("train.seed", "the seed of all random numbers"));

    private SettingHelp() {}

    /// Such as `the largest learning rate; default 1e-3`.
    ///
    /// @param option  `train.lr`
    /// @param unless  its default
    static String of(String option, Class<?> type, String unless) {
        return start(option) + choices(type) + "default " + unless;
    }

    /// The meaning of a setting, and the separator after it.
    static String start(String option) {
        String about = ABOUT.get(option);
        return about == null ? "" : about + "; ";
    }

    /// The names that a choice can have.
    static String choices(Class<?> type) {
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants()).map(SettingHelp::value).collect(Collectors.joining(", "))
                        + "; "
                : "";
    }

    /// A value as one would type it: 1e-4, 10000, adamw.
    public static String value(Object value) {
        return switch (value) {
            case Double number -> number(number);
            case Enum<?> name -> name.name().toLowerCase(Locale.ROOT);
            default -> String.valueOf(value);
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : Double.toString(value).replace(".0E", "e").replace("E", "e");
    }
}
