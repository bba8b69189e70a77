package gradus.lessons.prompt.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.RecordedModel;
import gradus.lessons.prompt.Scorer;
import gradus.lessons.prompt.TextModel;
import gradus.train.cli.terminal.Console;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is asked, of which model, how it is completed and how all is shown.
final class Asking {
    @Parameters(arity = "1", paramLabel = "<question>", description = "what is asked")
    private String question;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(
            names = "--max-tokens",
            paramLabel = "<n>",
            description = "the most tokens of a text that the model writes; default ${DEFAULT-VALUE}")
    private int maxTokens = CompletionOptions.defaults().maxTokens();

    @Option(names = "--temperature", paramLabel = "<t>", description = "0 is greedy; default: what suits the method")
    private Double temperature;

    @Option(names = "--seed", paramLabel = "<n>", description = "of all that is drawn; default ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--show-prompts", description = "prints all that the model is asked")
    private boolean prompts;

    @Option(
            names = "--json",
            description = "prints a JSON object, whose answers --script gives again to the same prompts")
    private boolean json;

    long seed() {
        return seed;
    }

    /// @param usual the temperature unless somebody says another one
    CompletionOptions options(double usual) {
        return checked(
                "--max-tokens, --temperature: ",
                () -> CompletionOptions.defaults()
                        .withMaxTokens(maxTokens)
                        .withTemperature(temperature == null ? usual : temperature)
                        .withSeed(seed));
    }

    /// Says how likely the model finds texts, which an option needs.
    Scorer scorer(TextModel asked, String option) {
        return asked.scorer()
                .orElseThrow(() -> new UsageException(option + " needs a model that says how likely a text is: one that"
                        + " Gradus runs itself, by --model; a script and Ollama do not say it"));
    }

    /// Asks, and shows what came of it.
    ///
    /// @param method makes the way of prompting; what it refuses is the command line's fault
    int run(Console console, String name, Function<TextModel, PromptMethod> method) {
        if (question.isBlank()) {
            throw new UsageException("the question must not be empty");
        }
        RecordedModel recorded = new RecordedModel(new LazyModel(model::open));
        PromptMethod way = checked("", () -> method.apply(recorded));
        Outcome outcome = way.ask(question);
        Display display = new Display(console);
        if (json) {
            display.json(name, question, outcome, recorded.transcript());
        } else {
            display.show(outcome, prompts);
        }
        return 0;
    }

    /// Refuses an option that would change nothing.
    ///
    /// @param idle  whether it is given where it has no effect
    /// @param where it has one
    static void refuse(String option, boolean idle, String where) {
        if (idle) {
            throw new UsageException(option + " is for " + where);
        }
    }

    /// What the command line is at fault for.
    static <T> T checked(String options, Supplier<T> made) {
        try {
            return made.get();
        } catch (ConfigException wrong) {
            throw new UsageException(options + wrong.getMessage(), wrong);
        }
    }
}
