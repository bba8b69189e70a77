package gradus.lessons.lab.knowledge;

import gradus.lessons.prompt.TextModel;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.index.IndexEditor;
import gradus.lessons.retrieve.rag.NaiveRag;
import gradus.lessons.retrieve.rag.Rag;
import gradus.lessons.retrieve.rag.Reading;
import gradus.lessons.retrieve.search.Analysis;
import java.nio.file.Path;
import java.util.List;

/// Facts in an index on the disk, one a document, that a model answers from: BM25 and naive RAG.
public final class Shelf implements AutoCloseable {
    /// How many facts are read for a question.
    public static final int READ = 2;

    private static final double NANO = 1e-9;

    private final IndexEditor editor;
    private final DocumentIndex index;
    private final Reading reading;

    /// Begins an index in a folder, or goes on with the one that is there.
    ///
    /// @param model answers
    /// @throws gradus.error.DataException     if the folder holds anything else
    /// @throws gradus.error.ResourceException if it cannot be written to
    public Shelf(Path folder, List<Fact> facts, TextModel model) {
        this.editor = IndexEditor.open(folder, Analysis.standard());
        editor.add(facts.stream().map(Fact::document).toList());
        editor.commit();
        this.index = DocumentIndex.open(folder);
        this.reading = new Reading(model, new WorldForm());
    }

    /// Adds a fact, in the place of what was known of the same, and makes it last on the disk.
    ///
    /// @return how many seconds passed until it can be found
    public double add(Fact fact) {
        long start = System.nanoTime();
        editor.add(List.of(fact.document()));
        editor.commit();
        index.refresh();
        return (System.nanoTime() - start) * NANO;
    }

    /// Searches once and reads what is found.
    public Rag once() {
        return new NaiveRag(index.bm25(), index::document, READ, reading);
    }

    /// Searches once more for what was answered.
    public Rag twice() {
        return new SearchTwice(index.bm25(), index::document, READ, reading);
    }

    /// What is answered to questions, by searching once.
    public List<String> answers(List<String> questions) {
        Rag rag = once();
        return questions.stream().map(question -> rag.ask(question).plain()).toList();
    }

    @Override
    public void close() {
        index.close();
        editor.close();
    }
}
