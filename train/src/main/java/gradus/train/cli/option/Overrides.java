package gradus.train.cli.option;

import gradus.train.run.Components;
import gradus.train.run.RecordFields;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options `--model.layers=6`, `--train.lr=3e-4` and so on: one for every field of a configuration record.
///
/// @param prefix     `model` or `train`
/// @param defaults   the record that the help shows values of
/// @param spec       the command that gets the options
/// @param shortNames fields that have a short name too, as `steps` in `--steps`
public record Overrides<R extends Record>(String prefix, R defaults, CommandSpec spec, List<String> shortNames) {

    /// The fields that are a number or a name. A part of a model is chosen by [Composition].
    private List<RecordComponent> fields() {
        return RecordFields.of(defaults.getClass()).stream()
                .filter(field -> !Components.SLOTS.containsKey(field.getName()))
                .toList();
    }

    /// Adds the options to the command, under a heading of its help.
    public void add(String heading) {
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .heading(heading)
                .exclusive(false)
                .validate(false)
                .order(spec.argGroups().size());
        for (RecordComponent field : fields()) {
            List<String> names = new ArrayList<>();
            names.add(name(field));
            if (shortNames.contains(field.getName())) {
                names.add("--" + field.getName());
            }
            group.addArg(OptionSpec.builder(names.toArray(String[]::new))
                    .type(field.getType())
                    .arity(field.getType() == boolean.class ? "0..1" : "1")
                    .fallbackValue(field.getType() == boolean.class ? "true" : "")
                    .paramLabel(label(field.getType()))
                    .description(SettingHelp.of(prefix + "." + field.getName(), field.getType(), unless(field)))
                    .build());
        }
        spec.addArgGroup(group.build());
    }

    /// The size of the vocabulary is the one thing that the data decides.
    private String unless(RecordComponent field) {
        return field.getName().equals("vocabSize")
                ? "the tokenizer's"
                : SettingHelp.value(RecordFields.value(defaults, field));
    }

    private static String label(Class<?> type) {
        return type == boolean.class ? "true|false" : type.isEnum() ? "<name>" : "<n>";
    }

    /// The fields that the command line gave, with their values.
    public Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        for (RecordComponent field : fields()) {
            Object value = spec.findOption(name(field)).getValue();
            if (value != null) {
                given.put(field.getName(), value);
            }
        }
        return given;
    }

    private String name(RecordComponent field) {
        return "--" + prefix + "." + field.getName();
    }
}
