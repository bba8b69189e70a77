package gradus.lessons.retrieve.chunk.structure;

import java.util.List;

/// Finds the parts of documents of one form.
@FunctionalInterface
public interface Outline {
    /// The parts, in the order of the document. What stands before the first belongs to no heading.
    List<Part> parts(String document);
}
