package gradus.train.corpus;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.ToIntBiFunction;
import java.util.stream.StreamSupport;

/// A text as pieces of documents: a document ends where its delimiter stands, which is no part of it, and
/// where its file ends, unless nothing came after the last delimiter. Long documents come in several pieces.
public final class Documents implements Iterable<Documents.Piece> {
    private static final int LONG = 1 << 22; // chars

    private final TextPart text;
    private final String delimiter;
    private final ToIntBiFunction<String, Integer> cut;
    private final int longest;

    /// @param endsDocument whether its document ends with it
    public record Piece(String text, boolean endsDocument) {}

    /// @param delimiter what ends a document, as `<|endoftext|>`; null if files alone are documents
    /// @param cut       the first place at or after the given one where a piece may end; the text's length if
    ///                  there is none
    public Documents(TextPart text, String delimiter, ToIntBiFunction<String, Integer> cut) {
        this(text, delimiter, cut, LONG);
    }

    Documents(TextPart text, String delimiter, ToIntBiFunction<String, Integer> cut, int longest) {
        this.text = text;
        this.delimiter = delimiter;
        this.cut = cut;
        this.longest = longest;
    }

    @Override
    public Iterator<Piece> iterator() {
        return new Pieces();
    }

    /// The pieces' texts, one after another.
    public Iterable<String> texts() {
        return () -> StreamSupport.stream(spliterator(), false).map(Piece::text).iterator();
    }

    private final class Pieces implements Iterator<Piece> {
        private final Iterator<TextPart.Block> blocks = text.iterator();
        private String held = "";
        private int at; // what of it has been given out
        private int searched; // up to where there is no delimiter
        private boolean fileEnds = true;
        private boolean brokenOff; // the part ends inside a file
        private Piece next;

        @Override
        public boolean hasNext() {
            while (next == null && advance()) {
                // until there is a piece
            }
            return next != null;
        }

        @Override
        public Piece next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Piece piece = next;
            next = null;
            return piece;
        }

        /// Makes the next piece or reads on; false when there is nothing more.
        private boolean advance() {
            int end = delimiter == null ? -1 : held.indexOf(delimiter, Math.max(at, searched));
            if (end >= 0) {
                give(end, true);
                at = end + delimiter.length();
                return true;
            }
            if (fileEnds) {
                if (at < held.length()) {
                    boolean blank = delimiter != null && held.substring(at).isBlank();
                    give(held.length(), !blank && !brokenOff);
                    return true;
                }
                return read();
            }
            searched = Math.max(at, held.length() - (delimiter == null ? 0 : delimiter.length() - 1));
            if (held.length() - at >= longest) {
                String rest = held.substring(at);
                int place = cut.applyAsInt(rest, longest / 2);
                if (place < rest.length() && at + place <= searched) {
                    give(at + place, false);
                    return true;
                }
            }
            return read();
        }

        private void give(int end, boolean endsDocument) {
            next = new Piece(held.substring(at, end), endsDocument);
            at = end;
        }

        private boolean read() {
            if (!blocks.hasNext()) {
                if (fileEnds) {
                    return false;
                }
                fileEnds = true;
                brokenOff = true;
                return true;
            }
            TextPart.Block block = blocks.next();
            held = held.substring(at) + block.text();
            searched = Math.max(0, searched - at);
            at = 0;
            fileEnds = block.endsFile();
            return true;
        }
    }
}
