package gradus.tokenizer.corpus;

import gradus.error.TokenizerException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.text.IntList;
import java.util.List;

/// Encodes a corpus to one array of ids on several threads: what a language model trains on.
///
/// Documents go to the threads in parts, each cut where the ids do not change; the result is that of encoding
/// one document after another. The array takes 4 bytes an id; `TokenFileWriter` writes the ids of a corpus
/// that is too large for it.
public final class ParallelEncoder {
    private final Tokenizer tokenizer;
    private final int threads;
    private final Progress progress;
    private final int separator;

    /// Encodes on all processors, with nothing between documents and without progress reports.
    public ParallelEncoder(Tokenizer tokenizer) {
        this(tokenizer, Runtime.getRuntime().availableProcessors(), Progress.NONE, -1);
    }

    private ParallelEncoder(Tokenizer tokenizer, int threads, Progress progress, int separator) {
        if (threads <= 0) {
            throw new TokenizerException("encode: threads must be positive; got " + threads);
        }
        this.tokenizer = tokenizer;
        this.threads = threads;
        this.progress = progress;
        this.separator = separator;
    }

    public ParallelEncoder withThreads(int value) {
        return new ParallelEncoder(tokenizer, value, progress, separator);
    }

    public ParallelEncoder withProgress(Progress value) {
        return new ParallelEncoder(tokenizer, threads, value, separator);
    }

    /// Puts this token, as `<|endoftext|>`, behind each document. Throws TokenizerException if it is unknown.
    public ParallelEncoder withSeparator(String token) {
        int id = tokenizer.tokenToId(token);
        if (id < 0) {
            throw new TokenizerException("the separator '" + token + "' is not in the vocabulary");
        }
        return new ParallelEncoder(tokenizer, threads, progress, id);
    }

    /// The ids of one text.
    public int[] encode(String text) {
        return encode(text == null ? null : List.of(text));
    }

    /// The ids of all documents, one after another.
    public int[] encode(Iterable<String> documents) {
        var all = new IntList(1 << 16);
        encode(documents, ids -> all.addAll(ids, 0, ids.length));
        return all.toArray();
    }

    /// Takes ids in the corpus's order.
    @FunctionalInterface
    public interface Sink {
        void accept(int[] ids);
    }

    /// Hands the ids over as they come. Throws TokenizerException where a text cannot be encoded.
    public void encode(Iterable<String> documents, Sink sink) {
        if (documents == null) {
            throw new TokenizerException("encode: expected documents; got null");
        }
        long[] chars = {0};
        int[] end = {separator};
        Chunks.forEach(
                documents,
                tokenizer::safeCut,
                threads,
                (worker, chunk) -> tokenizer.encode(chunk.text()),
                (chunk, ids) -> {
                    sink.accept(ids);
                    if (chunk.endsDocument() && separator >= 0) {
                        sink.accept(end);
                    }
                    progress.report("encode", chars[0] += chunk.text().length(), -1);
                });
    }
}
