package gradus.lessons.retrieve.chunk;

import java.util.ArrayList;
import java.util.List;

/// Joins pieces to chunks, each as full as the size allows. A chunk begins with the last pieces of the one
/// before, as many as the overlap allows and as leave room for the next piece. What text splitters call
/// *merge*.
///
/// Each piece is added once and left behind once, so the time grows with their number.
public final class Packing {
    private Packing() {}

    /// @param pieces in the order of the document, none reaching into the next
    /// @return spans without spaces at their ends. One that would bring nothing new is left out; one is longer
    ///     than the size only if it is a single piece
    public static List<Span> pack(String document, List<Span> pieces, Units units, ChunkSize size) {
        List<Span> chunks = new ArrayList<>();
        int from = 0;
        for (int to = 0; to < pieces.size(); to++) {
            int end = pieces.get(to).end();
            if (to > from && units.between(pieces.get(from).start(), end) > size.size()) {
                int full = pieces.get(to - 1).end();
                add(document, new Span(pieces.get(from).start(), full), chunks);
                while (from < to
                        && (units.between(pieces.get(from).start(), full) > size.overlap()
                                || units.between(pieces.get(from).start(), end) > size.size())) {
                    from++;
                }
            }
        }
        if (!pieces.isEmpty()) {
            add(document, new Span(pieces.get(from).start(), pieces.getLast().end()), chunks);
        }
        return chunks;
    }

    private static void add(String document, Span span, List<Span> chunks) {
        Span trimmed = span.trimmed(document);
        if (!trimmed.isEmpty()
                && (chunks.isEmpty() || trimmed.end() > chunks.getLast().end())) {
            chunks.add(trimmed);
        }
    }
}
