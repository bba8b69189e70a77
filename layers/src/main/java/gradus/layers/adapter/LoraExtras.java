package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an adapter trains beside its low-rank changes.
///
/// @param modulesToSave         layers that are trained as a whole, by the ends of their names
/// @param trainableTokenIndices tokens whose rows are trained, by the ends of the names of their tables; see
///                              [TrainableTokens]
public record LoraExtras(List<String> modulesToSave, Map<String, List<Integer>> trainableTokenIndices) {
    /// Nothing.
    public static final LoraExtras NONE = new LoraExtras(List.of(), Map.of());

    /// @throws gradus.error.ConfigException if one is missing
    public LoraExtras {
        require(
                modulesToSave != null && trainableTokenIndices != null,
                "lora: modulesToSave and trainableTokenIndices must be given, if empty; got %s and %s",
                modulesToSave,
                trainableTokenIndices);
        modulesToSave = List.copyOf(modulesToSave);
        Map<String, List<Integer>> copy = new LinkedHashMap<>();
        trainableTokenIndices.forEach((table, tokens) -> copy.put(table, List.copyOf(tokens)));
        trainableTokenIndices = Map.copyOf(copy);
    }

    public LoraExtras withModulesToSave(List<String> modulesToSave) {
        return new LoraExtras(modulesToSave, trainableTokenIndices);
    }

    public LoraExtras withTrainableTokens(Map<String, List<Integer>> trainableTokenIndices) {
        return new LoraExtras(modulesToSave, trainableTokenIndices);
    }
}
