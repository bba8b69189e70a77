package gradus.tokenizer.normalize;

import gradus.tokenizer.text.BertUnicode;
import gradus.tokenizer.text.CharClass;
import java.text.Normalizer.Form;

/// BERT's normalisation, in this order: clean, put spaces around Chinese characters, strip accents, lower-case.
///
/// - *clean*: drops NUL, U+FFFD and control characters (categories Cc, Cf, Cs, Co); white space becomes a space;
/// - *Chinese*: each character of the CJK blocks becomes a word;
/// - *strip accents*: NFD, then categories Mn go;
/// - *lower-case*: each code point for itself, without regard to its neighbours.
///
/// Source: huggingface/tokenizers, `normalizers/bert.rs`; Google's original lower-cases before it strips accents.
///
/// @param cleanText whether to clean
/// @param handleChineseChars whether to put spaces around Chinese characters
/// @param stripAccents whether to strip accents; null follows `lowercase`
/// @param lowercase whether to lower-case
public record BertNormalizer(boolean cleanText, boolean handleChineseChars, Boolean stripAccents, boolean lowercase)
        implements Normalizer {

    /// As `bert-base-uncased` has it.
    public static BertNormalizer uncased() {
        return new BertNormalizer(true, true, null, true);
    }

    /// As `bert-base-cased` has it.
    public static BertNormalizer cased() {
        return new BertNormalizer(true, true, null, false);
    }

    @Override
    public String normalize(String text) {
        var out = new StringBuilder(text.length() + 16);
        boolean ascii = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                ascii = false;
                break;
            }
            if (cleanText && (c < ' ' || c == 0x7F)) {
                if (c >= '\t' && c <= '\r' && c != 0x0B && c != 0x0C) {
                    out.append(' ');
                }
            } else {
                out.append(lowercase && c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
            }
        }
        return ascii ? out.toString() : normalizeUnicode(text);
    }

    private String normalizeUnicode(String text) {
        var out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (cleanText && isDropped(c)) {
                return;
            }
            int kept = cleanText && CharClass.isWhiteSpace(c) ? ' ' : c;
            if (handleChineseChars && isChinese(c)) {
                out.append(' ').appendCodePoint(kept).append(' ');
            } else {
                out.appendCodePoint(kept);
            }
        });
        boolean strip = stripAccents == null ? lowercase : stripAccents;
        String clean = strip ? stripAccents(out.toString()) : out.toString();
        return lowercase ? lowerCase(clean) : clean;
    }

    private static String lowerCase(String text) {
        if (text.codePoints().allMatch(c -> c == Character.toLowerCase(c))) {
            return text;
        }
        var out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (c == 0x130) {
                out.append("i\u0307"); // İ is the one character whose lower case is two
            } else {
                out.appendCodePoint(Character.toLowerCase(c));
            }
        });
        return out.toString();
    }

    private static boolean isDropped(int c) {
        return c == 0 || c == 0xFFFD || c != '\t' && c != '\n' && c != '\r' && BertUnicode.isControl(c);
    }

    /// NFD without nonspacing marks; characters younger than BERT's tables pass as they are.
    private static String stripAccents(String text) {
        var out = new StringBuilder(text.length());
        int start = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (BertUnicode.isNewMark(text.codePointAt(i))) {
                stripAccents(text.substring(start, i), out);
                out.appendCodePoint(text.codePointAt(i));
                start = i + Character.charCount(text.codePointAt(i));
            }
        }
        stripAccents(text.substring(start), out);
        return out.toString();
    }

    private static void stripAccents(String text, StringBuilder out) {
        String decomposed = java.text.Normalizer.isNormalized(text, Form.NFD)
                ? text
                : java.text.Normalizer.normalize(text, Form.NFD);
        for (int i = 0, c; i < decomposed.length(); i += Character.charCount(c)) {
            c = decomposed.codePointAt(i);
            if (!BertUnicode.isNonspacingMark(c)) {
                out.appendCodePoint(c);
            }
        }
    }

    /// The CJK blocks as Hugging Face lists them; its 0x2B920 stands where Google has 0x2B820.
    private static boolean isChinese(int c) {
        return c >= 0x4E00 && c <= 0x9FFF
                || c >= 0x3400 && c <= 0x4DBF
                || c >= 0x20000 && c <= 0x2A6DF
                || c >= 0x2A700 && c <= 0x2B73F
                || c >= 0x2B740 && c <= 0x2B81F
                || c >= 0x2B920 && c <= 0x2CEAF
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0x2F800 && c <= 0x2FA1F;
    }
}
