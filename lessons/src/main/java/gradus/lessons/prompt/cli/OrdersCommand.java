package gradus.lessons.prompt.cli;

import gradus.error.UsageException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.demonstration.CompletionForm;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.demonstration.DemonstrationFile;
import gradus.lessons.prompt.demonstration.OrderEffect;
import gradus.lessons.prompt.demonstration.Orders;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.method.FewShot;
import gradus.tensor.random.Rng;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus prompt orders`
@Command(
        name = "orders",
        description = {
            "How much the order of demonstrations matters: asks questions whose answers are",
            "known with the same demonstrations in several orders, and counts the right",
            "answers of each."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt orders --demos films.jsonl --questions held-out.jsonl --model my-run"
        })
final class OrdersCommand implements Callable<Integer> {
    private static final int ALL = 4; // demonstrations of which all 24 orders are tried
    private static final double PERCENT = 100;

    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private AnswerOption answer = new AnswerOption();

    @Option(
            names = "--demos",
            required = true,
            paramLabel = "<file>",
            description = "demonstrations: a JSON object a line, {\"question\": …, \"answer\": …}")
    private Path demonstrations;

    @Option(
            names = "--questions",
            required = true,
            paramLabel = "<file>",
            description = "what is asked, with the right answers, in the same form")
    private Path questions;

    @Option(
            names = "--orders",
            paramLabel = "<n>",
            description =
                    "how many are drawn where there are more than four demonstrations, whose orders are all tried;"
                            + " default ${DEFAULT-VALUE}")
    private int orders = 24;

    @Option(
            names = "--max-tokens",
            paramLabel = "<n>",
            description = "the most tokens of an answer; default ${DEFAULT-VALUE}")
    private int maxTokens = 32;

    @Option(names = "--seed", paramLabel = "<n>", description = "of the drawn orders; default ${DEFAULT-VALUE}")
    private long seed;

    private final Console console;

    OrdersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (orders < 1) {
            throw new UsageException("--orders must be at least 1; got " + orders);
        }
        List<Demonstration> shown = DemonstrationFile.read(demonstrations);
        List<Demonstration> asked = DemonstrationFile.read(questions, "questions");
        CompletionOptions options = Asking.checked(
                "--max-tokens: ", () -> CompletionOptions.defaults().withMaxTokens(maxTokens));
        List<Integer> places = IntStream.range(0, shown.size()).boxed().toList();
        List<List<Integer>> tried = shown.size() <= ALL
                ? Orders.all(places)
                : Orders.drawn(places, orders, Rng.of(seed).at("orders"));
        TextModel open = model.open();
        OrderEffect effect = OrderEffect.of(
                tried.stream()
                        .map(order -> order.stream().map(shown::get).toList())
                        .toList(),
                order ->
                        new FewShot(open, CompletionForm.defaults(), Selection.all(order), answer.extractor(), options),
                asked);
        IntStream.range(0, tried.size())
                .boxed()
                .sorted((a, b) -> Double.compare(effect.right()[b], effect.right()[a])) // stable
                .forEach(i -> console.out()
                        .println(String.format(
                                Locale.ROOT,
                                "%5.1f %%  %s",
                                PERCENT * effect.right()[i],
                                tried.get(i).stream()
                                        .map(place -> "" + (place + 1))
                                        .collect(Collectors.joining(" ")))));
        console.out()
                .println(String.format(
                        Locale.ROOT,
                        "best order less worst: %.1f points, of %d orders and %d questions",
                        PERCENT * effect.spread(),
                        tried.size(),
                        asked.size()));
        return 0;
    }
}
