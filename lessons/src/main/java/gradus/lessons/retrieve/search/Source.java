package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

/// Where a document's text stands in a file: the characters `start` to `end − 1`, counted as Java's `char`.
///
/// @param path  the file, or a name such as `wordnet`
/// @param start the first character
/// @param end   the one after the last
public record Source(String path, int start, int end) {
    /// @throws gradus.error.ConfigException if the path is no text that can be stored, or the offsets are no
    ///     range
    public Source {
        Document.requireName("the path of a source", path);
        require(
                0 <= start && start <= end,
                "%s: the offsets of a document must be 0 <= start <= end; got %d and %d",
                path,
                start,
                end);
    }
}
