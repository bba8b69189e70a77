package gradus.lessons.retrieve.chunk;

import java.util.List;

/// A piece of a document, and where it stands there: `document.substring(start, end)` equals `text`.
///
/// @param start its first char in the document
/// @param end   the char after its last
/// @param path  where it belongs: the headings above it, or class and method; empty if nothing is known
public record Chunk(String text, int start, int end, List<String> path) {
    public Chunk {
        path = List.copyOf(path);
    }

    /// Cuts it out of a document.
    public static Chunk of(String document, Span span, List<String> path) {
        return new Chunk(document.substring(span.start(), span.end()), span.start(), span.end(), path);
    }

    /// Cuts all of them out of a document.
    public static List<Chunk> all(String document, List<Span> spans, List<String> path) {
        return spans.stream().map(span -> of(document, span, path)).toList();
    }
}
