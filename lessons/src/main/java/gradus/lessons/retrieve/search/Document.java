package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A piece of text that can be found.
///
/// @param id       what it is called; two documents of a collection never have the same
/// @param text     what is searched
/// @param metadata what else is known of it, such as `year` → `1912`; a [Filter] asks for it
/// @param source   where the text stands, so that an answer can cite it
public record Document(String id, String text, Map<String, String> metadata, Source source) {
    /// The most characters of an id, a path, or a key or value of the metadata: an index keeps each as one
    /// term.
    public static final int LONGEST_NAME = 8_000;

    /// @throws gradus.error.ConfigException if the id, a key or a value is empty, longer than
    ///                                      [#LONGEST_NAME] or no text
    public Document {
        requireName("the id of a document", id);
        require(isText(text), "document %s: its text is null or has half a character", Printable.value(id));
        metadata.forEach((key, value) -> {
            requireName("a key of the metadata", key);
            requireName("the value of " + Printable.value(key), value);
        });
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        require(source != null, "document %s: its source is null", Printable.value(id));
    }

    /// A document that comes from no file: its source is named as it is.
    public static Document of(String id, String text) {
        return new Document(id, text, Map.of(), new Source(id, 0, text.length()));
    }

    /// The same with other metadata.
    public Document withMetadata(Map<String, String> other) {
        return new Document(id, text, other, source);
    }

    /// Refuses documents of which two have the same id.
    ///
    /// @throws gradus.error.ConfigException naming the id
    public static void requireDifferent(List<Document> documents) {
        Set<String> seen = new HashSet<>();
        for (Document document : documents) {
            require(seen.add(document.id), "two documents have the id %s", Printable.value(document.id));
        }
    }

    static void requireName(String what, String name) {
        require(
                isText(name) && !name.isBlank() && name.length() <= LONGEST_NAME,
                "%s must be a text of 1 to %d characters; got %s",
                what,
                LONGEST_NAME,
                Printable.value(name));
    }

    /// Whether every surrogate has its other half: only then does UTF-8 keep the text as it is.
    private static boolean isText(String text) {
        return text != null
                && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
