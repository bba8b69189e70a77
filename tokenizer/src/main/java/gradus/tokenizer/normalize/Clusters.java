package gradus.tokenizer.normalize;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What readers take for one character: extended grapheme clusters (UAX 29), by the Unicode 17 that
/// huggingface/tokenizers 0.23.2 goes by. Java 25 knows Unicode 16; the differences were found by putting every
/// code point behind a letter in both.
final class Clusters {
    private static final Pattern CLUSTER = Pattern.compile("\\X");

    private final String text;
    private final Matcher matcher;

    Clusters(String text) {
        this.text = text;
        this.matcher = CLUSTER.matcher(text);
    }

    /// Where the cluster ends that starts at `i`.
    int end(int i) {
        if (isAloneAscii(i)) {
            return i + 1;
        }
        int end = matcher.region(i, text.length()).lookingAt() ? matcher.end() : i + 1;
        for (int k = i + Character.charCount(text.codePointAt(i));
                k < end;
                k += Character.charCount(text.codePointAt(k))) {
            if (isNoMarkAnyMore(text.codePointAt(k))) {
                return k;
            }
        }
        if (end < text.length() && isNewMark(text.codePointAt(end))) {
            while (end < text.length() && extendsCluster(text.codePointAt(end))) {
                end += Character.charCount(text.codePointAt(end));
            }
        }
        return end;
    }

    /// An ASCII character before another is a cluster of its own, but for CR before LF.
    private boolean isAloneAscii(int i) {
        return text.charAt(i) < 0x80 && (i + 1 == text.length() || text.charAt(i + 1) < 0x80 && text.charAt(i) != '\r');
    }

    private static boolean extendsCluster(int c) {
        String pair = "A" + Character.toString(c);
        Matcher cluster = CLUSTER.matcher(pair);
        return isNewMark(c) || !isNoMarkAnyMore(c) && cluster.lookingAt() && cluster.end() == pair.length();
    }

    private static boolean isNoMarkAnyMore(int c) {
        return c == 0x11720 || c == 0x11721;
    }

    private static boolean isNewMark(int c) {
        return c >= 0x1ACF && c <= 0x1ADD
                || c >= 0x1AE0 && c <= 0x1AEB
                || c >= 0x10EFA && c <= 0x10EFB
                || c >= 0x11B60 && c <= 0x11B67
                || c == 0x1E6E3
                || c == 0x1E6E6
                || c == 0x1E6EE
                || c == 0x1E6EF
                || c == 0x1E6F5;
    }
}
