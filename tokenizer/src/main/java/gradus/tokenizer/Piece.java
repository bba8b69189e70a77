package gradus.tokenizer;

/// One piece of an encoded text.
///
/// @param id the id
/// @param token the vocabulary's spelling, as `Ġthe`
/// @param bytes the UTF-8 it decodes to; a piece may hold a part of a character
public record Piece(int id, String token, byte[] bytes) {

    /// The text of the bytes; a cut character shows as U+FFFD.
    public String text() {
        return Utf8.decode(bytes);
    }
}
