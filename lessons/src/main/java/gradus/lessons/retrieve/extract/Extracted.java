package gradus.lessons.retrieve.extract;

import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.Separators;
import gradus.lessons.retrieve.chunk.structure.Part;
import gradus.lessons.retrieve.chunk.structure.StructureChunker;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a file says, as plain text. Offsets of its documents count the chars of this text.
///
/// @param text  without marks of layout
/// @param parts where its parts begin, with the headings or the page that they stand under; may be none
public record Extracted(String text, List<Part> parts) {
    /// The key of the metadata that says under which headings, or on which page, a document stands.
    public static final String SECTION = "section";

    private static final int LONGEST_SECTION = 500; // characters

    public Extracted {
        parts = List.copyOf(parts);
    }

    /// A text without parts.
    public static Extracted plain(String text) {
        return new Extracted(text, List.of());
    }

    /// Whether there is anything to read.
    public boolean isEmpty() {
        return text.isBlank();
    }

    /// Cuts it into documents: parts under the same heading stand together as far as they fit, what is longer
    /// is cut between paragraphs, sentences, words. The id of one is `path#number`, counted from 1.
    ///
    /// @param path what documents call the file
    public List<Document> documents(String path, ChunkSize size) {
        List<Document> documents = new ArrayList<>();
        for (Chunk chunk : new StructureChunker(whole -> parts, Separators.PROSE, size).chunk(text)) {
            documents.add(new Document(
                    path + "#" + (documents.size() + 1),
                    chunk.text(),
                    metadata(chunk.path()),
                    new Source(path, chunk.start(), chunk.end())));
        }
        return documents;
    }

    private static Map<String, String> metadata(List<String> path) {
        String section = String.join(" > ", path).strip();
        if (section.isEmpty()) {
            return Map.of();
        }
        int end = Math.min(section.length(), LONGEST_SECTION);
        boolean half = end < section.length() && Character.isLowSurrogate(section.charAt(end));
        return Map.of(SECTION, section.substring(0, half ? end - 1 : end));
    }
}
