package gradus.layers.inspect;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The blocks of a model, by their names: `h.0`, `h.1` … of a GPT, `model.layers.0` … of a Llama,
/// `encoder.layer.0` … of a BERT.
public final class Blocks {
    private static final Pattern NUMBERED = Pattern.compile("(.*?)\\.?(\\d+)");

    private Blocks() {}

    /// The names of the first layers that are numbered from 0, and of no layer within them.
    ///
    /// @throws gradus.error.ConfigException if the model has none
    public static List<String> of(Layer model) {
        SequencedMap<String, Layer> layers = model.namedLayers();
        for (String name : layers.sequencedKeySet()) {
            Matcher first = NUMBERED.matcher(name);
            if (first.matches() && first.group(2).equals("0")) {
                String prefix = name.substring(0, name.length() - 1);
                List<String> blocks = new ArrayList<>();
                while (layers.containsKey(prefix + blocks.size())) {
                    blocks.add(prefix + blocks.size());
                }
                return blocks;
            }
        }
        require(false, "%s has no blocks", model.getClass().getSimpleName());
        return List.of();
    }
}
