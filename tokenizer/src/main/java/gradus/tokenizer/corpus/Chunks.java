package gradus.tokenizer.corpus;

import gradus.tokenizer.text.Utf8;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// Hands the documents of a corpus to several threads, long ones in parts, and keeps their order.
///
/// Only a few million chars are in work at a time, so a corpus that is read while it is used never fills the
/// memory.
public final class Chunks {
    static final int CHUNK = 1 << 18; // chars; long enough to make a hand-over free, short enough to share evenly
    private static final int PER_THREAD = 8;

    private Chunks() {}

    /// A part of a document.
    ///
    /// @param index counts the chunks of the corpus
    /// @param text the part
    /// @param endsDocument whether the document ends here
    public record Chunk(long index, String text, boolean endsDocument) {}

    /// Where a text may be cut, as `Tokenizer.safeCut`.
    public interface Cut {
        int at(String text, int from);
    }

    /// What a thread does with a chunk; `worker` counts the threads from 0.
    public interface Work<R> {
        R apply(int worker, Chunk chunk);
    }

    /// Takes the results, in the corpus's order.
    public interface Results<R> {
        void accept(Chunk chunk, R result);
    }

    public static <R> void forEach(Iterable<String> documents, Cut cut, int threads, Work<R> work, Results<R> results) {
        Iterator<Chunk> chunks = iterate(documents, cut);
        while (chunks.hasNext()) {
            var batch = new ArrayList<Chunk>();
            for (long chars = 0; chunks.hasNext() && chars < (long) CHUNK * PER_THREAD * threads; ) {
                batch.add(chunks.next());
                chars += batch.getLast().text().length() + 64;
            }
            run(batch, threads, work, results);
        }
    }

    /// Each worker takes the next few chunks that nobody has: documents may be tiny, and chunks of uneven cost.
    private static <R> void run(List<Chunk> batch, int threads, Work<R> work, Results<R> results) {
        int step = Math.max(1, batch.size() / (threads * PER_THREAD));
        var done = new ArrayList<R>(Collections.nCopies(batch.size(), null));
        Workers.run(threads, batch.size(), step, (worker, i) -> done.set(i, work.apply(worker, batch.get(i))));
        for (int i = 0; i < batch.size(); i++) {
            results.accept(batch.get(i), done.get(i));
        }
    }

    private static Iterator<Chunk> iterate(Iterable<String> documents, Cut cut) {
        return new Iterator<>() {
            private final Iterator<String> source = documents.iterator();
            private String document = "";
            private int start;
            private long index;

            @Override
            public boolean hasNext() {
                return start < document.length() || source.hasNext();
            }

            @Override
            public Chunk next() {
                if (start >= document.length()) {
                    document = source.next();
                    start = 0;
                    Utf8.checkText(document);
                }
                int end = document.length() - start <= 2 * CHUNK ? document.length() : cut.at(document, start + CHUNK);
                String text = document.substring(start, end);
                start = end;
                return new Chunk(index++, text, end == document.length());
            }
        };
    }
}
