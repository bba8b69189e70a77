package gradus.lessons.retrieve.chunk;

import java.util.List;

/// The units of a document, characters or tokens, counted once.
public interface Units {
    /// How many units have a part in the chars from `start` to `end`.
    int between(int start, int end);

    /// The smallest pieces that a part of the document has if units are not cut, except at the part's ends.
    List<Span> pieces(Span part);

    /// @param starts where each unit begins, ascending; several may share one character
    /// @throws gradus.error.ShapeException if the starts go back or leave the document
    static Units of(String document, int... starts) {
        return UnitTable.of(document, starts);
    }
}
