package gradus.lessons.retrieve.index;

import java.io.Closeable;
import java.io.IOException;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.Directory;

/// The state of an index that searches see: that of a commit, until a newer one is asked for. Searches that run
/// meanwhile finish on the state that they began with.
final class Snapshots implements Closeable {
    private final Faults faults;
    private final ReaderManager manager;

    /// Something that is done with one state.
    @FunctionalInterface
    interface Search<T> {
        T in(IndexSearcher searcher) throws IOException;
    }

    /// Opens the newest commit and checks the sums of all its files.
    ///
    /// @throws gradus.error.DataException if there is none, or it is damaged
    Snapshots(Directory directory, Faults faults) {
        this.faults = faults;
        this.manager = faults.reading(() -> {
            DirectoryReader reader = DirectoryReader.open(directory);
            try {
                verify(reader);
                IndexNote.read(faults.folder(), reader.getIndexCommit().getUserData());
                return new ReaderManager(reader);
            } catch (IOException | RuntimeException e) {
                reader.close();
                throw e;
            }
        });
    }

    /// Reads every file: a flipped bit would otherwise be found when a search comes upon it, or never.
    private static void verify(DirectoryReader reader) throws IOException {
        for (LeafReaderContext leaf : reader.leaves()) {
            ((CodecReader) leaf.reader()).checkIntegrity();
        }
    }

    IndexNote note() {
        return with(
                null,
                searcher -> IndexNote.read(
                        faults.folder(),
                        ((DirectoryReader) searcher.getIndexReader())
                                .getIndexCommit()
                                .getUserData()));
    }

    /// @param similarity null where scores are not asked for
    <T> T with(Similarity similarity, Search<T> search) {
        return faults.reading(() -> {
            DirectoryReader reader = manager.acquire();
            try {
                IndexSearcher searcher = new IndexSearcher(reader);
                if (similarity != null) {
                    searcher.setSimilarity(similarity);
                }
                return search.in(searcher);
            } finally {
                manager.release(reader);
            }
        });
    }

    /// Goes on to the newest commit, if there is a newer one.
    void refresh() {
        faults.reading(() -> {
            manager.maybeRefreshBlocking();
            return null;
        });
    }

    @Override
    public void close() {
        faults.reading(() -> {
            manager.close();
            return null;
        });
    }
}
