package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Quantises the linear layers of a whole model in place: the frozen base of QLoRA, and a model that takes an
/// eighth of its memory. Embeddings, norms and biases stay as they are, and so does the head, which is most
/// sensitive.
///
/// ```java
/// Quantization.quantize(gpt, QuantConfig.NF4_DOUBLE, Quantization.HEADS);
/// gpt.freeze();                                    // norms, embeddings, biases
/// // … attach adapters to gpt.namedLayers(Linear.class) and train
/// ```
/// Dettmers et al. 2023, "QLoRA", arXiv:2305.14314.
public final class Quantization {
    /// The heads of published models, which Hugging Face's libraries leave out too.
    public static final List<String> HEADS =
            List.of("lm_head", "cls.predictions.decoder", "score", "classifier", "qa_outputs");

    private Quantization() {}

    /// Quantises all linear layers but the heads.
    ///
    /// @return the matrices, by the full names that the weights had
    public static SequencedMap<String, QuantizedMatrix> quantize(Layer model, QuantConfig config) {
        return quantize(model, config, HEADS);
    }

    /// Quantises all linear layers but some. One that is quantised already stays as it is. Nothing changes unless
    /// every one can be quantised.
    ///
    /// @param exclusions full names of layers, or their ends or beginnings of whole parts: `lm_head`, `h.0`,
    ///     `c_proj`
    /// @return the matrices of all quantised layers, by the full names that the weights had
    /// @throws ConfigException  if a row is no whole number of the format's blocks // BAD-INPUT 31
    /// @throws NumericException if a weight is not finite or too large, naming it
    public static SequencedMap<String, QuantizedMatrix> quantize(
            Layer model, QuantConfig config, Collection<String> exclusions) {
        require(model != null && config != null && exclusions != null, "quantise: model, format and exclusions needed");
        SequencedMap<Linear, QuantizedMatrix> made = new LinkedHashMap<>();
        chosen(model, exclusions).forEach((name, linear) -> {
            if (linear.quantized() == null) {
                made.put(linear, quantized(name, linear, config));
            }
        });
        made.forEach(Linear::quantize);
        return matrices(model);
    }

    /// The linear layers of a model but some, by their full names.
    ///
    /// @param exclusions as for [#quantize(Layer, QuantConfig, Collection)]
    public static SequencedMap<String, Linear> chosen(Layer model, Collection<String> exclusions) {
        SequencedMap<String, Linear> chosen = new LinkedHashMap<>(model.namedLayers(Linear.class));
        chosen.keySet().removeIf(name -> exclusions.stream().anyMatch(each -> matches(name, each)));
        return chosen;
    }

    /// Gives a model the quantised matrices of another one whose layers have the same names and shapes.
    ///
    /// @throws ConfigException if a shape differs
    public static void share(Layer from, Layer to) {
        SequencedMap<String, Linear> linears = to.namedLayers(Linear.class);
        from.namedLayers(Linear.class).forEach((name, linear) -> {
            if (linear.quantized() != null) {
                linears.get(name).quantize(linear.quantized());
            }
        });
    }

    private static QuantizedMatrix quantized(String name, Linear linear, QuantConfig config) {
        try {
            return linear.weight().quantize(config);
        } catch (ConfigException impossible) {
            throw new ConfigException(weight(name) + ": " + impossible.getMessage(), impossible);
        } catch (NumericException impossible) {
            throw new NumericException(weight(name) + ": " + impossible.getMessage(), impossible);
        }
    }

    private static boolean matches(String name, String exclusion) {
        return name.equals(exclusion) || name.endsWith("." + exclusion) || name.startsWith(exclusion + ".");
    }

    private static String weight(String name) {
        return name.isEmpty() ? "weight" : name + ".weight";
    }

    /// The quantised matrices of a model, by the full names that the weights had. They are no part of
    /// [Layer#state], since training cannot change them.
    public static SequencedMap<String, QuantizedMatrix> matrices(Layer model) {
        require(model != null, "quantised matrices: a model must be given; got null");
        SequencedMap<String, QuantizedMatrix> matrices = new LinkedHashMap<>();
        model.namedLayers(Linear.class).forEach((name, linear) -> {
            if (linear.quantized() != null) {
                matrices.put(weight(name), linear.quantized());
            }
        });
        return Collections.unmodifiableSequencedMap(matrices);
    }

    /// Makes every quantised weight a float32 parameter again, with the values that it has been used with.
    ///
    /// @return how many they were
    public static int dequantize(Layer model) {
        int count = matrices(model).size();
        model.namedLayers(Linear.class).values().forEach(Linear::dequantize);
        return count;
    }
}
