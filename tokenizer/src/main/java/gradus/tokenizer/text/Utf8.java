package gradus.tokenizer.text;

import gradus.error.TokenizerException;
import java.nio.charset.StandardCharsets;

/// UTF-8 (RFC 3629), as far as tokenizers touch it by hand: all scanning is done on bytes, where most text is ASCII.
public final class Utf8 {
    /// Texts above this many chars are refused: their UTF-8 and ids would outgrow Java's arrays.
    public static final int MAX_TEXT_LENGTH = 200_000_000;

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /// The UTF-8 of the text; a lone surrogate becomes U+FFFD. Throws TokenizerException on null or a text that is
    /// too long. Cost O(n).
    public static byte[] encode(String text) {
        checkText(text);
        return wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    /// Refuses null and texts above the limit, before anything is allocated.
    public static void checkText(String text) {
        if (text == null) {
            throw new TokenizerException("encode: expected a text; got null");
        }
        checkLength(text.length());
    }

    public static void checkLength(long chars) {
        if (chars > MAX_TEXT_LENGTH) {
            throw new TokenizerException("encode: a text of " + chars + " chars is above the limit of "
                    + MAX_TEXT_LENGTH + "; encode it in parts");
        }
    }

    /// The text with each lone surrogate replaced by U+FFFD. `String.getBytes` alone would put `?` there.
    public static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return replaceLoneSurrogates(text);
                }
            }
        }
        return text;
    }

    private static String replaceLoneSurrogates(String text) {
        var out = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /// The text of the bytes. What is no UTF-8 becomes U+FFFD, one for each beginning of a character as far as it was
    /// right (Unicode 3.9, "maximal subparts"), as Rust and browsers do; Java's own decoder counts otherwise.
    public static String decode(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeLossy(bytes, from, from + length);
    }

    private static String decodeLossy(byte[] b, int from, int to) {
        var out = new StringBuilder(to - from);
        for (int i = from; i < to; ) {
            int lead = b[i] & 0xFF;
            int width = lead < 0x80 ? 1 : promised(lead);
            int right = 1; // bytes of the character that are as they must be
            while (right < width
                    && i + right < to
                    && (b[i + right] & 0xC0) == 0x80
                    && (right > 1 || canBegin(lead, b[i + 1] & 0xFF))) {
                right++;
            }
            out.appendCodePoint(right == width ? codePointAt(b, i) : REPLACEMENT);
            i += right;
        }
        return out.toString();
    }

    /// How many bytes the character takes that starts with this byte, in well-formed UTF-8.
    public static int width(byte lead) {
        return lead >= 0 ? 1 : lead < (byte) 0xE0 ? 2 : lead < (byte) 0xF0 ? 3 : 4;
    }

    /// The code point that starts at `i`, in well-formed UTF-8.
    public static int codePointAt(byte[] b, int i) {
        int lead = b[i];
        if (lead >= 0) {
            return lead;
        }
        if (lead < (byte) 0xE0) {
            return (lead & 0x1F) << 6 | b[i + 1] & 0x3F;
        }
        if (lead < (byte) 0xF0) {
            return (lead & 0x0F) << 12 | (b[i + 1] & 0x3F) << 6 | b[i + 2] & 0x3F;
        }
        return (lead & 0x07) << 18 | (b[i + 1] & 0x3F) << 12 | (b[i + 2] & 0x3F) << 6 | b[i + 3] & 0x3F;
    }

    /// The length, 0 to 3, of a tail that is the beginning of a character and may become one with more bytes.
    public static int unfinished(byte[] b, int length) {
        for (int back = 1; back <= Math.min(3, length); back++) {
            int lead = b[length - back] & 0xFF;
            if (lead < 0x80) {
                return 0;
            }
            if (lead >= 0xC0) {
                return back < promised(lead) && canBegin(lead, back > 1 ? b[length - back + 1] & 0xFF : -1) ? back : 0;
            }
        }
        return 0;
    }

    private static int promised(int lead) {
        return lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }

    /// Whether the second byte fits the lead: overlong forms, surrogates and what lies above U+10FFFF are spoilt
    /// already.
    private static boolean canBegin(int lead, int second) {
        return second < 0
                || switch (lead) {
                    case 0xE0 -> second >= 0xA0;
                    case 0xED -> second < 0xA0;
                    case 0xF0 -> second >= 0x90;
                    case 0xF4 -> second < 0x90;
                    default -> true;
                };
    }
}
