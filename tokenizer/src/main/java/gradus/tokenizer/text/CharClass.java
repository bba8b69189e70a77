package gradus.tokenizer.text;

/// What the published pre-tokenizer patterns ask of a character, as one bit each.
///
/// | bit | regex | meaning |
/// |---|---|---|
/// | LETTER | `\p{L}` | any letter |
/// | NUMBER | `\p{N}` | any number, also `½` and `Ⅷ` |
/// | SPACE | `\s` | Unicode White_Space, newlines among them |
/// | NEWLINE | `[\r\n]` | |
/// | UPPER | `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]` | can stand in the first part of an o200k word |
/// | LOWER | `[\p{Ll}\p{Lm}\p{Lo}\p{M}]` | can stand in its second part |
public final class CharClass {
    public static final int LETTER = 1;
    public static final int NUMBER = 2;
    public static final int SPACE = 4;
    public static final int NEWLINE = 8;
    public static final int UPPER = 16;
    public static final int LOWER = 32;

    private static final byte[] BASIC_PLANE = new byte[0x10000]; // a look-up is faster than Character.getType

    static {
        for (int c = 0; c < BASIC_PLANE.length; c++) {
            BASIC_PLANE[c] = (byte) classify(c);
        }
    }

    private CharClass() {}

    /// The bits of the character that starts at `i`.
    public static int at(byte[] utf8, int i) {
        return utf8[i] >= 0 ? BASIC_PLANE[utf8[i]] : of(Utf8.codePointAt(utf8, i));
    }

    static int of(int codePoint) {
        return codePoint < BASIC_PLANE.length ? BASIC_PLANE[codePoint] : classify(codePoint);
    }

    private static int classify(int c) {
        int bits = switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> LETTER | UPPER;
            case Character.LOWERCASE_LETTER -> LETTER | LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER | UPPER | LOWER;
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
                UPPER | LOWER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            default -> 0;
        };
        return bits | (isWhiteSpace(c) ? SPACE : 0) | (c == '\r' || c == '\n' ? NEWLINE : 0);
    }

    /// A character of a word, regex `\w` as Unicode has it (UTS 18, annex C): letters and what else is
    /// alphabetic, marks, decimal digits, connectors such as `_`, and the two joiners.
    public static boolean isWord(int c) {
        return Character.isAlphabetic(c)
                || switch (Character.getType(c)) {
                    case Character.NON_SPACING_MARK,
                            Character.COMBINING_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.DECIMAL_DIGIT_NUMBER,
                            Character.CONNECTOR_PUNCTUATION -> true;
                    default -> c == 0x200C || c == 0x200D;
                };
    }

    /// Unicode's White_Space property. `Character.isWhitespace` is another set: it lacks U+00A0 and has U+001C.
    public static boolean isWhiteSpace(int c) {
        return c >= 9 && c <= 13
                || c == ' '
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200A
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }
}
