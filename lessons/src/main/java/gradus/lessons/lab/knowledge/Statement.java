package gradus.lessons.lab.knowledge;

import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Something that is said, and what was measured of it.
///
/// @param said    what is said
/// @param figures what was measured
/// @param verdict whether it holds, and why
public record Statement(String said, String figures, String verdict) {
    private static final String HOLDS = "holds";

    /// That a difference is above 0: it holds if all of the 95 % interval is, and does not if all of it is
    /// below.
    ///
    /// @param one   what is said to be more
    /// @param other what it is compared with
    /// @param more  their difference, seed by seed
    public static Statement more(String said, Interval one, Interval other, Interval more) {
        String figures = "%s against %s".formatted(Verdict.shown(one, 2), Verdict.shown(other, 2));
        String difference = Verdict.shown(more, 2);
        return new Statement(
                said,
                figures,
                Verdict.of(more)
                        .choose(
                                HOLDS + ": the difference is " + difference,
                                "does not hold: the contrary does, the difference is " + difference,
                                open(more, difference)));
    }

    private static String open(Interval more, String difference) {
        if (Double.isNaN(more.half())) {
            return "cannot be said of one seed: the difference is " + difference;
        }
        return more.mean() == 0 && more.half() == 0
                ? "does not hold: there is no difference"
                : "cannot be said: the difference is " + difference;
    }

    /// That a number keeps within a bound for all seeds.
    ///
    /// @param because why, in both cases
    public static Statement when(boolean holds, String said, String figures, String because) {
        return new Statement(said, figures, (holds ? HOLDS : "does not hold") + ": " + because);
    }

    /// Whether it was found to hold.
    public boolean holds() {
        return verdict.startsWith(HOLDS);
    }

    /// As a table in Markdown.
    public static String table(List<Statement> statements) {
        List<String> rows = new ArrayList<>(List.of("| said | measured | |", "|---|---|---|"));
        statements.forEach(each ->
                rows.add(String.format(Locale.ROOT, "| %s | %s | %s |", each.said, each.figures, each.verdict)));
        return String.join("\n", rows) + "\n";
    }
}
