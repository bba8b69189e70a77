package gradus.lessons.retrieve.extract;

import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.Separators;
import gradus.lessons.retrieve.chunk.Spaces;
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
    private static final int LONGEST_PART = 1 << 21; // characters that are cut at a time
    private static final int SEARCHED = 1 << 16;

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
        List<Part> bounded = bounded();
        for (Chunk chunk : new StructureChunker(whole -> bounded, Separators.PROSE, size).chunk(text)) {
            documents.add(new Document(
                    path + "#" + (documents.size() + 1),
                    chunk.text(),
                    metadata(chunk.path()),
                    new Source(path, chunk.start(), chunk.end())));
        }
        return documents;
    }

    /// The parts, those that are very long in several: what is cut at a time takes many times its own memory.
    private List<Part> bounded() {
        List<Part> bounded = new ArrayList<>();
        if (parts.isEmpty() || parts.getFirst().start() > 0) {
            addBounded(
                    bounded,
                    new Part(0, List.of()),
                    parts.isEmpty() ? text.length() : parts.getFirst().start());
        }
        for (int i = 0; i < parts.size(); i++) {
            addBounded(
                    bounded,
                    parts.get(i),
                    i + 1 < parts.size() ? parts.get(i + 1).start() : text.length());
        }
        return bounded;
    }

    private void addBounded(List<Part> bounded, Part part, int end) {
        bounded.add(part);
        for (int from = part.start(); end - from > LONGEST_PART; ) {
            from = cut(from + LONGEST_PART);
            bounded.add(new Part(from, part.path()));
        }
    }

    /// Before a place, where a paragraph, a line or at least a word ends.
    private int cut(int place) {
        for (String edge : List.of("\n\n", "\n", " ")) {
            int at = text.lastIndexOf(edge, place - edge.length());
            if (at > place - SEARCHED) {
                return at + edge.length();
            }
        }
        return Spaces.insidePair(text, place) ? place - 1 : place;
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
