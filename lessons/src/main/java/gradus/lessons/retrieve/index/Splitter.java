package gradus.lessons.retrieve.index;

import java.util.List;

/// Cuts a text into pieces, each of which becomes a document that can be found.
@FunctionalInterface
public interface Splitter {
    /// A piece: the characters `start` to `end − 1` of the text.
    record Span(int start, int end) {}

    /// The pieces in their order. What lies between them, if anything, is white space.
    List<Span> split(String text);
}
