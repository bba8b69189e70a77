package gradus.tokenizer.chat.python;

import java.util.Locale;
import java.util.function.IntPredicate;

/// Code points as Python's `str` sees them. A string's length and indices count code points.
public final class Characters {
    private static final int LONG = 1000;

    private Characters() {}

    /// What `str.isspace`, `strip()` and the regular expression `\s` call white space.
    public static boolean isSpace(int c) {
        return c >= 0x09 && c <= 0x0D
                || c >= 0x1C && c <= 0x20
                || c == 0x85
                || c == 0xA0
                || c >= 0x1680 && Character.isSpaceChar(c);
    }

    /// Where `str.splitlines` ends a line.
    static boolean isLineEnd(int c) {
        return c >= 0x0A && c <= 0x0D || c >= 0x1C && c <= 0x1E || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    static boolean isPrintable(int c) {
        if (c < 0x7F) {
            return c >= 0x20;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /// Whether the text has characters and all of them are such.
    static boolean all(String text, IntPredicate such) {
        return !text.isEmpty() && text.codePoints().allMatch(such);
    }

    static boolean isDigit(int c) {
        return Character.isDigit(c) || "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉①②③④⑤⑥⑦⑧⑨".indexOf(c) >= 0;
    }

    static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER
                || Character.isIdeographic(c) && Character.getNumericValue(c) >= 0;
    }

    static boolean isAlphanumeric(int c) {
        return Character.isLetter(c) || isNumeric(c);
    }

    /// Letters that have a case.
    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    public static boolean isUpper(String text) {
        return text.codePoints().anyMatch(Character::isUpperCase)
                && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    public static boolean isLower(String text) {
        return text.codePoints().anyMatch(Character::isLowerCase)
                && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    public static String upper(String text) {
        if (text.length() < LONG) {
            return text.toUpperCase(Locale.ROOT);
        }
        var upper = new StringBuilder(text.length()); // Java takes quadratic time where characters grow (ß)
        text.codePoints().forEach(c -> {
            if (c < 0x80) {
                upper.append((char) Character.toUpperCase(c));
            } else {
                upper.append(Character.toString(c).toUpperCase(Locale.ROOT));
            }
        });
        return upper.toString();
    }

    public static String lower(String text) {
        String even = text.length() < LONG ? text : text.replace("\u0130", "i\u0307"); // the one that grows
        return even.toLowerCase(Locale.ROOT);
    }

    private static String titled(int c) {
        int simple = Character.toTitleCase(c);
        String upper = upper(Character.toString(c));
        if (simple != c || upper.codePointCount(0, upper.length()) == 1) {
            return Character.toString(simple);
        }
        int first = upper.offsetByCodePoints(0, 1); // ß, ligatures: the first as a capital
        return upper.substring(0, first) + lower(upper.substring(first));
    }

    /// The first character as a capital, the others small.
    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int rest = text.offsetByCodePoints(0, 1);
        return titled(text.codePointAt(0))
                + lower(text).substring(lower(text.substring(0, rest)).length());
    }

    /// `str.title`: a capital wherever a letter with a case follows something else.
    static String title(String text) {
        var titled = new StringBuilder(text.length());
        String lower = lower(text);
        boolean within = false;
        boolean aligned = lower.length() == text.length();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int end = i + Character.charCount(c);
            String small = aligned ? lower.substring(i, end) : lower(text.substring(i, end));
            titled.append(within ? small : titled(c));
            within = isCased(c);
            i = end;
        }
        return titled.toString();
    }

    static String swapCase(String text) {
        var swapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            String one = Character.toString(c);
            swapped.append(Character.isUpperCase(c) ? lower(one) : Character.isLowerCase(c) ? upper(one) : one);
        });
        return swapped.toString();
    }

    public static String stripLeft(String text, IntPredicate such) {
        int start = 0;
        while (start < text.length() && such.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    public static String stripRight(String text, IntPredicate such) {
        int end = text.length();
        while (end > 0 && such.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    /// Python's order: by code points, where Java's goes by UTF-16 units.
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean highX = Character.isSurrogate(x); // above U+FFFF, so above every other unit
                return highX == Character.isSurrogate(y) ? Character.compare(x, y) : highX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
