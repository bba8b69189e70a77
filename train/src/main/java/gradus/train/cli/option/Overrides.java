package gradus.train.cli.option;

import gradus.train.run.Components;
import gradus.train.run.ConfigFields;
import gradus.train.run.ConfigFields.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;

/// The options `--model.layers=6`, `--train.lr=3e-4` and so on: one for every field of a configuration record.
///
/// @param prefix     `model` or `train`
/// @param defaults   the record that the help shows values of
/// @param spec       the command that gets the options
/// @param shortNames other names of fields, as `--steps` of `steps`
public record Overrides<R extends Record>(String prefix, R defaults, CommandSpec spec, Map<String, String> shortNames) {

    /// The fields that are a number or a name. A part of a model is chosen by [Composition].
    private List<Field> fields() {
        return ConfigFields.of(defaults.getClass()).stream()
                .filter(field -> !Components.SLOTS.containsKey(field.name()))
                .toList();
    }

    /// Adds the options to the command, under a heading of its help.
    public void add(String heading) {
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .heading(heading)
                .exclusive(false)
                .validate(false)
                .order(spec.argGroups().size());
        for (Field field : fields()) {
            List<String> names = new ArrayList<>();
            names.add(name(field));
            if (shortNames.containsKey(field.name())) {
                names.add(shortNames.get(field.name()));
            }
            String about = SettingHelp.of(prefix + "." + field.name(), field.type(), unless(field));
            group.addArg(SettingOption.of(field.type(), about, names.toArray(String[]::new)));
        }
        spec.addArgGroup(group.build());
    }

    /// The size of the vocabulary is the one thing that the data decides.
    private String unless(Field field) {
        return field.name().equals("vocabSize")
                ? "the tokenizer's"
                : SettingHelp.value(ConfigFields.value(defaults, field.name()));
    }

    /// The fields that the command line gave, with their values.
    public Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        for (Field field : fields()) {
            Object value = spec.findOption(name(field)).getValue();
            if (value != null) {
                given.put(field.name(), value);
            }
        }
        return given;
    }

    private String name(Field field) {
        return "--" + prefix + "." + field.name();
    }
}
