package gradus.layers.inspect;

import gradus.layers.Layer.Hook;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.List;

/// What a model would predict if it ended after an earlier block: the states behind block l go through the last
/// norm and the head at once. nostalgebraist 2020, *interpreting GPT: the logit lens*. The model computes as
/// ever, but its last block's result is replaced by that of block l.
public final class LogitLens {
    private LogitLens() {}

    /// Looks at one sequence.
    ///
    /// **Shapes** ids (1, T) → L tensors (1, T, V); the last are the model's own logits
    ///
    /// @param model in evaluation
    /// @throws gradus.error.ConfigException if the model has no blocks, or T is above its context
    public static List<Tensor> of(LanguageModel model, Indices ids) {
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
                    model.forward(ids);
                } finally {
                    hooks.forEach(Hook::close);
                }
                for (Tensor state : List.copyOf(states)) {
                    try (var hook = model.layer(blocks.getLast()).hook(x -> state)) {
                        logits.add(scope.handUp(model.forward(ids)));
                    }
                }
            }
            return logits;
        }
    }
}
