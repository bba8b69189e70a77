package gradus.lessons.lab.prompt.addition;

/// How a sum is written. `a` and `b` have n digits, their sum n + 1, with a zero in front where it needs one,
/// so that all formats but the scratchpad have the same length.
public enum AdditionFormat {
    /// `457+268=0725`: the first digit already needs every carry.
    PLAIN("plain"),
    /// `457+268=5270`: last digit first, in the order in which carries run.
    REVERSED("reversed"),
    /// `457+268=51 21 70 >0725`, of each place, from the last, the digit and the carry, and then the sum. Lee
    /// et al. call it the simplified scratchpad.
    SCRATCHPAD("scratchpad"),
    /// `457+268=7502`: every other digit, then the rest; another order, in which carries do not run.
    SCRAMBLED("scrambled");

    private static final char SUM = '>';

    /// All characters of lessons.
    public static final String ALPHABET = "\n +0123456789=>";

    private final String title;

    AdditionFormat(String title) {
        this.title = title;
    }

    /// In tables.
    String title() {
        return title;
    }

    /// The longest answer, with its end.
    int longest(int digits) {
        return digits + 2 + (this == SCRATCHPAD ? 3 * digits + 1 : 0);
    }

    /// What is written behind `a+b=`.
    public String answer(int a, int b, int digits) {
        String sum = String.valueOf(a + b);
        String padded = "0".repeat(digits + 1 - sum.length()) + sum;
        return switch (this) {
            case PLAIN -> padded;
            case REVERSED -> new StringBuilder(padded).reverse().toString();
            case SCRATCHPAD -> pad(a, b, digits) + SUM + padded;
            case SCRAMBLED -> every(padded, 1) + every(padded, 0);
        };
    }

    private static String every(String text, int from) {
        StringBuilder some = new StringBuilder();
        for (int i = from; i < text.length(); i += 2) {
            some.append(text.charAt(i));
        }
        return some.toString();
    }

    private static String pad(int a, int b, int digits) {
        StringBuilder pad = new StringBuilder();
        int carry = 0;
        int place = 1;
        for (int i = 0; i < digits; i++) {
            int sum = a / place % 10 + b / place % 10 + carry;
            carry = sum / 10;
            pad.append(sum % 10).append(carry).append(' ');
            place *= 10;
        }
        return pad.toString();
    }

    /// Whether the sum that stands in what a model wrote is right; of a scratchpad, nothing else counts.
    boolean isRight(String written, int a, int b, int digits) {
        String right = answer(a, b, digits);
        return this == SCRATCHPAD
                ? written.substring(written.indexOf(SUM) + 1).equals(right.substring(right.indexOf(SUM) + 1))
                : written.equals(right);
    }
}
