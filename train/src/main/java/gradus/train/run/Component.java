package gradus.train.run;

/// A part that a model can be made of, under the name that the command line knows it by.
///
/// @param slot     the field of [gradus.layers.model.config.GptConfig] that it fills
/// @param name     what `--model.<slot>` takes
/// @param defaults the choice with the settings it has unless others are given
/// @param about    one line
/// @param equation what it computes
/// @param cost     operations of a layer, or what else it costs
/// @param paper    where it comes from
public record Component(
        String slot, String name, Record defaults, String about, String equation, String cost, String paper) {}
