package gradus.lessons.lab.knowledge;

import static gradus.lessons.lab.knowledge.KnowledgeTrial.*;

import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The numbers of the experiment as Markdown, and what is said of them.
final class KnowledgeTable {
    private static final double SECOND = 1;
    private static final List<String> WAYS =
            List.of(NOTHING, ONCE, TWICE, CONTEXT, ONE_WORDING, WORDINGS, REHEARSED, EXCHANGED);
    private static final List<String> MEASURES = List.of(NEW, OTHER_WORDS, OLD, FAR);

    private final Scores scores;
    private final List<Integer> sizes;

    /// @param sizes of the bodies in [Growth]
    KnowledgeTable(Scores scores, List<Integer> sizes) {
        this.scores = scores;
        this.sizes = sizes;
    }

    String markdown() {
        return "Shares of right answers; ± is the 95 % interval over the seeds.\n\n" + answers() + "\n" + style() + "\n"
                + oneFact() + "\n" + growth() + "\n" + Statement.table(statements());
    }

    private String answers() {
        StringBuilder table = new StringBuilder("| taught by |");
        MEASURES.forEach(measure -> table.append(' ').append(measure).append(" |"));
        table.append("\n|---|").append("---|".repeat(MEASURES.size())).append('\n');
        for (String way : WAYS) {
            table.append("| ").append(way).append(" |");
            for (String measure : MEASURES) {
                table.append(' ').append(shown(way, measure)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String style() {
        StringBuilder table = new StringBuilder("| style taught by | in style | in style and right |\n|---|---|---|\n");
        for (String way : List.of(SHOWN, PLAIN, STYLED)) {
            table.append("| %s | %s | %s |\n".formatted(way, shown(way, STYLE), shown(way, STYLE_RIGHT)));
        }
        return table.toString();
    }

    private String oneFact() {
        StringBuilder table = new StringBuilder("| one changed fact | index | weights |\n|---|---|---|\n");
        table.append("| seconds | %s | %s |\n"
                .formatted(
                        Verdict.shown(scores.interval(OneFact.INDEX, OneFact.SECONDS), 4),
                        Verdict.shown(scores.interval(OneFact.WEIGHTS, OneFact.SECONDS), 4)));
        table.append("| steps until answered as taught | | %s |\n".formatted(shown(OneFact.WEIGHTS, OneFact.STEPS)));
        table.append("| steps until answered in other words | | %s |\n"
                .formatted(shown(OneFact.WEIGHTS, OneFact.STEPS_OTHER)));
        table.append("| other new facts right when it is first answered | all | %s |\n"
                .formatted(shown(OneFact.WEIGHTS, OneFact.KEPT_NEW_THEN)));
        table.append("| old facts right when it is first answered | all | %s |\n"
                .formatted(shown(OneFact.WEIGHTS, OneFact.KEPT_OLD_THEN)));
        table.append("| other new facts still right after %s steps | | %s |\n"
                .formatted(KnowledgePlan.MOST_STEPS, shown(OneFact.WEIGHTS, OneFact.KEPT_NEW)));
        table.append("| old facts still right after %s steps | | %s |\n"
                .formatted(KnowledgePlan.MOST_STEPS, shown(OneFact.WEIGHTS, OneFact.KEPT_OLD)));
        table.append("\nAnswered in other words after so many steps:");
        for (int step = 1; step <= KnowledgePlan.MOST_STEPS; step *= 2) {
            table.append(String.format(
                    Locale.ROOT,
                    " %d: %.2f",
                    step,
                    scores.interval(OneFact.WEIGHTS, OneFact.curve(step)).mean()));
        }
        return table.append('\n').toString();
    }

    private String growth() {
        StringBuilder table =
                new StringBuilder("| facts | way | words read | million operations | milliseconds | right |\n"
                        + "|---|---|---|---|---|---|\n");
        for (int size : sizes) {
            for (String way : List.of(Growth.CONTEXT, Growth.INDEX, Growth.WEIGHTS)) {
                String name = Growth.way(way, size);
                table.append(String.format(
                        Locale.ROOT,
                        "| %d | %s | %.1f | %.2f | %.2f | %s |%n",
                        size,
                        way,
                        mean(name, Growth.TOKENS),
                        mean(name, Growth.FLOPS) / 1e6,
                        mean(name, Growth.MILLIS),
                        way.equals(Growth.WEIGHTS) ? "" : shown(name, Growth.RIGHT)));
            }
        }
        return table.toString();
    }

    private double mean(String way, String measure) {
        return scores.interval(way, measure).mean();
    }

    private String shown(String way, String measure) {
        return Verdict.shown(scores.interval(way, measure), 2);
    }

    /// What is said of the three ways, and whether it holds.
    List<Statement> statements() {
        List<Statement> all = new ArrayList<>();
        all.add(more(
                "new facts, other words: retrieval answers more than weights taught in 1 wording",
                OTHER_WORDS,
                ONCE,
                ONE_WORDING));
        all.add(more(
                "new facts, other words: retrieval answers more than weights taught in 3 wordings",
                OTHER_WORDS,
                ONCE,
                WORDINGS));
        all.add(more("old facts: retrieval answers more than the weights alone", OLD, ONCE, NOTHING));
        all.add(more("weights need several wordings: 3 teach more than 1", OTHER_WORDS, WORDINGS, ONE_WORDING));
        all.add(more("teaching new facts to the weights makes them forget old ones", OLD, NOTHING, WORDINGS));
        all.add(more("rehearsal of old facts keeps them", OLD, REHEARSED, WORDINGS));
        all.add(oneSecond());
        all.add(slower());
        all.add(Statement.more(
                "one fact taught to the weights spoils other new facts",
                scores.interval(WORDINGS, OTHER_WORDS),
                scores.interval(OneFact.WEIGHTS, OneFact.KEPT_NEW_THEN),
                scores.difference(WORDINGS, OTHER_WORDS, OneFact.WEIGHTS, OneFact.KEPT_NEW_THEN)));
        all.add(more("style: weights take it on where examples in the context do not", STYLE, STYLED, SHOWN));
        all.add(more("two far facts: a long context answers more than retrieval", FAR, CONTEXT, ONCE));
        all.add(more("two far facts: to search twice finds more than to search once", FAR, TWICE, ONCE));
        all.add(more("single facts: retrieval reads better than a long context", OTHER_WORDS, ONCE, CONTEXT));
        all.add(more("old facts: a long context about others misleads", OLD, NOTHING, CONTEXT));
        all.add(cost());
        all.add(control());
        return all;
    }

    private Statement more(String said, String measure, String way, String other) {
        return Statement.more(
                said,
                scores.interval(way, measure),
                scores.interval(other, measure),
                scores.difference(measure, way, other));
    }

    private Statement oneSecond() {
        double most = scores.of(OneFact.INDEX, OneFact.LONGEST).stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
        double answered = mean(OneFact.INDEX, OneFact.ANSWERED);
        return Statement.when(
                most < SECOND && answered == 1,
                "a fact is added to the index in under a second, and answered from then on",
                String.format(Locale.ROOT, "%.4f s at most, answered %.2f", most, answered),
                answered < 1 ? "it is not always answered" : "one commit to the disk is all it takes");
    }

    private Statement slower() {
        Interval weights = scores.interval(OneFact.WEIGHTS, OneFact.SECONDS);
        Interval index = scores.interval(OneFact.INDEX, OneFact.SECONDS);
        return Statement.more(
                "a fact costs the weights more seconds than the index",
                weights,
                index,
                scores.difference(OneFact.SECONDS, OneFact.WEIGHTS, OneFact.INDEX));
    }

    private Statement cost() {
        int small = sizes.getFirst();
        int large = sizes.getLast();
        double[] grown = new double[3];
        String[] ways = {Growth.CONTEXT, Growth.INDEX, Growth.WEIGHTS};
        for (int i = 0; i < ways.length; i++) {
            grown[i] =
                    mean(Growth.way(ways[i], large), Growth.TOKENS) / mean(Growth.way(ways[i], small), Growth.TOKENS);
        }
        double facts = large / (double) small;
        boolean holds = grown[0] > facts / 1.5 && grown[1] < 1.5 && grown[2] < 1.1;
        return Statement.when(
                holds,
                "a long context reads in proportion to the facts, retrieval and weights do not",
                String.format(
                        Locale.ROOT,
                        "%.1f times the facts: words × %.2f, × %.2f and × %.2f",
                        facts,
                        grown[0],
                        grown[1],
                        grown[2]),
                "all facts are read, the best %s, and none".formatted(Shelf.READ));
    }

    private Statement control() {
        Interval right = scores.interval(EXCHANGED, OTHER_WORDS);
        return Statement.when(
                right.mean() <= 2.0 / World.VALUES,
                "control: from an index of false facts hardly a true answer comes",
                Verdict.shown(right, 2),
                "what is read decides, and chance is " + String.format(Locale.ROOT, "%.3f", 1.0 / World.VALUES));
    }
}
