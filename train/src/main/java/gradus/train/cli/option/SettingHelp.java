package gradus.train.cli.option;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What the help says of a setting: what it is, what it can be, what it is unless given.
public final class SettingHelp {
    /// By the name of the option without its dashes.
    public static final Map<String, String> ABOUT = Map.ofEntries(
            entry("model.vocabSize", "V, how many tokens there are"),
            entry("model.context", "the longest sequence it sees"),
            entry("model.layers", "L, how many blocks"),
            entry("model.heads", "H, attention heads of a block"),
            entry("model.dim", "C, channels; a multiple of heads"),
            entry("model.dropout", "on embeddings and residual branches, in [0, 1)"),
            entry("model.placement", "where a norm stands, before its branch or after the sum"),
            entry("model.head", "where the weights of the head come from"),
            entry("model.kvHeads", "heads of keys and values; 0 for as many as heads"),
            entry("model.qkNorm", "normalise queries and keys"),
            entry("model.qkvBias", "biases of queries, keys and values, as Qwen2 has"),
            entry("model.window", "keys that a position sees"),
            entry("model.stride", "l, the distance of the far keys"),
            entry("model.block", "positions of a block"),
            entry("model.columns", "c, the last keys of a block that all later ones see"),
            entry("model.random", "random blocks that each block sees"),
            entry("model.group", "positions of a group"),
            entry("model.theta", "θ, the base of the frequencies"),
            entry("model.factor", "s, how many times longer the context gets"),
            entry("model.originalContext", "the context before that; 0 for the model's"),
            entry("model.chunk", "positions of a chunk"),
            entry("model.trained", "the context before it was stretched"),
            entry("model.furthest", "k, beyond which distances count alike"),
            entry("model.eps", "ε under the root"),
            entry("model.momentum", "how fast the running statistics follow"),
            entry("model.start", "how large the weights are at the start"),
            entry("model.activation", "the nonlinearity"),
            entry("model.hidden", "units inside; 0 for the usual"),
            entry("model.experts", "E, how many networks share the work"),
            entry("model.topK", "experts that a token goes to"),
            entry("model.balance", "weight of the loss that keeps experts equally busy"),
            entry("model.zLoss", "weight of the loss that keeps a router's logits small"),
            entry("model.cache", "what generation keeps of earlier positions; rolling for a sliding window"),
            entry("model.capacity", "tokens of an expert, over an equal share"),
            entry("model.updateRate", "how fast the biases of experts follow their load"),
            entry("train.steps", "how many times the weights change"),
            entry("train.batchSize", "sequences of one forward pass"),
            entry("train.lr", "the largest learning rate"),
            entry("train.minLr", "where the schedule ends"),
            entry("train.warmup", "steps over which the rate rises from near 0"),
            entry("train.schedule", "how the rate goes on from there"),
            entry("train.optimizer", "what turns gradients into steps"),
            entry("train.beta1", "β₁ of Adam, AdamW, Lion; momentum of SGD and Muon"),
            entry("train.beta2", "β₂ of Adam, AdamW, Lion; α of RMSProp"),
            entry("train.eps", "ε of Adam, AdamW, RMSProp and Adagrad"),
            entry("train.weightDecay", "λ, on matrices only"),
            entry("train.clip", "the largest norm of the gradient; 0 leaves it alone"),
            entry("train.accumulation", "forward passes of one step, to save memory"),
            entry("train.evalEvery", "steps between evaluations; 0 for one at the end"),
            entry("train.evalBatches", "batches of an evaluation on the way; 0 for all"),
            entry("train.checkpointEvery", "steps between checkpoints; 0 for one at the end"),
            entry("train.labelSmoothing", "ε of the smoothed targets, in [0, 1)"),
            entry("train.emaDecay", "of the averaged weights to evaluate with; 0 for none"),
            entry("train.ema", "how that average begins"),
            entry("train.patience", "evaluations without a new lowest loss before it ends early; 0 for none"),
            entry("train.checkpointing", "compute activations again in the backward: less memory, more work"),
            entry("train.seed", "what every random number follows from"));

    private SettingHelp() {}

    /// Such as `the largest learning rate; default 1e-3`.
    ///
    /// @param option  `train.lr`
    /// @param unless  what it is unless given
    static String of(String option, Class<?> type, String unless) {
        return start(option) + choices(type) + "default " + unless;
    }

    /// What it is, with whatever ends it.
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
