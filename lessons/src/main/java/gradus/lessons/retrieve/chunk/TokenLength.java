package gradus.lessons.retrieve.chunk;

import gradus.tokenizer.Piece;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.text.Utf8;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Tokens as units. Where the tokens' bytes, one after the other, are those of the text, each token is known to
/// the letter. A tokenizer that changes its text (lower case, accents, a space in front) is asked for each word
/// alone; the tokens of a word then count as one unit that is not cut.
final class TokenLength implements Length {
    private final Tokenizer tokenizer;

    TokenLength(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    @Override
    public Units of(String document) {
        int[] bytes = bytesBefore(document);
        List<Piece> pieces = tokenizer.inspect(document);
        return isWhole(pieces, document)
                ? Units.of(document, starts(pieces, bytes))
                : Units.of(document, words(document));
    }

    private static boolean isWhole(List<Piece> pieces, String document) {
        byte[] spelled =
                new byte[pieces.stream().mapToInt(piece -> piece.bytes().length).sum()];
        int at = 0;
        for (Piece piece : pieces) {
            System.arraycopy(piece.bytes(), 0, spelled, at, piece.bytes().length);
            at += piece.bytes().length;
        }
        return Arrays.equals(spelled, Utf8.encode(document));
    }

    /// How many bytes of UTF-8 stand before each char.
    private static int[] bytesBefore(String document) {
        int[] bytes = new int[document.length() + 1];
        for (int i = 0; i < document.length(); ) {
            int point = document.codePointAt(i);
            int after = bytes[i] + width(point);
            for (int end = i + Character.charCount(point); i < end; ) {
                bytes[++i] = after;
            }
        }
        return bytes;
    }

    private static int width(int point) {
        if (point < 0x80) {
            return 1;
        }
        return point < 0x800 ? 2 : point < 0x10000 ? 3 : 4; // a lone surrogate is read as U+FFFD, three bytes too
    }

    private static int[] starts(List<Piece> pieces, int[] bytes) {
        int[] starts = new int[pieces.size()];
        int written = 0;
        int place = 0;
        for (int i = 0; i < starts.length; i++) {
            while (place + 1 < bytes.length && bytes[place + 1] <= written) {
                place++;
            }
            starts[i] = place;
            written += pieces.get(i).bytes().length;
        }
        return starts;
    }

    private int[] words(String document) {
        IntStream.Builder starts = IntStream.builder();
        for (int from = 0; from < document.length(); ) {
            int to = wordEnd(document, from);
            String word = document.substring(from, to).strip();
            int count = word.isEmpty() ? 0 : tokenizer.encode(word).length;
            for (int i = 0; i < count; i++) {
                starts.add(from);
            }
            from = to;
        }
        return starts.build().toArray();
    }

    /// The end of a word and of the spaces before it. Ideographs are words of their own.
    private static int wordEnd(String document, int from) {
        int to = from;
        while (to < document.length() && Spaces.isSpace(document.charAt(to))) {
            to++;
        }
        int begin = to;
        while (to < document.length() && !Spaces.isSpace(document.charAt(to))) {
            int point = document.codePointAt(to);
            if (Character.isIdeographic(point)) {
                return to == begin ? to + Character.charCount(point) : to;
            }
            to += Character.charCount(point);
        }
        return to;
    }
}
