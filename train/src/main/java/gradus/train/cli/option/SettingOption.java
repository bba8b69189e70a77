package gradus.train.cli.option;

import picocli.CommandLine.Model.OptionSpec;

/// An option that takes the value of a setting: `--train.lr=3e-4`, `--model.qkNorm`.
final class SettingOption {
    private SettingOption() {}

    /// @param type  of the setting; one that is true or false needs no value to be true
    /// @param about what the help says of it
    /// @param names `--train.lr`, and others for the same
    static OptionSpec of(Class<?> type, String about, String... names) {
        boolean isSwitch = type == boolean.class;
        return OptionSpec.builder(names)
                .type(type)
                .arity(isSwitch ? "0..1" : "1")
                .fallbackValue(isSwitch ? "true" : "")
                .paramLabel(isSwitch ? "true|false" : type.isEnum() ? "<name>" : "<n>")
                .description(about)
                .build();
    }
}
