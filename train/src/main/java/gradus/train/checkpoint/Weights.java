package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.Layer;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// A layer's parameters and buffers in a safetensors file, under their full names.
public final class Weights {
    private Weights() {}

    /// Writes all of a layer's state into one file, or leaves the file that was there as it was.
    ///
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public static void save(Path file, Layer layer) {
        SafetensorsWriter.write(file, layer.state(), SafetensorsWriter.METADATA);
    }

    /// Reads what [#save] wrote into a layer of the same make. Nothing changes unless everything fits.
    ///
    /// @throws gradus.error.DataException  if there is no such file
    /// @throws CorruptCheckpointException  if the file is damaged or holds numbers that are not finite
    /// @throws CheckpointMismatchException if the file belongs to another model
    public static void load(Path file, Layer layer) {
        load(Safetensors.open(file), layer);
    }

    /// The same from any source. Costs two passes over it, and memory for one tensor at a time.
    public static void load(TensorSource source, Layer layer) {
        requireFits(source, layer.state());
        requireFinite(source, layer.state());
        loadAsItIs(source, layer);
    }

    /// The same with whatever numbers there are, infinite ones and NaN too: to look at a model that has
    /// diverged.
    public static void loadAsItIs(TensorSource source, Layer layer) {
        requireFits(source, layer.state());
        copy(source, layer.state());
    }

    /// Copies tensors that fit, as they are, over those of the same names.
    static void copy(TensorSource source, SequencedMap<String, Tensor> state) {
        forEach(source, state, (name, read) -> state.get(name).copyFrom(read));
    }

    private static void forEach(
            TensorSource source, SequencedMap<String, Tensor> state, BiConsumer<String, Tensor> action) {
        for (String name : state.keySet()) {
            try (var scope = Scope.open()) {
                action.accept(name, source.read(name));
            }
        }
    }

    /// Refuses a source whose tensors are not exactly these, by name, shape and type.
    static void requireFits(TensorSource source, SequencedMap<String, Tensor> state) {
        requireFits(source, state, Set.of());
    }

    /// The same where the source may have some more, which do not matter.
    ///
    /// @param more their names
    static void requireFits(TensorSource source, SequencedMap<String, Tensor> state, Set<String> more) {
        requireSameNames(source, state, more);
        state.forEach((name, tensor) -> requireSameMake(source, name, tensor));
    }

    private static void requireSameNames(TensorSource source, Map<String, Tensor> state, Set<String> more) {
        TreeSet<String> missing = new TreeSet<>(state.keySet());
        missing.removeAll(source.names());
        TreeSet<String> extra = new TreeSet<>(source.names());
        extra.removeAll(state.keySet());
        extra.removeAll(more);
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new CheckpointMismatchException("%s: belongs to another model: it lacks %s and has %s beyond it"
                    .formatted(source.origin(), list(missing), list(extra)));
        }
    }

    private static String list(TreeSet<String> names) {
        if (names.isEmpty()) {
            return "nothing";
        }
        String first = String.join(", ", names.stream().limit(3).toList());
        return names.size() <= 3 ? first : "%s and %s more".formatted(first, names.size() - 3);
    }

    private static void requireSameMake(TensorSource source, String name, Tensor tensor) {
        long[] own = Arrays.stream(tensor.shape().dims()).asLongStream().toArray();
        if (!Arrays.equals(own, source.shape(name))) {
            throw new CheckpointMismatchException("%s: %s has shape %s; the model's is %s; configure the model alike"
                    .formatted(source.origin(), name, Arrays.toString(source.shape(name)), Arrays.toString(own)));
        }
        if (source.dtype(name) != tensor.dtype()) {
            throw new CheckpointMismatchException("%s: %s is %s; the model's is %s; convert the model with to(DType)"
                    .formatted(source.origin(), name, source.dtype(name), tensor.dtype()));
        }
    }

    /// Refuses infinities and NaN.
    static void requireFinite(TensorSource source, SequencedMap<String, Tensor> state) {
        forEach(source, state, (name, read) -> {
            if (!Double.isFinite(sumOfSquares(read))) {
                throw new CorruptCheckpointException(
                        "%s: %s holds numbers that are not finite".formatted(source.origin(), name));
            }
        });
    }

    /// Refuses NaN.
    static void requireNumbers(TensorSource source, SequencedMap<String, Tensor> state) {
        forEach(source, state, (name, read) -> {
            if (Double.isNaN(sumOfSquares(read))) {
                throw new CorruptCheckpointException("%s: %s holds NaN".formatted(source.origin(), name));
            }
        });
    }

    private static double sumOfSquares(Tensor tensor) {
        return Kernels.of(tensor.buffer()).reductions().sumOfSquares(tensor.buffer());
    }
}
