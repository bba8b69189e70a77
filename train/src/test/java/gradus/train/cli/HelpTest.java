package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.layers.Layer;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.SettingHelp;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Components;
import gradus.train.run.EncoderSize;
import gradus.train.run.Preset;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/// What `--help` says.
class HelpTest {
    private static final int CHARACTERS_OF_WORDNET = 91;

    private static CommandLine gradus() {
        Console console = Console.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        return Main.commandLine(console, code -> {}, new Errors(console));
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::all));
    }

    private static List<OptionSpec> settings() {
        return gradus().getSubcommands().get("train").getCommandSpec().options().stream()
                .filter(option -> option.longestName().matches("--(model|train)\\..*"))
                .toList();
    }

    @Test
    void u6_everyHelpFits80Columns() {
        assertThat(all(gradus()).count()).isGreaterThan(12);
        all(gradus())
                .forEach(command -> assertThat(command.getUsageMessage(Ansi.OFF).lines())
                        .as(command.getCommandSpec().qualifiedName())
                        .allMatch(line -> line.codePointCount(0, line.length()) <= 80));
    }

    /// A longer line would be broken, and the next begin on a line of its own.
    @Test
    void noLineOfADescriptionIsBroken() {
        all(gradus()).map(CommandLine::getCommandSpec).forEach(command -> {
            String[] lines = command.usageMessage().description();
            if (lines.length > 1) {
                assertThat(lines)
                        .as(command.qualifiedName())
                        .allMatch(line -> line.replace("%n", "").length() < 80);
            }
        });
    }

    /// picocli takes descriptions for formats, and warns on standard error where one is none.
    @Test
    void u6_everyDescriptionIsAFormatWithoutArguments() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
        try {
            all(gradus()).forEach(command -> command.getUsageMessage(Ansi.OFF));
        } finally {
            System.setErr(before);
        }
        assertThat(told.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void u6_everySettingIsExplained() {
        List<String> names = settings().stream()
                .map(option -> option.longestName().substring(2))
                .toList();
        assertThat(names).contains("train.lr", "train.optimizer", "model.layers", "model.kvHeads");
        // A part is told of by `gradus components`.
        assertThat(names.stream().filter(name -> !Components.SLOTS.containsKey(name.substring(name.indexOf('.') + 1))))
                .containsExactlyInAnyOrderElementsOf(SettingHelp.ABOUT.keySet());
        assertThat(settings())
                .allSatisfy(option ->
                        assertThat(String.join(" ", option.description())).contains("default "));
    }

    @Test
    void u6_everyChoiceIsNamed() {
        List<OptionSpec> choices =
                settings().stream().filter(option -> option.type().isEnum()).toList();
        assertThat(choices.stream().map(OptionSpec::longestName))
                .contains("--train.optimizer", "--train.schedule", "--model.placement", "--model.activation");
        for (OptionSpec choice : choices) {
            for (Object name : choice.type().getEnumConstants()) {
                assertThat(String.join(" ", choice.description()))
                        .as(choice.longestName())
                        .contains(((Enum<?>) name).name().toLowerCase(Locale.ROOT));
            }
        }
    }

    @Test
    void u6_presetsAreNamedWithTheirSizes() {
        String help = Cli.run("train", "--help").out().replaceAll("\\s+", " ");
        for (Preset preset : Preset.ALL) {
            assertThat(help).contains(preset.name() + ": " + preset.about());
            int vocabulary = preset.bpe() == 0 ? CHARACTERS_OF_WORDNET : preset.bpe();
            try (Scope scope = Scope.open()) {
                GptConfig size = preset.model().withVocabSize(vocabulary);
                Layer model = switch (preset.task()) {
                    case LM -> new Gpt(size, Rng.of(1));
                    case MLM -> new BertMaskedLm(EncoderSize.encoder(size), Rng.of(1));
                    case CONTRASTIVE -> new BertEncoder(EncoderSize.encoder(size), Rng.of(1));
                };
                long count = model.parameterCount();
                String parameters = count < 1e5
                        ? Math.round(count / 1e3) + " thousand parameters"
                        : String.format(Locale.ROOT, "%.1f million parameters", count / 1e6);
                assertThat(preset.about())
                        .contains(
                                parameters,
                                preset.model().layers() + " layers",
                                preset.model().dim() + " channels");
            }
        }
    }

    @Test
    void u6_valuesAreWrittenAsOneWouldTypeThem() {
        assertThat(Stream.of(1e-4, 1e-5, 0.95, 10000.0, 0.0, 12, true, gradus.train.optimizer.OptimizerKind.ADAMW)
                        .map(SettingHelp::value))
                .containsExactly("1e-4", "1e-5", "0.95", "10000", "0", "12", "true", "adamw");
        for (OptionSpec option : settings()) {
            String unless = String.join(" ", option.description()).replaceFirst(".*default ([^ ]+).*", "$1");
            if (option.type() == double.class || option.type() == int.class) {
                assertThat(unless).matches("the|-?[0-9.]+(e-?[0-9]+)?");
            }
        }
    }

    @Test
    void completionIsAScriptThatShellsRead(@TempDir Path folder) throws Exception {
        Cli said = Cli.run("generate-completion");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("--model.layers", "char-tiny", "complete -F");
        Path script = Files.writeString(folder.resolve("completion"), said.out());
        assumeTrue(Files.exists(Path.of("/bin/bash")), "bash is not installed");
        String typed = "COMP_WORDS=(gradus train --pres); COMP_CWORD=2; COMP_LINE='gradus train --pres'; "
                + "_complete_gradus; echo \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("/bin/bash", "-c", "source '" + script + "' && " + typed)
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes())).contains("--preset");
        assertThat(bash.waitFor()).isZero();
    }
}
