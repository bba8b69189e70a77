package gradus.lessons.retrieve.cli;

import gradus.error.Printable;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.rag.Answer;
import gradus.lessons.retrieve.rag.Citation;
import gradus.lessons.retrieve.rag.Reading;
import gradus.lessons.retrieve.search.Retriever;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus rag ask`
@Command(
        name = "ask",
        description = {
            "Answers a question from the texts of an index: finds pieces, lets a language",
            "model read them, and says where the answer stands. What texts say is quoted",
            "for the model as data."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus rag ask \"Where do lions live?\" --index my-index --model my-model.gguf",
            "  gradus rag ask \"Where do lions live?\" --index my-index --model ollama:qwen3:0.6b \\",
            "      --pipeline advanced --query multi --show-context"
        })
final class RagAskCommand implements Callable<Integer> {
    @Mixin
    private IndexedQuestion question = new IndexedQuestion();

    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    @Mixin
    private SearchOptions search = new SearchOptions(3);

    @Mixin
    private PipelineOptions pipeline = new PipelineOptions();

    @Option(names = "--show-context", description = "prints all that the model is asked, and what it answers")
    private boolean showContext;

    private final Console console;

    RagAskCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        search.check();
        pipeline.check();
        try (DocumentIndex index = DocumentIndex.open(question.folder())) {
            Retriever retriever = search.retriever(index, question.folder());
            Reading reader = reading.open();
            Answer answer = pipeline.rag(retriever, index, search.k(), reader).ask(question.text());
            if (showContext) {
                reading.recorded().transcript().forEach(this::print);
            }
            print(answer);
        }
        return 0;
    }

    private void print(Exchange exchange) {
        console.out().println("--- asked");
        Quoted.print(console, exchange.prompt());
        console.out().println("--- answered");
        Quoted.print(console, exchange.answer());
        console.out().println("---");
    }

    private void print(Answer answer) {
        answer.text().lines().forEach(line -> console.out().println(Printable.escaped(line)));
        for (Citation citation : answer.citations()) {
            console.out()
                    .println("[%s] %s, characters %s to %s%s"
                            .formatted(
                                    citation.number(),
                                    Printable.escaped(citation.source().path()),
                                    citation.source().start(),
                                    citation.source().end(),
                                    citation.literal() ? ", word for word" : ""));
        }
        if (answer.context().isEmpty()) {
            console.err().println("nothing was found");
        } else if (answer.citations().isEmpty() && !answer.isUnknown()) {
            console.err().println("the answer names no passage, and none says it word for word");
        }
    }
}
