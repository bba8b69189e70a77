package gradus.layers.adapter;

import java.util.List;

/// The settings of an adapter, of one kind or another.
public sealed interface AdapterConfig permits LoraConfig, Ia3Config {
    /// The layers that get a part.
    Targets targets();

    /// Layers that are trained as a whole, by the ends of their names.
    List<String> modulesToSave();
}
