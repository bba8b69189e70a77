package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.layers.Linear;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Map;

/// A model with more tokens. Rows of the token table and of the head that are there stay; a new row is the mean
/// of them, so that a new token is at first as likely as the average one (Hewitt 2021, "Initializing new word
/// embeddings for pretrained language models"), and a little noise, by which new tokens differ.
final class LargerVocabulary {
    private static final double NOISE = 0.05; // of a column's standard deviation

    private LargerVocabulary() {}

    /// @param size how many tokens there are then, above the model's
    /// @throws ConfigException if the model is of a kind that cannot grow, or its head is quantised
    static LanguageModel of(LanguageModel model, int size, Rng rng) {
        LanguageModel larger = switch (model) {
            case Gpt gpt -> new Gpt(gpt.config().withVocabSize(size), Rng.of(0));
            case Llama llama -> new Llama(llama.config().withVocabSize(size), Rng.of(0));
            case Qwen2 qwen -> new Qwen2(qwen.config().withVocabSize(size), Rng.of(0));
            case Mixtral mixtral ->
                new Mixtral(mixtral.config().withVocabSize(size), mixtral.experts(), mixtral.topK(), Rng.of(0));
            default ->
                throw ConfigException.of(
                        "tokens cannot be added to a %s", model.getClass().getSimpleName());
        };
        Map<String, Linear> linears = larger.namedLayers(Linear.class);
        model.namedLayers(Linear.class)
                .forEach((name, linear) -> require(
                        linear.quantized() == null
                                || linear.out() == linears.get(name).out(),
                        "tokens cannot be added to a model whose head is quantised"));
        Quantization.share(model, larger);
        var before = model.namedParameters();
        try (var pause = Autograd.noGrad()) {
            larger.namedParameters().forEach((name, parameter) -> {
                Tensor known = before.get(name);
                if (known.shape().equals(parameter.shape())) {
                    parameter.copyFrom(known);
                } else {
                    parameter.set(grown(known, size, rng.at(name))); // (V′, C)
                }
            });
        }
        larger.eval();
        return larger;
    }

    /// **Shapes** known (V, C) → (V′, C), row-major
    private static double[] grown(Tensor known, int size, Rng rng) {
        int rows = known.dim(0);
        int columns = known.dim(1);
        double[] values = Arrays.copyOf(known.toArray(), size * columns);
        for (int c = 0; c < columns; c++) {
            double sum = 0;
            double squares = 0;
            for (int row = 0; row < rows; row++) {
                double value = values[row * columns + c];
                sum += value;
                squares += value * value;
            }
            double mean = sum / rows;
            double deviation = Math.sqrt(Math.max(0, squares / rows - mean * mean));
            for (int row = rows; row < size; row++) {
                values[row * columns + c] = mean + NOISE * deviation * rng.gaussian((long) (row - rows) * columns + c);
            }
        }
        return values;
    }
}
