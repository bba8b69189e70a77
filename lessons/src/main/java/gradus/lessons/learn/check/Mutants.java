package gradus.lessons.learn.check;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Mistakes that nobody thought of: the right answer with one sign, number, axis or method name changed. They
/// show whether probes find what the bank does not hold.
final class Mutants {
    private record Rule(Pattern find, String replace) {}

    private static final List<Rule> RULES = new ArrayList<>();

    private static void rule(String find, String... replacements) {
        for (String each : replacements) {
            RULES.add(new Rule(Pattern.compile(find), each));
        }
    }

    static {
        rule(" \\+ ", " - ");
        rule(" - ", " + ");
        rule(" \\* ", " / ");
        rule(" / ", " * ");
        rule(" < ", " <= ");
        rule(" <= ", " < ");
        rule(" > ", " >= ");
        rule(" >= ", " > ");
        rule(" == ", " != ");
        rule(" != ", " == ");
        rule(" && ", " || ");
        rule(" \\|\\| ", " && ");
        rule(" \\+= ", " -= ", " = ");
        rule(" -= ", " += ");
        rule("\\+\\+", "--");
        rule("(?<![\\w.])0(?![\\w.])", "1");
        rule("(?<![\\w.-])1(?![\\w.])", "0", "2");
        rule("(?<![\\w.])2(?![\\w.])", "1", "3");
        rule("(?<=[( ])-1(?![\\w.])", "0", "-2");
        rule("\\.add\\(", ".sub(");
        rule("\\.sub\\(", ".add(");
        rule("\\.mul\\(", ".div(");
        rule("\\.div\\(", ".mul(");
        rule("\\.sum\\(", ".mean(");
        rule("\\.mean\\(", ".sum(");
        rule("\\.amax\\(", ".amin(");
        rule("\\.exp\\(\\)", "");
        rule("\\.log\\(\\)", "");
        rule("\\.neg\\(\\)", "");
        rule("\\.square\\(\\)", "");
        rule("\\.sqrt\\(\\)", "");
        rule("Math\\.max\\(", "Math.min(");
        rule("Math\\.min\\(", "Math.max(");
        rule("Math\\.exp\\(", "(");
        rule("Math\\.sqrt\\(", "(");
        rule("\\bcontinue;", "");
        rule("\\bbreak;", "");
    }

    private Mutants() {}

    /// All bodies that differ from this one in one place.
    static List<String> of(String body) {
        Set<String> mutants = new LinkedHashSet<>();
        for (Rule rule : RULES) {
            Matcher matcher = rule.find.matcher(body);
            while (matcher.find()) {
                if (!inComment(body, matcher.start())) {
                    mutants.add(body.substring(0, matcher.start()) + rule.replace + body.substring(matcher.end()));
                }
            }
        }
        mutants.remove(body);
        return List.copyOf(mutants);
    }

    private static boolean inComment(String body, int at) {
        int line = body.lastIndexOf('\n', at) + 1;
        int comment = body.indexOf("//", line);
        return comment >= 0 && comment < at;
    }

    /// The line in which a mutant differs, as it stands and as it was, for a list of those that live.
    static String difference(String body, String mutant) {
        List<String> was = body.lines().toList();
        List<String> is = mutant.lines().toList();
        for (int i = 0; i < Math.min(was.size(), is.size()); i++) {
            if (!was.get(i).equals(is.get(i))) {
                return was.get(i).strip() + "  →  " + is.get(i).strip();
            }
        }
        return "";
    }
}
