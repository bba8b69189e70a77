package gradus.lessons.lab.material;

import gradus.error.DataException;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.run.text.TextSource;
import gradus.train.task.Split;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// Characters to learn from, and others, from the end of the text, to measure with.
///
/// @param split      both
/// @param vocabulary V, how many different characters there are
/// @param sum        SHA-256 of the text and of where it is split
/// @param bytes      of a token of those to measure with, in UTF-8: the mean
public record HeldOutText(Split split, int vocabulary, String sum, double bytes) {
    private static final int MOST = 512; // characters of a vocabulary: more, and the table outgrows the model

    /// @param nameOrFile `wordnet`, or a file
    /// @param heldOut    characters to measure with
    /// @throws DataException if it cannot be read, is too short or has too many different characters
    public static HeldOutText of(String nameOrFile, int heldOut) {
        try (TextSource source = TextSource.of(nameOrFile, "--data")) {
            return ofText(source.whole(), nameOrFile, heldOut);
        }
    }

    /// Of a text that is there.
    ///
    /// @param name what errors call it
    public static HeldOutText ofText(String text, String name, int heldOut) {
        if (text.length() < 2L * heldOut) {
            throw new DataException("%s has %s characters; %s of them are held out, so it needs at least %s"
                    .formatted(name, text.length(), heldOut, 2L * heldOut));
        }
        Tokenizer tokenizer = CharTokenizer.of(text);
        if (tokenizer.vocabularySize() > MOST) {
            throw new DataException("%s has %s different characters; at most %s are taken"
                    .formatted(name, tokenizer.vocabularySize(), MOST));
        }
        int[] ids = tokenizer.encode(text);
        int cut = ids.length - heldOut;
        Split split = new Split(Arrays.copyOf(ids, cut), Arrays.copyOfRange(ids, cut, ids.length));
        double bytes =
                tokenizer.decode(Arrays.copyOfRange(ids, cut, ids.length)).getBytes(StandardCharsets.UTF_8).length;
        return new HeldOutText(split, tokenizer.vocabularySize(), sum(text) + "-" + heldOut, bytes / heldOut);
    }

    private static String sum(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /// How many characters there are to learn from.
    public long training() {
        return split.train().size();
    }
}
