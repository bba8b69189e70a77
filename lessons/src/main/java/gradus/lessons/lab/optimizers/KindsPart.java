package gradus.lessons.lab.optimizers;

import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.run.compare.Interval;
import java.util.Locale;

/// Every optimiser of the library at its best rate.
///
/// @param runs trains
/// @param dim  channels
record KindsPart(OptimizerRuns runs, int dim) {
    private static final double RATIO = 3;
    private static final String LOSS = "loss";
    /// Before anything is measured.
    static final String PREDICTION = """
            Each optimiser has a rate of its own, found with one seed on a grid of ratio 3 that goes on until its best rate \
            has a worse one on both sides; the losses are of other seeds at that rate, after equal steps. Muon should have \
            the lowest loss (Jordan et al. 2024), SGD the highest, as for all transformers; Lion should come near AdamW with \
            half its memory (Chen et al. 2023). Control: paged AdamW is AdamW, to the bit.""";

    /// A rate that is customary; the grid begins there.
    private static double middle(OptimizerKind kind) {
        return switch (kind) {
            case ADAMW, PAGED_ADAMW, ADAM -> 4e-3;
            case SGD -> 0.5;
            case LION -> 1e-3;
            case MUON, ADAGRAD -> 2e-2;
            case RMSPROP -> 2e-3;
        };
    }

    private static String title(OptimizerKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    Section section() {
        SeedTable table = new SeedTable("optimiser", 3, LOSS, "best rate", "state, bytes a parameter", "rates tried");
        for (OptimizerKind kind : OptimizerKind.values()) {
            RateSearch search = RateSearch.of(middle(kind), RATIO, rate -> runs.loss(kind, rate, dim, false, 1));
            for (long seed = 2; seed <= runs.seeds() + 1; seed++) {
                table.put(
                        title(kind),
                        runs.loss(kind, search.best(), dim, false, seed),
                        search.best(),
                        runs.state(kind, search.best(), dim, seed),
                        search.losses().size());
            }
        }
        Interval paged = table.difference(title(OptimizerKind.PAGED_ADAMW), title(OptimizerKind.ADAMW), LOSS);
        return new Section("Every optimiser at its best rate", PREDICTION)
                .add(table.markdown())
                .claim("AdamW's loss exceeds Muon's, by", gain(table, OptimizerKind.ADAMW, OptimizerKind.MUON), 0)
                .claim("SGD's loss exceeds AdamW's, by", gain(table, OptimizerKind.SGD, OptimizerKind.ADAMW), 0)
                .claim("Lion's loss exceeds AdamW's by less than 0.05", near(table), holdsNear(table))
                .claim(
                        "Control: paged AdamW has the losses of AdamW",
                        Verdict.shown(paged, 6),
                        paged.mean() == 0 && !(paged.half() > 0));
    }

    private static Interval gain(SeedTable table, OptimizerKind worse, OptimizerKind better) {
        return table.difference(title(worse), title(better), LOSS);
    }

    private static Interval near(SeedTable table) {
        return gain(table, OptimizerKind.LION, OptimizerKind.ADAMW);
    }

    private static boolean holdsNear(SeedTable table) {
        return near(table).mean() + near(table).half() < 0.05;
    }
}
