package gradus.train.cli;

import gradus.layers.Layer;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// A model's parameters as a tree of its layers, each with shape and count. Layers that are alike and follow each
/// other,
/// as the blocks of a decoder, stand there once.
final class ModelTree {
    private static final int COLUMN = 44;

    private final SequencedMap<String, ModelTree> parts = new LinkedHashMap<>();
    private Shape shape; // of a parameter
    private long count;

    static ModelTree of(Layer model) {
        ModelTree root = new ModelTree();
        model.namedParameters().forEach((name, parameter) -> root.put(List.of(name.split("\\.")), parameter));
        return root;
    }

    private void put(List<String> path, Tensor parameter) {
        count += parameter.size();
        if (path.isEmpty()) {
            shape = parameter.shape();
        } else {
            parts.computeIfAbsent(path.getFirst(), name -> new ModelTree())
                    .put(path.subList(1, path.size()), parameter);
        }
    }

    /// How many parameters there are.
    long count() {
        return count;
    }

    /// One line for each layer and parameter.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<String> names = List.copyOf(parts.sequencedKeySet());
        for (int i = 0; i < names.size(); ) {
            String name = names.get(i);
            ModelTree part = parts.get(name);
            int end = i + 1;
            if (isNumber(name)) {
                while (end < names.size() && isNumber(names.get(end)) && alike(part, parts.get(names.get(end)))) {
                    end++;
                }
            }
            int times = end - i;
            String label = times > 1 ? "%s … %s, each".formatted(name, names.get(end - 1)) : name;
            while (times == 1 && part.parts.size() == 1) { // a.weight rather than weight beneath a
                var only = part.parts.firstEntry();
                label += "." + only.getKey();
                part = only.getValue();
            }
            String sizes = (part.shape == null ? "" : part.shape + " ")
                    + number(part.count)
                    + (times > 1 ? ", together " + number(times * part.count) : "");
            lines.add(label + " ".repeat(Math.max(1, COLUMN - label.length())) + sizes);
            part.lines().forEach(line -> lines.add("  " + line));
            i = end;
        }
        return lines;
    }

    private static boolean alike(ModelTree one, ModelTree other) {
        if (one.count != other.count
                || !java.util.Objects.equals(one.shape, other.shape)
                || !List.copyOf(one.parts.keySet()).equals(List.copyOf(other.parts.keySet()))) {
            return false;
        }
        return one.parts.entrySet().stream().allMatch(part -> alike(part.getValue(), other.parts.get(part.getKey())));
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
