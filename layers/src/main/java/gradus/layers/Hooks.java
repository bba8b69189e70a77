package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Functions that look at a tensor on its way, and may put another in its place, one after the other.
final class Hooks {
    private List<UnaryOperator<Tensor>> functions = List.of();

    /// Adds a function until the result is closed.
    Layer.Hook add(UnaryOperator<Tensor> function) {
        require(function != null, "layer: a hook must be given; got null");
        UnaryOperator<Tensor> own = function::apply; // the same function may be added twice
        List<UnaryOperator<Tensor>> more = new ArrayList<>(functions);
        more.add(own);
        functions = List.copyOf(more);
        return () -> functions = functions.stream().filter(each -> each != own).toList();
    }

    boolean isEmpty() {
        return functions.isEmpty();
    }

    /// Without functions, the tensor itself.
    Tensor apply(Tensor x) {
        for (UnaryOperator<Tensor> function : functions) {
            x = function.apply(x);
        }
        return x;
    }
}
