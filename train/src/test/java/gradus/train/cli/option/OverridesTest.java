package gradus.train.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.cli.Cli;
import gradus.train.cli.TrainCommand;
import gradus.train.run.Components;
import gradus.train.run.ConfigFields;
import gradus.train.run.ConfigFields.Field;
import gradus.train.run.Nearest;
import gradus.train.run.Preset;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Every field of the configuration records can be set from the command line, and only those.
class OverridesTest {
    private static final TrainConfig TRAIN = Preset.CHAR_SMALL.train().withWarmup(0);
    private static final GptConfig MODEL = Preset.CHAR_SMALL.model();

    @Provide
    Arbitrary<Field> trainFields() {
        return Arbitraries.of(ConfigFields.of(TrainConfig.class));
    }

    @Provide
    Arbitrary<Field> modelFields() {
        return Arbitraries.of(ConfigFields.of(GptConfig.class).stream()
                .filter(field -> !Components.SLOTS.containsKey(field.name()))
                .toList());
    }

    @Property(tries = 200)
    void trainField(@ForAll("trainFields") Field field, @ForAll("numbers") int number) {
        sets("train", TRAIN, field, value(field, number));
    }

    @Property(tries = 200)
    void modelField(@ForAll("modelFields") Field field, @ForAll("numbers") int number) {
        sets("model", MODEL.withHeads(1), field, value(field, number));
    }

    @Provide
    Arbitrary<Integer> numbers() {
        return Arbitraries.integers().between(1, 40);
    }

    private static <R extends Record> void sets(String prefix, R defaults, Field field, Object value) {
        CommandLine commandLine = new CommandLine(CommandSpec.create());
        Overrides<R> overrides = new Overrides<>(prefix, defaults, commandLine.getCommandSpec(), Map.of());
        overrides.add("%n");
        commandLine.parseArgs("--" + prefix + "." + field.name() + "=" + value);
        assertThat(overrides.given()).containsExactly(java.util.Map.entry(field.name(), value));

        R changed = ConfigFields.with(defaults, overrides.given());
        for (Field each : ConfigFields.of(defaults.getClass())) {
            Object expected = each.name().equals(field.name()) ? value : ConfigFields.value(defaults, each.name());
            assertThat(ConfigFields.value(changed, each.name())).as(each.name()).isEqualTo(expected);
        }
    }

    /// A value that the field's range allows.
    private static Object value(Field field, int number) {
        if (field.type().isEnum()) {
            Object[] constants = field.type().getEnumConstants();
            return constants[number % constants.length];
        }
        return switch (field.type().getSimpleName()) {
            case "int" -> field.name().equals("heads") ? (Object) (1 << number % 8) : number;
            case "long" -> (long) number << 40;
            case "double" -> field.name().equals("lr") ? number * 1e-3 : number * 1e-6;
            case "boolean" -> number % 2 == 0;
            default -> throw new AssertionError("teach this test about " + field);
        };
    }

    @Property(tries = 200)
    void aLetterTooFewIsUnderstood(@ForAll("optionNames") String name, @ForAll("numbers") int number) { // BAD-INPUT 169
        int drop = 2 + number % (name.length() - 2);
        String typed = name.substring(0, drop) + name.substring(drop + 1);
        if (TrainCommand.commandLine(null, null).getCommandSpec().optionsMap().containsKey(typed)) {
            return; // the head of heads
        }
        Cli told = Cli.run("train", typed + "=1");
        told.assertRefused(typed, "did you mean ");
        String meant = told.err().replaceFirst("(?s).*did you mean (\\S+)\\?.*", "$1");
        assertThat(Nearest.distance(typed, meant)).isEqualTo(1);
    }

    @Provide
    Arbitrary<String> optionNames() {
        return Arbitraries.of(TrainCommand.commandLine(null, null).getCommandSpec().optionsMap().keySet().stream()
                .filter(name -> name.contains("."))
                .toList());
    }
}
