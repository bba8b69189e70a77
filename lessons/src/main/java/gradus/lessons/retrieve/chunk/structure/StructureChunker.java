package gradus.lessons.retrieve.chunk.structure;

import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.Chunker;
import gradus.lessons.retrieve.chunk.Packing;
import gradus.lessons.retrieve.chunk.RecursiveChunker;
import gradus.lessons.retrieve.chunk.Separators;
import gradus.lessons.retrieve.chunk.Span;
import gradus.lessons.retrieve.chunk.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// Cuts where the document itself begins new parts, and remembers the path of each chunk. Parts with the same
/// path stand together as far as they fit; a part that is too long is cut at separators.
///
/// @param separators for parts that are too long
public record StructureChunker(Outline outline, List<Pattern> separators, ChunkSize size) implements Chunker {

    public static StructureChunker markdown(ChunkSize size) {
        return new StructureChunker(new MarkdownOutline(), Separators.PROSE, size);
    }

    public static StructureChunker html(ChunkSize size) {
        return new StructureChunker(new HtmlOutline(), Separators.PROSE, size);
    }

    public static StructureChunker java(ChunkSize size) {
        return new StructureChunker(new JavaOutline(), Separators.JAVA, size);
    }

    public static StructureChunker python(ChunkSize size) {
        return new StructureChunker(new PythonOutline(), Separators.PYTHON, size);
    }

    public static StructureChunker latex(ChunkSize size) {
        return new StructureChunker(new LatexOutline(), Separators.PROSE, size);
    }

    @Override
    public List<Chunk> chunk(String document) {
        if (document.isEmpty()) {
            return List.of();
        }
        Units units = size.length().of(document);
        List<Chunk> chunks = new ArrayList<>();
        List<Part> parts = whole(document);
        int first = 0;
        for (int i = 1; i <= parts.size(); i++) {
            boolean another = i == parts.size()
                    || !parts.get(i).path().equals(parts.get(first).path());
            if (another) {
                section(document, units, parts.subList(first, i), end(document, parts, i - 1), chunks);
                first = i;
            }
        }
        return chunks;
    }

    /// The parts, from the document's first char on and in order.
    private List<Part> whole(String document) {
        List<Part> parts = new ArrayList<>(outline.parts(document));
        parts.sort(Comparator.comparingInt(Part::start));
        if (parts.isEmpty() || parts.getFirst().start() > 0) {
            parts.addFirst(new Part(0, List.of()));
        }
        return parts;
    }

    private static int end(String document, List<Part> parts, int part) {
        return part + 1 < parts.size() ? parts.get(part + 1).start() : document.length();
    }

    private void section(String document, Units units, List<Part> parts, int end, List<Chunk> chunks) {
        List<Span> spans = new ArrayList<>();
        List<Span> small = new ArrayList<>();
        RecursiveChunker recursive = new RecursiveChunker(separators, size);
        for (int i = 0; i < parts.size(); i++) {
            int to = i + 1 < parts.size() ? parts.get(i + 1).start() : end;
            Span part = new Span(parts.get(i).start(), to).trimmed(document);
            if (units.between(part.start(), part.end()) <= size.size()) {
                small.add(part);
            } else {
                spans.addAll(Packing.pack(document, small, units, size));
                small.clear();
                spans.addAll(recursive.spans(document, part, units));
            }
        }
        spans.addAll(Packing.pack(document, small, units, size));
        chunks.addAll(Chunk.all(document, spans, parts.getFirst().path()));
    }
}
