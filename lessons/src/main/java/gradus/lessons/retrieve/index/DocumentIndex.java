package gradus.lessons.retrieve.index;

import gradus.error.DataException;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Bm25Options;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Retriever;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/// Documents in a folder, open for search.
/// ```java
/// try (DocumentIndex index = DocumentIndex.open(folder)) {
///     for (Hit hit : index.bm25().search("large cats", 5)) {
///         System.out.println(index.document(hit.id()).orElseThrow().text());
///     }
/// }
/// ```
/// It shows the newest commit at the time of opening, and newer ones after [#refresh]. When opened, the check
/// sums of all files are verified, so a damaged index is refused rather than answering wrongly.
///
/// **Threads.** Any number may search one index at the same time, and any number of programs one folder, also
/// while an [IndexEditor] writes to it.
public final class DocumentIndex implements AutoCloseable {
    /// How many documents a search by vectors looks at closely, at least. More find more exactly, and take
    /// longer.
    public static final int CANDIDATES = 100;

    private final Directory directory;
    private final Faults faults;
    private final Snapshots snapshots;
    private final IndexNote note;

    private DocumentIndex(Directory directory, Faults faults) {
        this.directory = directory;
        this.faults = faults;
        try {
            this.snapshots = new Snapshots(directory, faults);
            this.note = snapshots.note();
        } catch (RuntimeException e) {
            faults.reading(() -> close(directory));
            throw e;
        }
    }

    /// One in memory belongs to whoever made it.
    private static Void close(Directory directory) throws IOException {
        if (directory instanceof FSDirectory) {
            directory.close();
        }
        return null;
    }

    /// Opens the index of a folder.
    ///
    /// @throws DataException if there is none, it is damaged, or it was not made by Gradus
    public static DocumentIndex open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(
                    folder + (Files.exists(folder) ? " is a file, not the folder of an index" : " does not exist"));
        }
        Faults faults = new Faults(folder.toString());
        return new DocumentIndex(faults.reading(() -> FSDirectory.open(folder)), faults);
    }

    static DocumentIndex open(Directory directory, String name) {
        return new DocumentIndex(directory, new Faults(name));
    }

    /// An index of some documents in memory.
    ///
    /// @param embedder null for one without vectors
    public static DocumentIndex inMemory(List<Document> documents, Analysis analysis, NamedEmbedder embedder) {
        Directory directory = new ByteBuffersDirectory();
        String name = "the index in memory";
        try (IndexEditor editor = IndexEditor.open(directory, name, analysis, embedder)) {
            editor.add(documents);
            editor.commit();
        }
        return open(directory, name);
    }

    /// The name of the embedder that its vectors come from; `none` without vectors.
    public String embedding() {
        return note.embedding();
    }

    /// Whether it can be searched by meaning.
    public boolean hasVectors() {
        return !note.embedding().equals(IndexNote.NONE);
    }

    /// The name of the analysis that its terms come from.
    public String analysis() {
        return note.analysis();
    }

    /// How many documents it has.
    public int size() {
        return snapshots.with(null, searcher -> searcher.getIndexReader().numDocs());
    }

    /// The document of an id.
    public Optional<Document> document(String id) {
        return snapshots.with(null, searcher -> {
            ScoreDoc[] found = searcher.search(new TermQuery(new Term(Fields.ID, id)), 1).scoreDocs;
            StoredFields stored = searcher.storedFields();
            return found.length == 0 ? Optional.empty() : Optional.of(Fields.document(stored.document(found[0].doc)));
        });
    }

    /// Search by words, with Lucene's k1 and b.
    public Retriever bm25() {
        return bm25(Bm25Options.defaults().withExactLengths(false));
    }

    /// Search by words.
    ///
    /// @throws gradus.error.ConfigException if exact lengths are asked for: the index keeps them in one byte
    public Retriever bm25(Bm25Options options) {
        return new LuceneBm25(snapshots, Analysis.named(note.analysis()), options);
    }

    /// Search by meaning, with [#CANDIDATES].
    ///
    /// @throws gradus.error.ConfigException if the index has vectors of another embedder, or none
    public Retriever vectors(NamedEmbedder embedder) {
        return vectors(embedder, CANDIDATES);
    }

    /// Search by meaning.
    ///
    /// @throws gradus.error.ConfigException if the index has vectors of another embedder, or none
    public Retriever vectors(NamedEmbedder embedder, int candidates) {
        note.requireEmbedding(faults.folder(), embedder.name(), embedder.dim());
        return new LuceneVectors(snapshots, embedder, candidates);
    }

    /// Shows what was committed since.
    public void refresh() {
        snapshots.refresh();
    }

    @Override
    public void close() {
        snapshots.close();
        faults.reading(() -> close(directory));
    }
}
