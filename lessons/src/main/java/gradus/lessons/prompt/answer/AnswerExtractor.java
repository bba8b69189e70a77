package gradus.lessons.prompt.answer;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.Printable;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the answer in what a model has written. A text without one is no error: the result is empty.
@FunctionalInterface
public interface AnswerExtractor {
    /// The answer in one spelling, so that equal answers are equal texts; empty if there is none.
    Optional<String> extract(String text);

    /// The last number: `about $1,250.50.` gives `1250.5`, `2e3` gives `2000`, `1/2` gives `0.5` and `2/6`
    /// gives `1/3`.
    static AnswerExtractor number() {
        return Numbers::last;
    }

    /// The last of the letters that stands alone: `so (B) is right.` gives `B`.
    ///
    /// @param letters those that count, such as `ABCD`; a text's small ones count where they stand in
    ///     parentheses
    /// @throws gradus.error.ConfigException if they are no capital letters A to Z
    static AnswerExtractor letter(String letters) {
        require(
                letters.matches("[A-Z]+"),
                "the letters of answers must be of A to Z, such as ABCD; got %s",
                Printable.value(letters));
        String own = "[" + letters + "]";
        Pattern alone =
                Pattern.compile("\\(((?i:" + own + "))\\)|(?<![\\p{L}\\p{N}'’])(" + own + ")(?![\\p{L}\\p{N}'’])");
        return text -> {
            Optional<String> found = Optional.empty();
            Matcher matcher = alone.matcher(text);
            while (matcher.find()) {
                String letter = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                found = Optional.of(letter.toUpperCase(Locale.ROOT));
            }
            return found;
        };
    }

    /// What another extractor finds behind the last occurrence of a marker, such as `The answer is`; capitals
    /// and small letters are the same.
    ///
    /// @throws gradus.error.ConfigException if the marker is empty
    static AnswerExtractor after(String marker, AnswerExtractor then) {
        require(!marker.isBlank(), "the marker before an answer must not be empty");
        Pattern pattern = Pattern.compile(Pattern.quote(marker), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        return text -> {
            int end = -1;
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                end = matcher.end();
            }
            return end < 0 ? Optional.empty() : then.extract(text.substring(end));
        };
    }

    /// The last match of an expression: its first group that took part, or all of it where it has none.
    ///
    /// Extracting throws a [gradus.error.ConfigException] if the expression nests too deep for a long text, as
    /// `(.|\n)*x` does.
    static AnswerExtractor regex(Pattern pattern) {
        return text -> {
            try {
                return lastMatch(pattern, text);
            } catch (StackOverflowError deep) { // Java's matcher calls itself once for each round of a group
                throw new ConfigException(
                        "the expression " + Printable.value(pattern) + " nests too deep for a text of " + text.length()
                                + " characters; [\\s\\S]* needs no nesting where (.|\\n)* does",
                        deep);
            }
        };
    }

    private static Optional<String> lastMatch(Pattern pattern, String text) {
        Optional<String> found = Optional.empty();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String match = matcher.group();
            for (int i = matcher.groupCount(); i >= 1; i--) {
                match = matcher.group(i) == null ? match : matcher.group(i);
            }
            found = Optional.of(match.strip()).filter(each -> !each.isEmpty());
        }
        return found;
    }

    /// The first line that is not blank, without white space and a full stop at its end, and without a colon in
    /// front.
    static AnswerExtractor line() {
        Pattern front = Pattern.compile("^[\\s:]+");
        return text -> text.lines()
                .map(each -> front.matcher(each).replaceFirst("").strip())
                .map(each -> each.endsWith(".")
                        ? each.substring(0, each.length() - 1).strip()
                        : each)
                .filter(each -> !each.isEmpty())
                .findFirst();
    }

    /// All of the text, stripped; empty if nothing is left.
    static AnswerExtractor whole() {
        return text -> Optional.of(text.strip()).filter(each -> !each.isEmpty());
    }

    /// What another extractor finds where this one finds nothing.
    default AnswerExtractor orElse(AnswerExtractor other) {
        return text -> extract(text).or(() -> other.extract(text));
    }
}
