package gradus.lessons.votes;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The answer at the end of a chain of thought.
public final class LastNumber {
    private LastNumber() {}

    /// The last number in a text: a chain of thought ends with what it has come to. Numbers are written
    ///
    /// - with digits: `42`;
    /// - perhaps in groups of three, with commas between them: `1,250`. Any other comma parts two numbers;
    /// - perhaps with a point and digits behind it: `3.75`. A point without digits behind it ends a sentence;
    /// - perhaps with a minus before the first digit: `-5`. But in `12-5` a digit stands before the minus: that
    ///   is 12 less 5, and the last number is 5.
    ///
    /// @return empty if the text has no number
    public static OptionalDouble last(String text) {
        // --- your answer
        Matcher number = Pattern.compile("(?:(?<!\\d)-)?\\d+(?:,\\d{3}(?!\\d))*(?:\\.\\d+)?")
                .matcher(text);
        OptionalDouble last = OptionalDouble.empty();
        while (number.find()) {
            last = OptionalDouble.of(Double.parseDouble(number.group().replace(",", "")));
        }
        return last;
        // ---
    }
}
