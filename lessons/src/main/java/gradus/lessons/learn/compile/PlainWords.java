package gradus.lessons.learn.compile;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;

/// The compiler's messages in words that a beginner reads once. What is rare stays in the compiler's words.
final class PlainWords {
    private static final Pattern SYMBOL = Pattern.compile("symbol: +(\\w+) (.+)");
    private static final Pattern LOCATION = Pattern.compile("location: +(?:\\w+ \\S+ of type (.+)|\\w+ (.+))");
    private static final Pattern LOSSY = Pattern.compile("possible lossy conversion from (\\S+) to (\\S+)");
    private static final Pattern CONVERTED = Pattern.compile("incompatible types: (.+) cannot be converted to (.+)");
    private static final Pattern APPLIED = Pattern.compile(
            "(?:method|constructor) (\\S+) in .*?required: +(.*?)\\n *found: +(.*?)\\n", Pattern.DOTALL);
    private static final Pattern SUITABLE = Pattern.compile("no suitable (?:method|constructor) found for (.+)");
    private static final Pattern VARIABLE = Pattern.compile("variable (\\S+) ");
    private static final Pattern EXCEPTION = Pattern.compile("unreported exception ([\\w.]+)");
    private static final Pattern IN_FILE = Pattern.compile("(\\w+) (\\w+) is public, should be declared in a file");

    private static final Pattern PACKAGES = Pattern.compile("\\b(?:[a-z_]\\w*\\.)+(?=[A-Z])");

    private PlainWords() {}

    static String of(Diagnostic<?> diagnostic) {
        String message =
                PACKAGES.matcher(diagnostic.getMessage(Locale.ROOT).strip()).replaceAll("");
        String code = String.valueOf(diagnostic.getCode()).replace("compiler.err.", "");
        if (code.startsWith("cant.resolve")) {
            return unknown(message);
        }
        if (code.startsWith("cant.apply")) {
            return applied(message);
        }
        if (code.startsWith("prob.found.req")) {
            return mismatch(message);
        }
        return switch (code) {
            case "premature.eof" -> "the file ends too early: a closing brace `}` is missing";
            case "missing.ret.stmt" -> "the method can end here without a `return`";
            case "unreachable.stmt" -> "this line can never be reached";
            case "not.stmt" -> "this is no statement: does something do nothing with its result?";
            case "doesnt.exist" -> first(message) + ": is the import right?";
            case "illegal.start.of.expr" -> "something is missing before this place, or a brace `}` is too few above";
            case "expected4", "expected3" ->
                first(message).contains("class") ? "a closing brace `}` is too many above" : first(message);
            case "incomparable.types", "operator.cant.be.applied.1" ->
                message.replace("\n", ";").replaceAll(" +", " ");
            case "already.defined" -> first(message).replaceFirst(" in method .*| in class .*", "") + " above";
            case "class.public.should.be.in.file" -> inFile(message);
            case "var.might.not.have.been.initialized" ->
                replaced(VARIABLE, message, "variable `$1` may have no value yet here");
            case "unreported.exception.need.to.catch.or.throw" ->
                replaced(EXCEPTION, message, "`$1` must be caught here: the method's signature does not let it out");
            default -> first(message);
        };
    }

    private static String first(String message) {
        return message.lines().findFirst().orElse(message);
    }

    private static String replaced(Pattern pattern, String message, String plain) {
        Matcher matcher = pattern.matcher(message);
        return matcher.find() ? plain.replace("$1", matcher.group(1)) : first(message);
    }

    private static String unknown(String message) {
        Matcher symbol = SYMBOL.matcher(message);
        if (!symbol.find()) {
            return first(message);
        }
        String name = symbol.group(2).strip();
        return switch (symbol.group(1)) {
            case "method" ->
                "there is no method `%s`%s: look at its spelling and its arguments".formatted(name, where(message));
            case "class" -> "there is no class `%s` here: is it spelt right, and imported?".formatted(name);
            case "variable" ->
                "nothing is called `%s`%s: is it spelt right, and declared above?".formatted(name, where(message));
            default -> "there is no %s `%s`%s".formatted(symbol.group(1), name, where(message));
        };
    }

    private static String where(String message) {
        Matcher location = LOCATION.matcher(message);
        if (!location.find()) {
            return "";
        }
        String place = location.group(1) == null ? location.group(2) : location.group(1);
        return " in `" + place.strip() + "`";
    }

    private static String applied(String message) {
        Matcher one = APPLIED.matcher(message);
        if (one.find()) {
            return "`%s` takes (%s), and is given (%s)".formatted(one.group(1), none(one.group(2)), none(one.group(3)));
        }
        Matcher many = SUITABLE.matcher(message);
        return many.find() ? "there is no `" + many.group(1).strip() + "`: look at its arguments" : first(message);
    }

    private static String none(String types) {
        String stripped = types.strip();
        return stripped.equals("no arguments") ? "" : stripped.replace(",", ", ");
    }

    private static String mismatch(String message) {
        Matcher lossy = LOSSY.matcher(message);
        if (lossy.find()) {
            return "a `%s` does not fit into `%2$s`: write `(%2$s)` before it if that is meant"
                    .formatted(lossy.group(1), lossy.group(2));
        }
        Matcher converted = CONVERTED.matcher(message);
        return converted.find()
                ? "`%s` stands where `%s` is needed".formatted(converted.group(1), converted.group(2))
                : first(message);
    }

    private static String inFile(String message) {
        Matcher matcher = IN_FILE.matcher(message);
        return matcher.find()
                ? "the class is called `%s`, and must be called as the file is".formatted(matcher.group(2))
                : first(message);
    }
}
