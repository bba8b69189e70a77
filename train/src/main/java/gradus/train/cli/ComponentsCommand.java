package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.tokenizer.Tokenizer;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.Corpus;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.ConfigFields;
import gradus.train.run.ConfigFields.Field;
import gradus.train.run.swap.SwapConfig;
import gradus.train.run.swap.SwapFolder;
import gradus.train.run.swap.SwapMatrix;
import gradus.train.run.swap.SwapResult;
import gradus.train.run.text.EncodedText;
import gradus.train.run.text.ModelText;
import gradus.train.run.text.TokenizerSource;
import gradus.train.task.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `gradus components`
@Command(
        name = "components",
        description =
                "Lists the parts that a model can be made of: name, equation, cost and paper; or compares them, in"
                        + " small models that are trained alike.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Choose them when training:",
            "  gradus train --model.attention=gqa --model.kvHeads=2 --model.norm=rmsnorm",
            "",
            "Compare all attentions with all positions, by loss, time and memory:",
            "  gradus components --compare attention,position --out parts"
        })
final class ComponentsCommand implements Runnable {
    @Option(
            names = "--compare",
            paramLabel = "<kind>",
            split = ",",
            description =
                    "two kinds of parts, of attention, position, norm and feedForward: trains a model of two layers and"
                            + " 64 channels for each pair")
    private List<String> compared;

    @Option(names = "--out", paramLabel = "<folder>", description = "of a comparison: tables, pictures and numbers")
    private Path out;

    @Option(names = "--steps", paramLabel = "<n>", description = "of each training; default: ${DEFAULT-VALUE}")
    private int steps = 200;

    @Option(
            names = "--seeds",
            paramLabel = "<n>",
            split = ",",
            description = "train every pair once with each; default: 1,2")
    private List<Long> seeds = List.of(1L, 2L);

    @Option(
            names = "--data",
            paramLabel = "<file>",
            arity = "1..*",
            description = "what all learn, character by character: UTF-8 text files, or wordnet (the default)")
    private List<String> data = List.of(Corpus.WORDNET);

    @Spec
    private CommandSpec spec;

    private final Console console;

    ComponentsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (compared != null) {
            compare();
            return;
        }
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
            throw new UsageException(given.longestName() + " is of a comparison; give --compare too");
        }
        list();
    }

    private void compare() {
        if (compared.size() != 2) {
            throw new UsageException("--compare takes two kinds of parts, as attention,position; got " + compared);
        }
        if (out == null) {
            throw new UsageException("a comparison needs --out, a folder for its tables and pictures");
        }
        SwapConfig config;
        try {
            config = new SwapConfig(compared.getFirst(), compared.getLast(), steps, seeds);
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
        SwapFolder folder = new SwapFolder(out);
        Corpus corpus = Corpus.load(data, false);
        Tokenizer characters = TokenizerSource.made(0, null).of(corpus);
        ModelText how = ModelText.of(characters);
        Split split = new Split(
                EncodedText.forNow(how, corpus, corpus.training()),
                EncodedText.forNow(how, corpus, corpus.validation()));
        SwapResult result = new SwapMatrix(config, split, characters.vocabularySize(), console.err()::println).train();
        folder.write(result);
        console.out().print(result.markdown());
    }

    private void list() {
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
