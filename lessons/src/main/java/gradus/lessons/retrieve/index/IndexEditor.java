package gradus.lessons.retrieve.index;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.error.ResourceException;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.UnitVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;

/// Changes the index of a folder.
/// ```java
/// try (IndexEditor editor = IndexEditor.open(folder, Analysis.english(), SentenceEmbedder.miniLm())) {
///     editor.add(documents);
///     editor.commit();
/// }
/// ```
/// Changes are kept, and seen by readers, from the next [#commit] on, all together. If the program dies before,
/// by `kill -9` or a power cut, the index is as it was at the last commit. What was not committed when the
/// editor is closed is forgotten.
///
/// **Threads.** Any number may use one editor at the same time; one editor may be open on a folder.
public final class IndexEditor implements AutoCloseable {
    private final Faults faults;
    private final Directory directory;
    private final IndexWriter writer;
    private final NamedEmbedder embedder;

    private IndexEditor(Faults faults, Directory directory, IndexWriter writer, NamedEmbedder embedder) {
        this.faults = faults;
        this.directory = directory;
        this.writer = writer;
        this.embedder = embedder;
    }

    /// Opens a folder's index, or begins one without vectors in a folder that is empty or missing.
    ///
    /// @throws DataException     if the folder holds other files, an index that is damaged or was not made by
    ///     Gradus
    /// @throws ResourceException if another editor is open on it, or it cannot be written to
    /// @throws gradus.error.ConfigException if the index was made with another analysis, or with vectors
    public static IndexEditor open(Path folder, Analysis analysis) {
        return open(folder, analysis, null);
    }

    /// Opens a folder's index, or begins one in a folder that is empty or missing.
    ///
    /// @param embedder null for an index without vectors
    /// @throws DataException     if the folder holds other files, an index that is damaged or was not made by
    ///     Gradus
    /// @throws ResourceException if another editor is open on it, or it cannot be written to
    /// @throws gradus.error.ConfigException if the index was made with another analysis or embedder
    public static IndexEditor open(Path folder, Analysis analysis, NamedEmbedder embedder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new DataException(folder + " is a file, not the folder of an index");
        }
        Faults faults = new Faults(folder.toString());
        faults.writing(() -> Files.createDirectories(folder));
        return open(faults.reading(() -> FSDirectory.open(folder)), folder.toString(), analysis, embedder);
    }

    /// @param name how messages call the directory
    static IndexEditor open(Directory directory, String name, Analysis analysis, NamedEmbedder embedder) {
        Faults faults = new Faults(name);
        IndexNote note = IndexNote.of(analysis, embedder);
        boolean exists = faults.reading(() -> DirectoryReader.indexExists(directory));
        if (exists) {
            new Snapshots(directory, faults).close(); // refuses a damaged or foreign index before it is touched
        } else {
            requireNothingElse(directory, faults);
        }
        IndexWriter writer = writer(directory, faults, analysis);
        IndexEditor editor = new IndexEditor(faults, directory, writer, embedder);
        try {
            editor.agree(note);
            return editor;
        } catch (RuntimeException e) {
            editor.close();
            throw e;
        }
    }

    /// What a program left that died before its first commit does not matter.
    private static void requireNothingElse(Directory directory, Faults faults) {
        String[] files = faults.reading(directory::listAll);
        Stream.of(files)
                .filter(file -> !file.matches("_.*|write\\.lock|(pending_)?segments.*"))
                .findFirst()
                .ifPresent(file -> {
                    throw new DataException("%s holds no index but other files, such as %s; give a folder of its own"
                            .formatted(faults.folder(), file));
                });
    }

    private static IndexWriter writer(Directory directory, Faults faults, Analysis analysis) {
        IndexWriterConfig config = new IndexWriterConfig(analysis.analyzer()).setCommitOnClose(false);
        config.setCodec(new GraphCodec());
        config.setMergeScheduler(new ConcurrentMergeScheduler() {
            @Override
            protected void handleMergeException(Throwable failed) {
                // on a full disk, say: the segments stay apart, and nothing is lost
            }
        });
        try {
            return new IndexWriter(directory, config);
        } catch (LockObtainFailedException locked) {
            throw new ResourceException(
                    faults.folder() + " is being written to by another program; wait until it has ended", locked);
        } catch (IOException e) {
            faults.writing(() -> {
                throw e;
            });
            throw new IllegalStateException(e); // never
        }
    }

    /// Agrees on the note with the index, or writes it into a new one.
    private void agree(IndexNote note) {
        Map<String, String> entries = new TreeMap<>();
        Iterable<Map.Entry<String, String>> committed = writer.getLiveCommitData();
        if (committed != null) {
            committed.forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        }
        if (!entries.isEmpty()) {
            IndexNote.read(faults.folder(), entries).require(faults.folder(), note);
            return;
        }
        writer.setLiveCommitData(note.entries().entrySet());
        commit();
    }

    /// Adds documents. One whose id is there already takes the other's place.
    ///
    /// @throws ResourceException if the disk is full, say
    public void add(List<Document> documents) {
        float[][] vectors = vectors(documents);
        faults.writing(() -> {
            for (int i = 0; i < vectors.length; i++) {
                Document document = documents.get(i);
                writer.updateDocument(new Term(Fields.ID, document.id()), Fields.lucene(document, vectors[i]));
            }
        });
    }

    /// Puts documents in the place of all that came from a file: those that are gone from it are deleted.
    ///
    /// @param path      the file, as the documents' sources name it
    /// @param documents none, if nothing is left
    /// @throws gradus.error.ConfigException if a document has another source, or two have the same id
    /// @throws ResourceException            if the disk is full, say
    public void replace(String path, List<Document> documents) {
        replace(Map.of(path, documents));
    }

    /// The same for several files, whose documents are embedded together.
    public void replace(Map<String, List<Document>> byPath) {
        List<Document> all = new ArrayList<>();
        byPath.forEach((path, documents) -> {
            for (Document document : documents) {
                require(
                        document.source().path().equals(path),
                        "document %s is said to be of %s and comes from %s",
                        document.id(),
                        path,
                        document.source().path());
            }
            all.addAll(documents);
        });
        Document.requireDifferent(all);
        float[][] vectors = vectors(all);
        faults.writing(() -> {
            int at = 0;
            for (Map.Entry<String, List<Document>> entry : byPath.entrySet()) {
                List<Document> own = entry.getValue();
                int first = at;
                at += own.size();
                Iterable<org.apache.lucene.document.Document> lucene = () -> IntStream.range(0, own.size())
                        .mapToObj(i -> Fields.lucene(own.get(i), vectors[first + i]))
                        .iterator(); // one at a time: a large file has many
                BooleanQuery.Builder old = new BooleanQuery.Builder()
                        .add(new TermQuery(new Term(Fields.PATH, entry.getKey())), Occur.SHOULD)
                        .add(
                                new TermInSetQuery(
                                        Fields.ID,
                                        entry.getValue().stream()
                                                .map(document -> new BytesRef(document.id()))
                                                .toList()),
                                Occur.SHOULD);
                if (own.isEmpty()) {
                    writer.deleteDocuments(old.build());
                } else {
                    writer.updateDocuments(old.build(), lucene);
                }
            }
        });
    }

    /// Deletes the document of an id, if it is there.
    ///
    /// @throws ResourceException if the disk is full, say
    public void delete(String id) {
        faults.writing(() -> writer.deleteDocuments(new Term(Fields.ID, id)));
    }

    /// Makes all changes so far last, and shows them to readers.
    ///
    /// @throws ResourceException if the disk is full, say: none of them is kept then
    public void commit() {
        faults.writing(writer::commit);
    }

    /// Writes the index anew without what was replaced or deleted, and commits. Otherwise that goes by and by;
    /// until then it takes room on the disk, and counts in BM25's statistics.
    ///
    /// @throws ResourceException if the disk is full, say
    public void compact() {
        faults.writing(() -> {
            writer.forceMerge(1);
            writer.commit();
        });
    }

    /// Ends without a commit.
    @Override
    public void close() {
        faults.writing(() -> {
            writer.rollback();
            if (directory instanceof FSDirectory) {
                directory.close();
            }
        });
    }

    /// **Shapes** N documents → (N, C), or N times null in an index without vectors
    private float[][] vectors(List<Document> documents) {
        return embedder == null
                ? new float[documents.size()][]
                : UnitVectors.of(
                        embedder, documents.stream().map(Document::text).toList());
    }
}
