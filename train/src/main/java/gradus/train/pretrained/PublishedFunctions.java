package gradus.train.pretrained;

import gradus.layers.model.config.FeedForwards.Function;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The activation functions by the names that config.json has for them, of which there are several for some.
final class PublishedFunctions {
    private static final SequencedMap<String, Function> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("gelu", Function.GELU);
        BY_NAME.put("gelu_python", Function.GELU);
        BY_NAME.put("gelu_new", Function.GELU_TANH);
        BY_NAME.put("gelu_pytorch_tanh", Function.GELU_TANH);
        BY_NAME.put("gelu_python_tanh", Function.GELU_TANH);
        BY_NAME.put("gelu_fast", Function.GELU_TANH);
        BY_NAME.put("gelu_accurate", Function.GELU_TANH);
        BY_NAME.put("relu", Function.RELU);
        BY_NAME.put("silu", Function.SILU);
        BY_NAME.put("swish", Function.SILU);
    }

    private PublishedFunctions() {}

    static Function read(ModelConfigJson json, String field, String missing) {
        Function function = BY_NAME.get(json.text(field, missing));
        json.requireOnly(field, function != null);
        return function;
    }

    /// The usual name if it means the function, else the first that does.
    static String name(Function function, String usual) {
        return BY_NAME.get(usual) == function
                ? usual
                : BY_NAME.entrySet().stream()
                        .filter(entry -> entry.getValue() == function)
                        .findFirst()
                        .orElseThrow()
                        .getKey();
    }
}
