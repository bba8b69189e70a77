package gradus.train.cli.option;

import gradus.train.run.Preset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Finds the preset that `--preset` names.
public final class PresetName implements ITypeConverter<Preset> {
    @Override
    public Preset convert(String name) {
        return Preset.named(name)
                .orElseThrow(() ->
                        new TypeConversionException("there is no preset " + name + "; there are " + Preset.names()));
    }
}
