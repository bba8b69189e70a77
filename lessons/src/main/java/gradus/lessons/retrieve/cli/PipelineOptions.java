package gradus.lessons.retrieve.cli;

import gradus.error.Printable;
import gradus.error.UsageException;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.query.HypotheticalDocument;
import gradus.lessons.retrieve.query.MultiQuery;
import gradus.lessons.retrieve.query.QueryTransform;
import gradus.lessons.retrieve.query.Rewriting;
import gradus.lessons.retrieve.query.StepBack;
import gradus.lessons.retrieve.rag.AdvancedRag;
import gradus.lessons.retrieve.rag.ModularRag;
import gradus.lessons.retrieve.rag.NaiveRag;
import gradus.lessons.retrieve.rag.Rag;
import gradus.lessons.retrieve.rag.Reading;
import gradus.lessons.retrieve.refine.EndsFirst;
import gradus.lessons.retrieve.refine.ModelCompression;
import gradus.lessons.retrieve.refine.Refinement;
import gradus.lessons.retrieve.refine.SentenceWindow;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;
import picocli.CommandLine.Option;

/// Which pipeline, and what it is made of.
final class PipelineOptions {
    private static final int OTHER_QUESTIONS = 3;

    @Option(
            names = "--pipeline",
            paramLabel = "<name>",
            description = "naive: searches and reads; advanced: with --query, --window and --compress, the best"
                    + " pieces at both ends; modular: tries again with a rewritten question, then with a made-up"
                    + " answer, while the answer is unknown; default naive")
    private String pipeline = "naive";

    @Option(
            names = "--query",
            paramLabel = "<way>",
            description = "of advanced: rewrite, multi (three other questions), hyde (a made-up answer) or stepback"
                    + " (a more general question), by the same model")
    private String query;

    @Option(
            names = "--window",
            paramLabel = "<n>",
            description = "of advanced: reads n pieces before and behind each one that was found; default 0")
    private int window;

    @Option(names = "--compress", description = "of advanced: the model names the sentences that help")
    private boolean compress;

    /// Refuses what is wrong before anything is opened.
    void check() {
        if (!List.of("naive", "advanced", "modular").contains(pipeline)) {
            throw new UsageException("--pipeline must be naive, advanced or modular; got " + Printable.value(pipeline));
        }
        if (!pipeline.equals("advanced") && (query != null || window != 0 || compress)) {
            throw new UsageException("--query, --window and --compress are for --pipeline advanced; got --pipeline "
                    + Printable.value(pipeline));
        }
        if (window < 0) {
            throw new UsageException("--window must not be negative; got " + window);
        }
        transform(null);
    }

    Rag rag(Retriever retriever, DocumentIndex index, int k, Reading reading) {
        TextModel model = reading.model();
        return switch (pipeline) {
            case "naive" -> new NaiveRag(retriever, index::document, k, reading);
            case "advanced" ->
                new AdvancedRag(
                        transform(model), retriever, index::document, null, k, k, refinement(index, model), reading);
            default ->
                ModularRag.untilAnswered(
                        retriever,
                        index::document,
                        k,
                        List.of(new Rewriting(model), new HypotheticalDocument(model)),
                        reading);
        };
    }

    private QueryTransform transform(TextModel model) {
        return switch (query == null ? "" : query) {
            case "" -> QueryTransform.asIs();
            case "rewrite" -> new Rewriting(model);
            case "multi" -> new MultiQuery(model, OTHER_QUESTIONS);
            case "hyde" -> new HypotheticalDocument(model);
            case "stepback" -> new StepBack(model);
            default ->
                throw new UsageException(
                        "--query must be rewrite, multi, hyde or stepback; got " + Printable.value(query));
        };
    }

    private Refinement refinement(DocumentIndex index, TextModel model) {
        Refinement refinement = window == 0 ? Refinement.none() : new SentenceWindow(index::document, window);
        if (compress) {
            refinement = refinement.then(new ModelCompression(model));
        }
        return refinement.then(new EndsFirst());
    }
}
