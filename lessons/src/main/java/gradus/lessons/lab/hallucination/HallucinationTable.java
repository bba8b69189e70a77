package gradus.lessons.lab.hallucination;

import static gradus.lessons.lab.hallucination.ErrorTrial.*;

import gradus.lessons.lab.knowledge.Scores;
import gradus.lessons.lab.knowledge.Statement;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The numbers of the experiment as Markdown, and what is said of them.
final class HallucinationTable {
    private static final double FOLLOWED = 0.9;

    private final Scores scores;
    private final List<ProfileRow> profiles;

    /// What one profile gave.
    ///
    /// @param stage    1 to 3, how far the training was
    /// @param measured of each seed
    record ProfileRow(RepetitionProfile profile, int stage, List<HallucinationBound> measured) {}

    HallucinationTable(Scores scores, List<ProfileRow> profiles) {
        this.scores = scores;
        this.profiles = profiles;
    }

    String markdown() {
        return "Shares of the answers; ± is the 95 % interval over the seeds.\n\n" + errors() + "\n" + bound() + "\n"
                + edits() + "\n" + Statement.table(statements());
    }

    private String errors() {
        StringBuilder table = new StringBuilder(
                "| answers from | about | right | factual errors | faithfulness errors | abstained |\n"
                        + "|---|---|---|---|---|---|\n");
        for (String way : List.of(ALONE, TRUE, FALSE, OTHERS, RETRIEVAL, ABSTENTION, BOTH)) {
            for (String kind : List.of(KNOWN, UNTOLD)) {
                table.append("| ").append(way).append(" | ").append(kind).append(" |");
                for (String measure : List.of(RIGHT, FACTUAL, UNFAITHFUL, ABSTAINED)) {
                    table.append(' ').append(shown(way, measure(kind, measure))).append(" |");
                }
                table.append('\n');
            }
        }
        return table.toString();
    }

    private String shown(String way, String measure) {
        return Verdict.shown(scores.interval(way, measure), 2);
    }

    private String bound() {
        StringBuilder table = new StringBuilder(
                "| facts | exponent | trained | told once | never told | miscalibration | at least | rate of false"
                        + " statements |\n"
                        + "|---|---|---|---|---|---|---|---|\n");
        for (ProfileRow row : profiles) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %d | %.1f | %s | %s | %s | %s | %s | %s |%n",
                    row.profile.facts(),
                    row.profile.exponent(),
                    List.of("a little", "half", "to the end").get(row.stage - 1),
                    over(row, 0),
                    over(row, 1),
                    over(row, 2),
                    over(row, 3),
                    over(row, 4)));
        }
        return table.toString();
    }

    private static String over(ProfileRow row, int column) {
        Interval interval = Verdict.over(row.measured.size(), seed -> {
            HallucinationBound bound = row.measured.get(seed);
            return new double[] {bound.once(), bound.unseen(), bound.miscalibration(), bound.least(), bound.rate()}
                    [column];
        });
        return Verdict.shown(interval, 3);
    }

    private String edits() {
        List<String> measures = List.of(EditTrial.TAUGHT, EditTrial.OTHER_WORDS, EditTrial.SUBJECT, EditTrial.REST);
        StringBuilder table = new StringBuilder("| one fact changed by |");
        measures.forEach(measure -> table.append(' ').append(measure).append(" |"));
        table.append("\n|---|---|---|---|---|\n");
        for (String way : List.of(EditTrial.EDIT, EditTrial.TUNING, EditTrial.CONTROL)) {
            table.append("| ").append(way).append(" |");
            measures.forEach(
                    measure -> table.append(' ').append(shown(way, measure)).append(" |"));
            table.append('\n');
        }
        return table.toString();
    }

    /// What is said, and whether it holds.
    List<Statement> statements() {
        List<Statement> all = new ArrayList<>();
        String untoldErrors = measure(UNTOLD, FACTUAL);
        all.add(more(
                "without a text, what was never told is hallucinated more than what was",
                ALONE,
                untoldErrors,
                ALONE,
                measure(KNOWN, FACTUAL)));
        all.add(followed());
        all.add(more(
                "a false text makes factual errors that are no faithfulness errors",
                FALSE,
                measure(KNOWN, FACTUAL),
                FALSE,
                measure(KNOWN, UNFAITHFUL)));
        all.add(more(
                "a text about others misleads about what is known",
                OTHERS,
                measure(KNOWN, FACTUAL),
                ALONE,
                measure(KNOWN, FACTUAL)));
        all.add(more(
                "retrieval lowers factual errors about what was never told",
                ALONE,
                untoldErrors,
                RETRIEVAL,
                untoldErrors));
        all.add(more(
                "abstention training lowers factual errors about what was never told",
                ALONE,
                untoldErrors,
                ABSTENTION,
                untoldErrors));
        all.add(more(
                "abstention training costs right answers about what is known",
                ALONE,
                measure(KNOWN, RIGHT),
                ABSTENTION,
                measure(KNOWN, RIGHT)));
        all.add(more(
                "after it, retrieval still answers what was never told",
                BOTH,
                measure(UNTOLD, RIGHT),
                ALONE,
                measure(UNTOLD, RIGHT)));
        all.add(bounded());
        all.add(rising());
        all.add(more(
                "an edit of rank one changes the answer, also in other words",
                EditTrial.EDIT,
                EditTrial.OTHER_WORDS,
                EditTrial.CONTROL,
                EditTrial.OTHER_WORDS));
        all.add(more(
                "an edit of rank one keeps more of the other facts than training on the fact",
                EditTrial.EDIT,
                EditTrial.REST,
                EditTrial.TUNING,
                EditTrial.REST));
        all.add(more(
                "an edit of rank one keeps the subject's other fact better than training",
                EditTrial.EDIT,
                EditTrial.SUBJECT,
                EditTrial.TUNING,
                EditTrial.SUBJECT));
        return all;
    }

    private Statement more(String said, String way, String measure, String other, String otherMeasure) {
        return Statement.more(
                said,
                scores.interval(way, measure),
                scores.interval(other, otherMeasure),
                scores.difference(way, measure, other, otherMeasure));
    }

    private Statement followed() {
        Interval unfaithful = scores.interval(FALSE, measure(UNTOLD, UNFAITHFUL));
        Interval known = scores.interval(FALSE, measure(KNOWN, UNFAITHFUL));
        return Statement.when(
                1 - unfaithful.mean() >= FOLLOWED && 1 - known.mean() >= FOLLOWED,
                String.format(Locale.ROOT, "a false text is followed in %.0f %% or more", 100 * FOLLOWED),
                String.format(
                        Locale.ROOT,
                        "%.2f of what is known, %.2f of what is not",
                        1 - known.mean(),
                        1 - unfaithful.mean()),
                "what was read counts more than what was learnt, where it is read right");
    }

    private Statement bounded() {
        int all = 0;
        int holding = 0;
        int estimated = 0;
        double nearest = Double.MAX_VALUE;
        for (ProfileRow row : profiles) {
            for (HallucinationBound bound : row.measured) {
                all++;
                holding += bound.holds() ? 1 : 0;
                estimated += bound.holdsOfUnseen() ? 1 : 0;
                nearest = Math.min(nearest, bound.rate() - bound.least());
            }
        }
        return Statement.when(
                holding == all,
                "the rate of false statements is at least the share told once − miscalibration",
                "%s of %s measurements".formatted(holding, all),
                String.format(
                        Locale.ROOT,
                        "the rate less the bound is %.3f where it is least; with what was never told in place of its"
                                + " estimate, the share told once, %d of %d",
                        nearest,
                        estimated,
                        all));
    }

    /// Of the first measurements: more facts told once, more false statements.
    private Statement rising() {
        List<ProfileRow> first = profiles.stream().filter(row -> row.stage == 1).toList();
        List<Double> rates = new ArrayList<>();
        boolean falling = true;
        for (ProfileRow row : first) {
            double rate = row.measured.stream()
                    .mapToDouble(HallucinationBound::rate)
                    .average()
                    .orElseThrow();
            falling &= rates.isEmpty() || rate <= rates.getLast();
            rates.add(rate);
        }
        StringBuilder shown = new StringBuilder();
        rates.forEach(
                rate -> shown.append(shown.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, "%.3f", rate)));
        return Statement.when(
                falling,
                "the fewer facts are told once, the fewer false statements, from profile to profile",
                shown.toString(),
                falling
                        ? "each profile has fewer than the one before"
                        : "not every profile has fewer than the one before");
    }
}
