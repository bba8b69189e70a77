package gradus.tokenizer;

import gradus.error.Printable;
import gradus.tokenizer.text.Utf8;
import java.util.Arrays;
import java.util.HexFormat;

/// One piece of an encoded text.
///
/// @param id the id
/// @param token the vocabulary's spelling, as `Ġthe`
/// @param bytes the UTF-8 it decodes to; a piece may hold a part of a character
public record Piece(int id, String token, byte[] bytes) {

    /// As `12 'Ġthe' [20 74 68 65]`: the id, the spelling and the bytes in hexadecimal.
    @Override
    public String toString() {
        return id + " '" + Printable.escaped(token) + "' ["
                + HexFormat.ofDelimiter(" ").formatHex(bytes) + "]";
    }

    /// Bytes count by what they are.
    @Override
    public boolean equals(Object other) {
        return other instanceof Piece piece
                && piece.id == id
                && piece.token.equals(token)
                && Arrays.equals(piece.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * id + Arrays.hashCode(bytes);
    }

    /// The text of the bytes; a cut character shows as U+FFFD.
    public String text() {
        return Utf8.decode(bytes);
    }
}
