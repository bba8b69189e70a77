package gradus.layers.inspect;

import gradus.layers.Layer;
import gradus.layers.Layer.Hook;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What a model would predict if it ended after an earlier block: the states behind block l go through the last
/// norm and the head at once. nostalgebraist 2020, *interpreting GPT: the logit lens*. The model computes as
/// ever, but its last block's result is replaced by that of block l.
public final class LogitLens {
    private LogitLens() {}

    /// Looks at one pass.
    ///
    /// @param model   in evaluation
    /// @param forward lets the model compute, always the same, without a cache, and gives its logits
    /// @return L tensors of the shape of the logits; the last are the model's own
    /// @throws gradus.error.ConfigException if the model has no blocks
    public static List<Tensor> of(Layer model, Supplier<Tensor> forward) {
        List<String> blocks = Blocks.of(model);
        try (var pause = Autograd.noGrad()) {
            List<Tensor> states = new ArrayList<>();
            List<Tensor> logits = new ArrayList<>();
            try (var scope = Scope.open()) {
                List<Hook> hooks = new ArrayList<>();
                for (String block : blocks) {
                    hooks.add(model.layer(block).hook(x -> {
                        states.add(x);
                        return x;
                    }));
                }
                try {
                    forward.get();
                } finally {
                    hooks.forEach(Hook::close);
                }
                for (Tensor state : List.copyOf(states)) {
                    try (var hook = model.layer(blocks.getLast()).hook(x -> state)) {
                        logits.add(scope.handUp(forward.get()));
                    }
                }
            }
            return logits;
        }
    }
}
