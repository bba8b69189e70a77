package gradus.lessons.retrieve.cli;

import gradus.error.Printable;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus rag search`
@Command(
        name = "search",
        description = "Finds the pieces of an index that a question is about, best first.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus rag search \"large cats with stripes\" --index my-index",
            "  gradus rag search \"large cats\" --index my-index --by vectors -k 3 --show-context"
        })
final class RagSearchCommand implements Callable<Integer> {
    @Mixin
    private IndexedQuestion question = new IndexedQuestion();

    @Mixin
    private SearchOptions search = new SearchOptions(5);

    @Option(names = "--show-context", description = "prints the pieces in full")
    private boolean showContext;

    private final Console console;

    RagSearchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        search.check();
        try (DocumentIndex index = DocumentIndex.open(question.folder())) {
            Retriever retriever = search.retriever(index, question.folder());
            int rank = 1;
            for (Hit hit : retriever.search(question.text(), search.k())) {
                print(rank++, hit, index.document(hit.id()).orElseThrow());
            }
            if (rank == 1) {
                console.err().println("nothing was found");
            }
        }
        return 0;
    }

    private void print(int rank, Hit hit, Document document) {
        console.out()
                .println("%s. %s  %s, characters %s to %s"
                        .formatted(
                                rank,
                                String.format(Locale.ROOT, "%.4f", hit.score()),
                                Printable.escaped(document.source().path()),
                                document.source().start(),
                                document.source().end()));
        if (showContext) {
            Quoted.print(console, document.text());
        } else {
            console.out().println("   " + Printable.value(document.text().replaceAll("\\s+", " ")));
        }
    }
}
