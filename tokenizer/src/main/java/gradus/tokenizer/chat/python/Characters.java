package gradus.tokenizer.chat.python;

import java.util.Locale;
import java.util.function.IntPredicate;

/// Code points as Python's `str` sees them. A string's length and indices count code points.
public final class Characters {
    private static final int LONG = 1000;

    /// First and last of each run of characters with the Numeric_Type `Digit` (Unicode 14).
    private static final int[] OTHER_DIGITS = {
        0xB2, 0xB3, 0xB9, 0xB9, 0x1369, 0x1371, 0x19DA, 0x19DA, 0x2070, 0x2070, 0x2074, 0x2079, 0x2080, 0x2089, 0x2460,
        0x2468, 0x2474, 0x247C, 0x2488, 0x2490, 0x24EA, 0x24EA, 0x24F5, 0x24FD, 0x24FF, 0x24FF, 0x2776, 0x277E, 0x2780,
        0x2788, 0x278A, 0x2792, 0x10A40, 0x10A43, 0x10E60, 0x10E68, 0x11052, 0x1105A, 0x1F100, 0x1F10A
    };

    /// Letters that are numbers: the ideographs for one, two, ten, a hundred ...
    private static final String NUMERIC_LETTERS = "㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍"
            + "弎弐拾捌柒漆玖百肆萬貮貳贰阡陆陌陸零參拾兩零六陸什𠀁𠁤𠃢𠄡𠤪𠦃𠦌𠦜𠫪𠫽𠬙𢎐𢦘𣬛𦉭"
            + "廾";

    private static final int DOTLESS_I = 0x131; // the one small letter that has a capital and is not folded
    private static final int FIRST_CHEROKEE = 0x13A0; // this script folds to its capitals
    private static final int LAST_CHEROKEE = 0x13F5;
    private static final int FIRST_LATE_CHEROKEE = 0x13F8;
    private static final int LAST_LATE_CHEROKEE = 0x13FD;
    private static final int FIRST_SMALL_CHEROKEE = 0xAB70;
    private static final int LAST_SMALL_CHEROKEE = 0xABBF;

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

    /// What `str.isdigit` calls a digit: decimal digits, and those in superscript, circles, brackets.
    static boolean isDigit(int c) {
        boolean other = false;
        for (int i = 0; i < OTHER_DIGITS.length; i += 2) {
            other |= c >= OTHER_DIGITS[i] && c <= OTHER_DIGITS[i + 1];
        }
        return other || Character.isDigit(c);
    }

    static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER
                || NUMERIC_LETTERS.indexOf(c) >= 0;
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
        if (Character.isTitleCase(c)) {
            return Character.toString(c);
        }
        int simple = Character.toTitleCase(c);
        String upper = upper(Character.toString(c));
        if (simple != c || upper.codePointCount(0, upper.length()) == 1) {
            return Character.toString(simple);
        }
        int first = upper.offsetByCodePoints(0, 1); // ß, ligatures: the first as a capital
        if (!isCased(upper.codePointAt(0))) {
            return upper;
        }
        String rest = lower(upper.substring(first));
        boolean greek = c >= 0x1F00 && c < 0x2000; // whose small iota goes below the capital
        return upper.substring(0, first) + (greek ? rest.replace('\u03B9', '\u0345') : rest);
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
        String lower = lower(text);
        boolean aligned = lower.length() == text.length();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int end = i + Character.charCount(c);
            String one = text.substring(i, end);
            String small = aligned ? lower.substring(i, end) : lower(one); // a capital sigma knows its neighbours
            swapped.append(Character.isUpperCase(c) ? small : Character.isLowerCase(c) ? upper(one) : one);
            i = end;
        }
        return swapped.toString();
    }

    /// `str.casefold`: what two texts that differ in case alone have in common.
    static String folded(String text) {
        var folded = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean itself = c == DOTLESS_I || c >= FIRST_CHEROKEE && c <= LAST_CHEROKEE;
            boolean smallCherokee = c >= FIRST_SMALL_CHEROKEE && c <= LAST_SMALL_CHEROKEE
                    || c >= FIRST_LATE_CHEROKEE && c <= LAST_LATE_CHEROKEE;
            if (itself) {
                folded.appendCodePoint(c);
            } else if (smallCherokee) {
                folded.appendCodePoint(Character.toUpperCase(c));
            } else {
                folded.append(lower(upper(lower(Character.toString(c)))));
            }
        });
        return folded.toString();
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
