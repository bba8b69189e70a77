package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.Layer;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/// A layer's parameters and buffers in a safetensors file, under their full names.
public final class Weights {
    /// What Hugging Face's libraries ask of a file that they are to open.
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private Weights() {}

    /// Writes all of a layer's state into one file, or leaves the file that was there as it was.
    ///
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public static void save(Path file, Layer layer) {
        Safetensors.write(file, layer.state(), METADATA);
    }

    /// Reads what [#save] wrote into a layer of the same make. Nothing changes unless everything fits.
    ///
    /// @throws gradus.error.DataException  if there is no such file
    /// @throws CorruptCheckpointException  if the file is damaged or holds numbers that are not finite
    /// @throws CheckpointMismatchException if the file belongs to another model
    public static void load(Path file, Layer layer) {
        Safetensors saved = Safetensors.open(file);
        SequencedMap<String, Tensor> state = layer.state();
        requireSameNames(file, saved, state);
        state.forEach((name, tensor) -> requireSameMake(file, saved, name, tensor));
        try (var scope = Scope.open()) {
            Map<String, Tensor> read = new LinkedHashMap<>();
            for (String name : state.keySet()) {
                read.put(name, requireFinite(file, name, saved.read(name)));
            }
            state.forEach((name, tensor) -> tensor.copyFrom(read.get(name)));
        }
    }

    private static void requireSameNames(Path file, Safetensors saved, Map<String, Tensor> state) {
        TreeSet<String> missing = new TreeSet<>(state.keySet());
        missing.removeAll(saved.names());
        TreeSet<String> extra = new TreeSet<>(saved.names());
        extra.removeAll(state.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new CheckpointMismatchException("%s: belongs to another model: it lacks %s and has %s beyond it"
                    .formatted(file, list(missing), list(extra)));
        }
    }

    private static String list(TreeSet<String> names) {
        if (names.isEmpty()) {
            return "nothing";
        }
        String first = String.join(", ", names.stream().limit(3).toList());
        return names.size() <= 3 ? first : "%s and %d more".formatted(first, names.size() - 3);
    }

    private static void requireSameMake(Path file, Safetensors saved, String name, Tensor tensor) {
        long[] own = Arrays.stream(tensor.shape().dims()).asLongStream().toArray();
        if (!Arrays.equals(own, saved.shape(name))) {
            throw new CheckpointMismatchException("%s: %s has shape %s; the model's is %s; configure the model alike"
                    .formatted(file, name, Arrays.toString(saved.shape(name)), Arrays.toString(own)));
        }
        if (saved.dtype(name) != tensor.dtype()) {
            throw new CheckpointMismatchException("%s: %s is %s; the model's is %s; convert the model with to(DType)"
                    .formatted(file, name, saved.dtype(name), tensor.dtype()));
        }
    }

    private static Tensor requireFinite(Path file, String name, Tensor tensor) {
        if (!Double.isFinite(Kernels.of(tensor.dtype()).sumOfSquares(tensor.buffer()))) {
            throw new CorruptCheckpointException("%s: %s holds numbers that are not finite".formatted(file, name));
        }
        return tensor;
    }
}
