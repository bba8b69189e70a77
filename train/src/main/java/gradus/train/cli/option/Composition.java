package gradus.train.cli.option;

import gradus.error.UsageException;
import gradus.layers.model.config.GptConfig;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.ConfigFields;
import gradus.train.run.ConfigFields.Field;
import gradus.train.run.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options that choose a model's parts by name, `--model.attention=gqa`, and those of the parts themselves,
/// `--model.kvHeads=2`: one for every setting of every part in [Components].
///
/// @param spec the command that gets the options
public record Composition(CommandSpec spec) {

    /// Adds the options to the command, under a heading of its help.
    public void add(String heading, GptConfig defaults) {
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .heading(heading)
                .exclusive(false)
                .validate(false)
                .order(spec.argGroups().size());
        for (String slot : slots()) {
            String names = Components.of(slot).stream().map(Component::name).collect(Collectors.joining(", "));
            group.addArg(OptionSpec.builder(option(slot))
                    .type(String.class)
                    .paramLabel("<name>")
                    .description(names + "; default " + nameOf(slot, choice(defaults, slot)))
                    .build());
        }
        settings().forEach((name, owners) -> {
            Class<?> type = owners.getFirst().field().type();
            Map<String, List<String>> users = owners.stream()
                    .collect(Collectors.groupingBy(
                            owner -> SettingHelp.value(
                                    ConfigFields.value(owner.component().defaults(), name)),
                            LinkedHashMap::new,
                            Collectors.mapping(owner -> owner.component().name(), Collectors.toList())));
            String defaultsByOwner = users.entrySet().stream()
                    .map(user -> String.join(", ", user.getValue()) + ", default " + user.getKey())
                    .collect(Collectors.joining("; "));
            String about = SettingHelp.start("model." + name) + SettingHelp.choices(type) + "of " + defaultsByOwner;
            group.addArg(SettingOption.of(type, about, option(name)));
        });
        spec.addArgGroup(group.build());
    }

    /// The choices that the command line asks for, by the field of the configuration they fill.
    ///
    /// @param preset what they change
    public Map<String, Object> given(GptConfig preset) {
        Map<String, Object> choices = new LinkedHashMap<>();
        Map<String, Object> open = new LinkedHashMap<>();
        settings().keySet().forEach(name -> {
            Object value = spec.findOption(option(name)).getValue();
            if (value != null) {
                open.put(name, value);
            }
        });
        Map<String, Object> unused = new LinkedHashMap<>(open);
        for (String slot : slots()) {
            String name = spec.findOption(option(slot)).getValue();
            Object chosen =
                    name == null ? choice(preset, slot) : named(slot, name).defaults();
            if (!(chosen instanceof Record parts)) {
                continue;
            }
            Map<String, Object> own = new LinkedHashMap<>();
            for (Field field : ConfigFields.of(parts.getClass())) {
                if (open.containsKey(field.name())) {
                    own.put(field.name(), open.get(field.name()));
                    unused.remove(field.name());
                }
            }
            if (name != null || !own.isEmpty()) {
                choices.put(slot, ConfigFields.with(parts, own));
            }
        }
        unused.keySet().stream().findFirst().ifPresent(this::refuse);
        return choices;
    }

    private void refuse(String setting) {
        String owners = settings().get(setting).stream()
                .map(owner -> option(owner.component().slot()) + "="
                        + owner.component().name())
                .collect(Collectors.joining(" or "));
        throw new UsageException(option(setting) + " has no effect on the chosen parts; it belongs to " + owners);
    }

    private static Component named(String slot, String name) {
        List<Component> all = Components.of(slot);
        return all.stream()
                .filter(component -> component.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = all.stream().map(Component::name).toList();
                    String meant = Nearest.to(name, names)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("there are " + String.join(", ", names));
                    return new UsageException(option(slot) + ": there is no " + name + "; " + meant);
                });
    }

    private static String nameOf(String slot, Object choice) {
        return Components.of(slot).stream()
                .filter(component -> component.defaults().getClass() == choice.getClass())
                .map(Component::name)
                .findFirst()
                .orElse("the program's own");
    }

    /// A part that has a setting of some name.
    private record Owner(Component component, Field field) {}

    /// Every setting of every part, with the parts that have it.
    private static Map<String, List<Owner>> settings() {
        Map<String, List<Owner>> settings = new LinkedHashMap<>();
        for (Component component : Components.ALL) {
            for (Field field : ConfigFields.of(component.defaults().getClass())) {
                settings.computeIfAbsent(field.name(), name -> new ArrayList<>())
                        .add(new Owner(component, field));
            }
        }
        return settings;
    }

    private static Object choice(GptConfig config, String slot) {
        return ConfigFields.value(config, slot);
    }

    private static List<String> slots() {
        return ConfigFields.of(GptConfig.class).stream()
                .map(Field::name)
                .filter(Components.SLOTS::containsKey)
                .toList();
    }

    private static String option(String name) {
        return "--model." + name;
    }
}
