package gradus.lessons.perplexity;

import java.nio.charset.StandardCharsets;

/// A loss that does not depend on the tokenizer.
public final class BitsOfText {
    private BitsOfText() {}

    /// How many bits a model needs for each byte of a text: the sum of all tokens' losses, in bits, divided
    /// by the number of bytes of the text in UTF-8.
    ///
    /// @param losses of each token of the text, in nats: `-ln p`
    /// @param text   at least one character
    public static double bitsPerByte(double[] losses, String text) {
        // --- your answer
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum / Math.log(2) / text.getBytes(StandardCharsets.UTF_8).length;
        // ---
    }
}
