package gradus.lessons.lab.rules;

import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;

/// What follows from the shares of right answers.
///
/// @param table of all recipes and tests, and of chance
record RulesVerdicts(SeedTable table) {
    static final String FIXED = "fixed world";
    static final String MANY = "fixed world, more compositions";
    static final String FIXED_STEPS = "fixed world, steps";
    static final String FRESH = "fresh worlds";
    static final String FRESH_STEPS = "fresh worlds, steps";
    static final String MIXTURE = "mixture";
    static final String MIXTURE_STEPS = "mixture, steps";
    static final String SHUFFLED = "control: answers drawn at random";
    static final String CHANCE = "chance";

    static final String SINGLE = "one hop";
    static final String SEEN = "seen";
    static final String HELD_OUT = "held out";
    static final String GAP = "gap";
    static final String LONGER = "three hops";
    static final String STOPPED = "says the result of two";
    static final String SHOWN = "held out, its rules shown";
    static final String RENAMED = "renamed";
    static final String RENAMED_MORE = "renamed, three hops";
    static final String RENAMED_STOPPED = "renamed, says the result of two";
    static final String ROTATED = "control: results at other rules";
    static final String FOLLOWS = "contradicted, follows the context";
    static final String KEEPS = "keeps to training";

    private static final double HALF = 0.5;

    /// An empty one.
    static SeedTable empty() {
        return new SeedTable(
                "trained with",
                3,
                SINGLE,
                SEEN,
                HELD_OUT,
                GAP,
                LONGER,
                STOPPED,
                SHOWN,
                RENAMED,
                RENAMED_MORE,
                RENAMED_STOPPED,
                ROTATED,
                FOLLOWS,
                KEEPS);
    }

    private Interval overChance(String row, String column) {
        return table.difference(row, CHANCE, column);
    }

    private Interval follows(String row) {
        return Verdict.over(table.seeds(), seed -> table.at(row, FOLLOWS, seed) - table.at(row, KEEPS, seed));
    }

    private Interval minus(Interval interval) {
        return new Interval(-interval.mean(), interval.half());
    }

    Section claims(Section section) {
        section.claim(
                        "A model of the fixed world repeats: more of the compositions that it saw are right than of the others, by"
                                + " more than 0.5",
                        Verdict.over(
                                table.seeds(), seed -> table.at(FIXED, SEEN, seed) - table.at(FIXED, HELD_OUT, seed)),
                        HALF)
                .claim(
                        "Its compositionality gap is above 0.5 (Press et al. 2022; Wang et al. 2024)",
                        table.of(FIXED, GAP),
                        HALF)
                .claim(
                        "More different compositions bring more of the held-out ones (Wang et al. 2024), by",
                        table.difference(MANY, FIXED, HELD_OUT),
                        0)
                .claim(
                        "Steps written out bring more of the held-out compositions (Nye et al. 2021), by",
                        table.difference(FIXED_STEPS, FIXED, HELD_OUT),
                        0);
        section.claim(
                        "Without steps, chains of three hops stay near chance: over it by less than 0.1",
                        overChance(FIXED, LONGER),
                        overChance(FIXED, LONGER).mean()
                                        + overChance(FIXED, LONGER).half()
                                < 0.1)
                .claim(
                        "With steps more chains of three hops are right, by",
                        table.difference(FIXED_STEPS, FIXED, LONGER),
                        0)
                .claim(
                        "With steps and fresh worlds, three hops of renamed symbols are right more often than by chance, by",
                        overChance(FRESH_STEPS, RENAMED_MORE),
                        0);
        for (String fresh : new String[] {FRESH, FRESH_STEPS, MIXTURE, MIXTURE_STEPS}) {
            section.claim(
                    "Rules of renamed symbols are followed after training with " + fresh + ", over chance by",
                    overChance(fresh, RENAMED),
                    0);
        }
        for (String fixed : new String[] {FIXED, MANY, FIXED_STEPS}) {
            section.control(
                    "they are not after training with " + fixed + "; over chance by",
                    overChance(fixed, RENAMED),
                    overChance(FRESH_STEPS, RENAMED));
        }
        for (String fresh : new String[] {FRESH_STEPS, MIXTURE_STEPS}) {
            section.claim(
                    "Contradicted, the answer follows the context rather than training, with " + fresh + ", by",
                    follows(fresh),
                    0);
        }
        return section.claim(
                        "Contradicted, a model of the fixed world keeps to training rather than to the context, by",
                        minus(follows(FIXED_STEPS)),
                        0)
                .claim(
                        "The mixture with steps has more of the held-out compositions than the fixed world without them, by",
                        table.difference(MIXTURE_STEPS, FIXED, HELD_OUT),
                        0)
                .control(
                        "held-out compositions are not right more often than by chance where answers were drawn at random, by",
                        overChance(SHUFFLED, HELD_OUT),
                        overChance(FIXED_STEPS, HELD_OUT))
                .control(
                        "nor are renamed ones whose results stand at other rules, with fresh worlds and steps, by",
                        overChance(FRESH_STEPS, ROTATED),
                        overChance(FRESH_STEPS, RENAMED));
    }
}
