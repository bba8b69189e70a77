package gradus.tokenizer.json;

import gradus.error.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/// What is wrong with a file that is no JSON, in words for its reader: those of the library that parses it tell of its
/// own settings and classes.
public final class JsonFault {
    private static final Pattern TWICE = Pattern.compile("Duplicate[^\"]*\"(.*?)\"", Pattern.DOTALL);
    private static final Pattern CHARACTER = Pattern.compile("\\(code (\\d+)");

    private JsonFault() {}

    /// One clause, such as "it ends too early".
    public static String reason(JacksonException fault) {
        String message = String.valueOf(fault.getOriginalMessage());
        Matcher twice = TWICE.matcher(message);
        if (twice.find()) {
            return "the key '%s' stands there twice".formatted(Printable.value(twice.group(1)));
        }
        if (fault instanceof UnexpectedEndOfInputException || message.contains("end-of-input")) {
            return "it ends too early";
        }
        if (fault instanceof StreamConstraintsException) {
            return message.contains("nesting") || message.contains("depth")
                    ? "it is nested too deeply"
                    : "a number or a text in it is too long";
        }
        if (message.contains("UTF-8") || message.contains("UTF-32")) {
            return "it is not UTF-8";
        }
        if (message.contains("railing")) {
            return "something follows its end";
        }
        Matcher character = CHARACTER.matcher(message);
        if (character.find()) {
            String shown = Printable.value(Character.toString(Integer.parseInt(character.group(1))));
            return "'%s' cannot stand there".formatted(shown);
        }
        return "something there is no JSON";
    }

    /// Where it is: ":3:17", line and column, or "" where nobody knows.
    public static String place(JacksonException fault) {
        return fault.getLocation() == null || fault.getLocation().getLineNr() < 1
                ? ""
                : ":" + fault.getLocation().getLineNr() + ":"
                        + fault.getLocation().getColumnNr();
    }
}
