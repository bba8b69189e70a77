package gradus.lessons.retrieve.chunk;

import static gradus.error.ConfigException.require;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts at the coarsest separator that the text has; pieces that are still too long are cut at the next finer
/// one, and so on. Neighbouring pieces that fit together are joined again: see [Packing].
///
/// As LangChain's RecursiveCharacterTextSplitter, with the separator kept in front of the piece behind it, and
/// a piece of exactly the size cut further, as there. Other than there, chunks know where they stand, and one
/// that would bring nothing new is left out.
///
/// @param separators the coarsest first; an empty pattern cuts between any two units. Without it at the end a
///     piece that has no separator is a unit that is not cut. See [Separators]
public record RecursiveChunker(List<Pattern> separators, ChunkSize size) implements Chunker {
    public RecursiveChunker {
        require(!separators.isEmpty(), "RecursiveChunker: at least one separator is needed; got none");
        separators = List.copyOf(separators);
    }

    /// For prose: sections, paragraphs, lines, sentences, words, characters.
    public RecursiveChunker(ChunkSize size) {
        this(Separators.PROSE, size);
    }

    @Override
    public List<Chunk> chunk(String document) {
        return Chunk.all(document, spans(document), List.of());
    }

    private List<Span> spans(String document) {
        if (document.isEmpty()) {
            return List.of();
        }
        Units units = size.length().of(document);
        return spans(document, new Span(0, document.length()), units);
    }

    /// The chunks of a part of the document.
    public List<Span> spans(String document, Span part, Units units) {
        List<Span> chunks = new ArrayList<>();
        split(new Text(document, units), part, 0, chunks);
        return chunks;
    }

    private record Text(String document, Units units) {
        int length(Span span) {
            return units.between(span.start(), span.end());
        }
    }

    private void split(Text text, Span part, int finest, List<Span> chunks) {
        int level = finest;
        while (level < separators.size() - 1 && !occurs(separators.get(level), text.document, part)) {
            level++;
        }
        List<Span> small = new ArrayList<>();
        for (Span piece : pieces(text, part, separators.get(level))) {
            if (text.length(piece) < size.size()) {
                small.add(piece);
                continue;
            }
            chunks.addAll(Packing.pack(text.document, small, text.units, size));
            small.clear();
            if (level == separators.size() - 1) {
                chunks.addAll(Packing.pack(text.document, List.of(piece), text.units, size));
            } else {
                split(text, piece, level + 1, chunks);
            }
        }
        chunks.addAll(Packing.pack(text.document, small, text.units, size));
    }

    private static Matcher matcher(Pattern separator, String document, Span part) {
        return separator.matcher(document).region(part.start(), part.end());
    }

    private static boolean occurs(Pattern separator, String document, Span part) {
        return separator.pattern().isEmpty()
                || matcher(separator, document, part).find();
    }

    /// Each piece but the first begins with its separator.
    private static List<Span> pieces(Text text, Span part, Pattern separator) {
        if (separator.pattern().isEmpty()) {
            return text.units.pieces(part);
        }
        List<Span> pieces = new ArrayList<>();
        int from = part.start();
        Matcher found = matcher(separator, text.document, part);
        while (found.find()) { // goes on behind a match of the empty text too
            if (found.start() > from && !Spaces.insidePair(text.document, found.start())) {
                pieces.add(new Span(from, found.start()));
                from = found.start();
            }
        }
        pieces.add(new Span(from, part.end()));
        return pieces;
    }
}
