package gradus.lessons.adamw;

import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// Which parameters weight decay shrinks.
public final class DecayGroups {
    private DecayGroups() {}

    /// Matrices and tables, that is tensors of two or more axes, decay. Biases and gains, of one axis or
    /// none, do not: a gain that is drawn to 0 switches its channel off. A tensor that stands under several
    /// names, as a head that is the embedding table again, is one parameter: only the first of its names
    /// counts, otherwise an optimiser would step it twice. Two tensors that merely hold equal numbers are two
    /// parameters.
    ///
    /// @param parameters by name, in order
    /// @return two lists of names: first of those that decay, then of those that do not, each in the order of
    ///     the map
    public static List<List<String>> groups(SequencedMap<String, Tensor> parameters) {
        // --- your answer
        List<String> decaying = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<Tensor> seen = new ArrayList<>();
        parameters.forEach((name, tensor) -> {
            if (seen.stream().noneMatch(each -> each == tensor)) {
                seen.add(tensor);
                (tensor.rank() >= 2 ? decaying : others).add(name);
            }
        });
        return List.of(decaying, others);
        // ---
    }
}
