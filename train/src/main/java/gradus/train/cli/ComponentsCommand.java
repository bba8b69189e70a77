package gradus.train.cli;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.ConfigFields;
import gradus.train.run.ConfigFields.Field;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/// `gradus components`
@Command(
        name = "components",
        description = "Lists the parts that a model can be made of: name, equation, cost and paper.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Choose them when training:",
            "  gradus train --model.attention=gqa --model.kvHeads=2 --model.norm=rmsnorm"
        })
final class ComponentsCommand implements Runnable {
    private final Console console;

    ComponentsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        for (String slot : List.of("attention", "position", "norm", "feedForward")) {
            console.out().println("--model." + slot);
            for (Component component : Components.of(slot)) {
                console.out().println("  %-12s %s".formatted(component.name(), component.about()));
                line("equation", component.equation());
                line("cost", component.cost());
                line("paper", component.paper());
                String settings = ConfigFields.of(component.defaults().getClass()).stream()
                        .map(field -> setting(component, field))
                        .collect(Collectors.joining(" "));
                if (!settings.isEmpty()) {
                    line("settings", settings);
                }
            }
            console.out().println();
        }
    }

    private static String setting(Component component, Field field) {
        return "--model." + field.name() + "=" + ConfigFields.value(component.defaults(), field.name());
    }

    private void line(String what, String text) {
        console.out().println("    %-10s %s".formatted(what, text));
    }
}
