package gradus.layers.inspect;

import gradus.layers.Layer;
import gradus.layers.Layer.Hook;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// How large the results of layers are in one pass.
///
/// @param mean     of all numbers
/// @param rms      the root of the mean of their squares
/// @param largest  the largest absolute value
/// @param silent   the share of channels that are above 0 nowhere: behind a layer whose result goes through
///     ReLU or one of its kin, those of units that did nothing
public record Activations(double mean, double rms, double largest, double silent) {

    /// Watches layers while a model computes.
    ///
    /// @param names   of layers; one that computes several times counts with its last result
    /// @param forward lets the model compute
    /// @return by the layers' names, in their order; without those that did not compute
    /// @throws gradus.error.ConfigException if there is no such layer
    public static SequencedMap<String, Activations> of(Layer model, Collection<String> names, Runnable forward) {
        SequencedMap<String, Activations> all = new LinkedHashMap<>();
        names.forEach(name -> all.put(name, null));
        List<Hook> hooks = new ArrayList<>();
        try (var pause = Autograd.noGrad()) {
            for (String name : names) {
                hooks.add(model.layer(name).hook(y -> {
                    all.put(name, of(y));
                    return y;
                }));
            }
            forward.run();
        } finally {
            hooks.forEach(Hook::close);
        }
        all.values().removeIf(value -> value == null);
        return all;
    }

    /// Of one result.
    ///
    /// **Shapes** y (..., C)
    static Activations of(Tensor y) {
        double[] values = y.toArray();
        int channels = y.dim(y.rank() - 1);
        boolean[] spoke = new boolean[channels];
        double sum = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i];
            squares += values[i] * values[i];
            largest = Math.max(largest, Math.abs(values[i]));
            spoke[i % channels] |= values[i] > 0;
        }
        int silent = 0;
        for (boolean one : spoke) {
            silent += one ? 0 : 1;
        }
        int n = values.length;
        return new Activations(sum / n, Math.sqrt(squares / n), largest, (double) silent / channels);
    }
}
