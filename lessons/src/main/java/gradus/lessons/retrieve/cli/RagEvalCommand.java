package gradus.lessons.retrieve.cli;

import gradus.error.UsageException;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.measure.Bootstrap;
import gradus.lessons.retrieve.rag.Asked;
import gradus.lessons.retrieve.rag.EndToEnd;
import gradus.lessons.retrieve.rag.Rag;
import gradus.lessons.retrieve.rag.Reading;
import gradus.lessons.retrieve.reader.FactQuestions;
import gradus.lessons.retrieve.reader.Facts;
import gradus.lessons.retrieve.search.Analysis;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus rag eval`
@Command(
        name = "eval",
        description = {
            "Asks questions whose answers are known, and counts those that are exactly",
            "right: from what a search finds, from the right document alone (the ceiling),",
            "and from nothing (the floor). Without --questions, of words of WordNet that no",
            "reader was trained on; then also from a document that says otherwise, where",
            "what counts is that the answer follows it."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "A line of --questions is {\"question\": …, \"answer\": …, \"document\": …}, with the id of the",
            "document that has the answer.",
            "",
            "Examples:",
            "  gradus rag eval --model reader",
            "  gradus rag eval --model my-model.gguf --index my-index --questions my.jsonl"
        })
final class RagEvalCommand implements Callable<Integer> {
    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    @Option(names = "--index", paramLabel = "<folder>", description = "of --questions: where the index is kept")
    private Path folder;

    @Option(names = "--questions", paramLabel = "<file>", description = "questions, a JSON object a line")
    private Path questions;

    @Option(
            names = "--count",
            paramLabel = "<n>",
            description = "how many questions are drawn from WordNet; default ${DEFAULT-VALUE}")
    private int count = 500;

    @Option(names = "--seed", paramLabel = "<n>", description = "of the draw; default ${DEFAULT-VALUE}")
    private long seed = 1;

    @Mixin
    private SearchOptions search = new SearchOptions(3);

    @Mixin
    private PipelineOptions pipeline = new PipelineOptions();

    private final Console console;

    RagEvalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        search.check();
        pipeline.check();
        if ((folder == null) != (questions == null)) {
            throw new UsageException("--index and --questions go together; one of them is missing");
        }
        if (count < 1) {
            throw new UsageException("--count must be at least 1; got " + count);
        }
        if (questions != null) {
            List<Asked> asked = QuestionFile.read(questions);
            try (DocumentIndex index = DocumentIndex.open(folder)) {
                Reading reader = reading.open();
                print(measured(
                        asked,
                        index,
                        pipeline.rag(search.retriever(index, folder), index, search.k(), reader),
                        reader));
            }
            return 0;
        }
        Reading reader = reading.open();
        Facts facts = Facts.ofWordNet();
        FactQuestions drawn = new FactQuestions(facts, count, seed);
        console.err()
                .println("%s facts of WordNet are indexed"
                        .formatted(facts.documents().size()));
        try (DocumentIndex index = DocumentIndex.inMemory(facts.documents(), Analysis.english(), null)) {
            Rag rag = pipeline.rag(search.retriever(index, "the index of facts"), index, search.k(), reader);
            List<EndToEnd> rows = measured(drawn.questions(), index, rag, reader);
            rows.add(drawn.counterfactual(rag, reader));
            print(rows);
        }
        return 0;
    }

    private List<EndToEnd> measured(List<Asked> asked, DocumentIndex index, Rag rag, Reading reader) {
        List<EndToEnd> rows = new ArrayList<>();
        rows.add(EndToEnd.of("what the search finds", asked, each -> rag.ask(each.question())));
        rows.add(EndToEnd.oracle(asked, index::document, reader));
        rows.add(EndToEnd.closedBook(asked, reader));
        return rows;
    }

    private void print(List<EndToEnd> rows) {
        console.out().println("%s questions".formatted(rows.getFirst().right().length));
        console.out().println(line("reads", "exactly right", "95 % interval", "unknown", "has read it"));
        for (EndToEnd row : rows) {
            Bootstrap match = row.exactMatch();
            console.out()
                    .println(line(
                            row.name(),
                            percent(match.mean()),
                            percent(match.low()) + " – " + percent(match.high()),
                            percent(row.unknown()),
                            percent(row.found())));
        }
        double ceiling = rows.get(1).exactMatch().mean();
        console.out()
                .println("of the ceiling: "
                        + (ceiling == 0
                                ? "nothing, since it is 0"
                                : percent(rows.getFirst().exactMatch().mean() / ceiling)));
    }

    private static String line(Object... cells) {
        return String.format(Locale.ROOT, "%-31s %13s  %-17s %8s %12s", cells).stripTrailing();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
