package gradus.layers;

import gradus.tensor.Tensor;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;

/// The printed form of a layer: its parameters as a tree, each with its shape and count. Equal layers that
/// follow each other, such as the blocks of a decoder, are printed once.
final class LayerTree {
    private static final int COLUMN = 44;

    private final SequencedMap<String, LayerTree> parts = new LinkedHashMap<>();
    private Shape shape; // of a parameter
    private long count;

    private LayerTree() {}

    static LayerTree of(Layer model) {
        LayerTree root = new LayerTree();
        model.namedParameters().forEach((name, parameter) -> root.put(List.of(name.split("\\.")), parameter));
        return root;
    }

    private void put(List<String> path, Tensor parameter) {
        count += parameter.size();
        if (path.isEmpty()) {
            shape = parameter.shape();
        } else {
            parts.computeIfAbsent(path.getFirst(), name -> new LayerTree())
                    .put(path.subList(1, path.size()), parameter);
        }
    }

    /// `Gpt, 124,439,808 parameters`, and below it the tree; of a layer without parameters the name alone.
    static String print(Layer layer) {
        LayerTree tree = of(layer);
        String name = layer.getClass().getSimpleName();
        if (tree.count == 0) {
            return name;
        }
        return "%s, %s parameters\n  %s".formatted(name, number(tree.count), String.join("\n  ", tree.lines()));
    }

    /// One line for each layer and parameter.
    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<String> names = List.copyOf(parts.sequencedKeySet());
        for (int i = 0; i < names.size(); ) {
            String name = names.get(i);
            LayerTree part = parts.get(name);
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

    private static boolean alike(LayerTree one, LayerTree other) {
        if (one.count != other.count
                || !Objects.equals(one.shape, other.shape)
                || !List.copyOf(one.parts.keySet()).equals(List.copyOf(other.parts.keySet()))) {
            return false;
        }
        return one.parts.entrySet().stream().allMatch(part -> alike(part.getValue(), other.parts.get(part.getKey())));
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
