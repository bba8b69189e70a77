package gradus.lessons.prompt.cli;

import gradus.error.Printable;
import gradus.error.UsageException;
import gradus.lessons.prompt.answer.AnswerExtractor;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/// What of a text is the answer.
final class AnswerOption {
    private static final String LETTER = "letter";
    private static final String AFTER = "after:";
    private static final String REGEX = "regex:";

    @Option(
            names = "--answer",
            paramLabel = "<kind>",
            description = "what of the text is the answer: number (the last), letter (the last of A to E) or"
                    + " letter:ABCD, line (the first), all, after:MARK, or regex:EXPRESSION (the last match, or its"
                    + " first group); default line, of refine all")
    private String kind;

    boolean isNumber() {
        return "number".equals(kind);
    }

    AnswerExtractor extractor() {
        return extractor("line");
    }

    AnswerExtractor extractor(String usual) {
        String asked = kind == null ? usual : kind;
        if (asked.startsWith(AFTER)) {
            return Asking.checked(
                    "--answer: ", () -> AnswerExtractor.after(asked.substring(AFTER.length()), AnswerExtractor.line()));
        }
        if (asked.startsWith(REGEX)) {
            return regex(asked.substring(REGEX.length()));
        }
        if (asked.startsWith(LETTER + ":")) {
            return Asking.checked("--answer: ", () -> AnswerExtractor.letter(asked.substring(LETTER.length() + 1)));
        }
        return switch (asked) {
            case "number" -> AnswerExtractor.number();
            case LETTER -> AnswerExtractor.letter("ABCDE");
            case "line" -> AnswerExtractor.line();
            case "all" -> AnswerExtractor.whole();
            default ->
                throw new UsageException("--answer must be number, letter, letter:ABCD, line, all, after:MARK or"
                        + " regex:EXPRESSION; got " + Printable.value(asked));
        };
    }

    private static AnswerExtractor regex(String expression) {
        if (expression.isEmpty()) {
            throw new UsageException("--answer regex: needs an expression behind the colon");
        }
        try {
            return AnswerExtractor.regex(Pattern.compile(expression));
        } catch (PatternSyntaxException wrong) {
            throw new UsageException("--answer regex: " + wrong.getDescription() + " in " + expression, wrong);
        }
    }
}
