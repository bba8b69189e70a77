package gradus.train.pretrained.gguf;

import gradus.tensor.Tensor;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufNumbers;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.GgufWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A GGUF file with other keys or tensors than it had: what other writers could have written.
final class GgufEdit {
    private final Map<String, Object> keys;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    GgufEdit(Path file) {
        Gguf read = Gguf.open(file);
        keys = new LinkedHashMap<>(read.metadata());
        read.names().forEach(name -> tensors.put(name, read.read(name)));
    }

    Object key(String name) {
        return keys.get(name);
    }

    /// @param value a Long, Double, Boolean, String, `int[]` or a list of strings; null takes the key away
    GgufEdit key(String name, Object value) {
        keys.remove(name);
        if (value != null) {
            keys.put(name, value);
        }
        return this;
    }

    /// @param value null takes the tensor away
    GgufEdit tensor(String name, Tensor value) {
        tensors.remove(name);
        if (value != null) {
            tensors.put(name, value);
        }
        return this;
    }

    Tensor tensor(String name) {
        return tensors.get(name);
    }

    Path write(Path file) {
        GgufWriter out = new GgufWriter();
        keys.forEach((name, value) -> put(out, name, value));
        tensors.forEach((name, tensor) -> out.tensor(name, tensor.shape().dims(), GgufType.F32, () -> tensor));
        out.write(file);
        return file;
    }

    @SuppressWarnings("unchecked") // of strings only
    private static void put(GgufWriter out, String name, Object value) {
        switch (value) {
            case Long whole -> out.put(name, whole.intValue());
            case Double number -> out.put(name, number);
            case Boolean flag -> out.put(name, flag);
            case String text -> out.put(name, text);
            case int[] wholes -> out.put(name, wholes);
            case List<?> texts -> out.put(name, (List<String>) texts);
            case GgufNumbers numbers -> {
                if (numbers.areWhole()) {
                    int[] wholes = new int[numbers.size()];
                    Arrays.setAll(wholes, i -> (int) numbers.whole(i));
                    out.put(name, wholes);
                } else {
                    float[] all = new float[numbers.size()];
                    for (int i = 0; i < all.length; i++) {
                        all[i] = (float) numbers.number(i);
                    }
                    out.put(name, all);
                }
            }
            default -> throw new AssertionError(value);
        }
    }
}
