package gradus.lessons.lab.cloze;

import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;

/// What is expected of the cloze, and whether it came.
///
/// @param table with the fewest examples first and the most last
record ClozeClaims(ClozeTable table) {
    /// So many points are no lead.
    static final double CLOSED = 2;

    static String prediction(ClozePlan plan) {
        int fewest = plan.examples().getFirst();
        int most = plan.examples().getLast();
        String prediction = "With " + fewest + " examples a class, the cloze is better than [CLS]: it uses what the"
                + " model has learnt of words, where a new head knows nothing yet.";
        if (most > fewest) {
            prediction += " With " + most + ", its lead is smaller than with " + fewest
                    + ", and closed: the interval holds 0, or lies within 2 points.";
        }
        if (plan.alpha() > 0) {
            prediction += " To guess masked words beside the task makes the cloze better, with the fewest examples at"
                    + " least.";
        }
        return prediction;
    }

    /// Adds them.
    Section to(Section section) {
        int fewest = table.examples().getFirst();
        int most = table.examples().getLast();
        Interval first = lead(fewest);
        section.claim("With " + fewest + " examples a class, the cloze is better than [CLS], in points by", first, 0);
        if (most > fewest) {
            Interval last = lead(most);
            section.claim(
                            "With " + most + " its lead is smaller, by",
                            Verdict.over(
                                    table.seeds(),
                                    seed -> table.lead(fewest, ClozeTrial.CLOZE, ClozeTrial.CLS, seed)
                                            - table.lead(most, ClozeTrial.CLOZE, ClozeTrial.CLS, seed)),
                            0)
                    .claim("And it is closed; what is left", last, closed(last));
        }
        if (table.has(fewest, ClozeTrial.AUXILIARY)) {
            for (int count : table.examples()) {
                section.claim(
                        "With " + count + " examples a class, masked words make the cloze better, by",
                        table.lead(count, ClozeTrial.AUXILIARY, ClozeTrial.CLOZE),
                        0);
            }
        }
        return section;
    }

    private Interval lead(int examples) {
        return table.lead(examples, ClozeTrial.CLOZE, ClozeTrial.CLS);
    }

    private static boolean closed(Interval left) {
        return Verdict.of(left) == Verdict.OPEN || Math.abs(left.mean()) + left.half() <= CLOSED;
    }
}
