package gradus.train.run.text;

/// The validation loss in a unit that does not depend on how the text was cut: `bits/byte = loss ·
/// tokens / (bytes · ln 2)` for a loss in nats per token. A character model and one with longer tokens
/// compare by it, and by nothing else.
///
/// @param tokens of the text that the loss is measured on
/// @param bytes  of its UTF-8
public record BitsPerByte(long tokens, long bytes) {
    /// Of data that is not a text of which every token is predicted.
    public static final BitsPerByte UNKNOWN = new BitsPerByte(0, 0);

    /// Whether there is such a unit.
    public boolean known() {
        return bytes > 0;
    }

    public double of(double loss) {
        return loss * tokens / (bytes * Math.log(2));
    }

    /// How much text a token stands for.
    public double bytesPerToken() {
        return bytes / (double) tokens;
    }
}
