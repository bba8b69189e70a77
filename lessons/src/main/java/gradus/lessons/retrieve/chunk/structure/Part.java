package gradus.lessons.retrieve.chunk.structure;

import java.util.List;

/// Where a part of a document begins, such as a paragraph or a method. It ends where the next one begins.
///
/// @param path the headings above it, or its class and method
public record Part(int start, List<String> path) {
    public Part {
        path = List.copyOf(path);
    }
}
