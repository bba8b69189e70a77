package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import java.util.List;

/// The settings of [Ia3], by peft's names.
///
/// @param targets            the layers; peft's `target_modules` and what narrows it
/// @param feedforwardModules those of the targets whose inputs are scaled, by the ends of their names; peft's
///                           `feedforward_modules`
/// @param modulesToSave      layers that are trained as a whole, by the ends of their names
public record Ia3Config(Targets targets, List<String> feedforwardModules, List<String> modulesToSave)
        implements AdapterConfig {

    /// @throws gradus.error.ConfigException if there are no targets
    public Ia3Config {
        require(targets != null, "ia3: targets must be given; got null");
        feedforwardModules = List.copyOf(feedforwardModules);
        modulesToSave = List.copyOf(modulesToSave);
    }

    /// @param feedforwardModules those of the targets whose inputs are scaled
    public static Ia3Config of(Targets targets, String... feedforwardModules) {
        return new Ia3Config(targets, List.of(feedforwardModules), List.of());
    }
}
