package gradus.lessons.learn.book;

/// How the letters of a formula are drawn.
enum TexFont {
    ITALIC,
    UPRIGHT,
    BOLD,
    BOLD_ITALIC,
    DOUBLE_STRUCK,
    SCRIPT;

    // letters whose sign stands elsewhere in Unicode, each followed by that sign
    private static final String DOUBLE_STRUCK_LETTERS = "CℂHℍNℕPℙQℚRℝZℤ";
    private static final String SCRIPT_LETTERS = "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ";

    /// One letter as MathML.
    String letter(String sign) {
        return switch (this) {
            case ITALIC -> "<mi>" + sign + "</mi>";
            case UPRIGHT -> "<mi mathvariant=\"normal\">" + sign + "</mi>";
            case BOLD -> "<mi mathvariant=\"normal\" class=\"bold\">" + sign + "</mi>";
            case BOLD_ITALIC -> "<mi class=\"bold\">" + sign + "</mi>";
            case DOUBLE_STRUCK -> "<mi>" + styled(sign, DOUBLE_STRUCK_LETTERS, 0x1D538, 0x1D552) + "</mi>";
            case SCRIPT -> "<mi>" + styled(sign, SCRIPT_LETTERS, 0x1D49C, 0x1D4B6) + "</mi>";
        };
    }

    private static String styled(String sign, String elsewhere, int upper, int lower) {
        char c = sign.charAt(0);
        int place = elsewhere.indexOf(c);
        if (place >= 0 && place % 2 == 0) {
            return elsewhere.substring(place + 1, place + 2);
        }
        if (c >= 'A' && c <= 'Z') {
            return Character.toString(upper + c - 'A');
        }
        return c >= 'a' && c <= 'z' ? Character.toString(lower + c - 'a') : sign;
    }
}
