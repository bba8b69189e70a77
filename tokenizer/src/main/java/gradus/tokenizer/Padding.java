package gradus.tokenizer;

/// How texts of different lengths are padded to one length in a batch, as tokenizer.json says it. Encoding
/// one text pads nothing; code that builds batches reads it.
///
/// @param fixedLength the length to pad to, or 0 for that of the longest text of the batch
/// @param toMultipleOf the length is rounded up to a multiple of this; 0 for no rounding
/// @param onLeft whether the padding stands before the text
/// @param id the padding's id
/// @param typeId its type id
/// @param token its text
public record Padding(int fixedLength, int toMultipleOf, boolean onLeft, int id, int typeId, String token) {}
