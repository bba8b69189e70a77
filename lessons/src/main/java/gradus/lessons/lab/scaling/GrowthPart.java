package gradus.lessons.lab.scaling;

import gradus.lessons.lab.fit.Measured;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What to do with eight times the compute: keep the model small and give it more data, as a rule of thumb says, or
/// make the model larger, or both.
///
/// @param runs    trains what is not there yet
/// @param budgets runs of equal operations, from the smallest
record GrowthPart(ScalingRuns runs, List<List<Measured>> budgets) {
    private static final String DATA = "more data";
    private static final String BOTH = "both";
    private static final String MODEL = "larger model";
    private static final String LOSS = "loss";
    /// Before anything is measured.
    static final String PREDICTION = """
            A rule of thumb says: a small model and more data first. For each of the smaller budgets its best size is \
            taken, and the compute grows eightfold, all for data (the size stays), all for the model (the tokens stay), or \
            for both alike. At equal compute more data should do better than a larger model, as the rule says; and both \
            should do better than either, as Chinchilla says.""";

    Section section() {
        SeedTable table = new SeedTable("eight times the compute for", 4, LOSS);
        int pairs = budgets.size() - Integer.numberOfTrailingZeros(ScalingPlan.GROWTH);
        StringBuilder from = new StringBuilder("The sizes that grow:");
        for (int i = 0; i < pairs; i++) {
            Measured best = budgets.get(i).stream()
                    .min(Comparator.comparingDouble(Measured::loss))
                    .orElseThrow();
            double operations = runs.plan().computes().get(i) * ScalingPlan.GROWTH; // so that runs of that budget serve
            put(table, DATA, best.parameters(), operations);
            put(table, BOTH, best.parameters() * Math.sqrt(ScalingPlan.GROWTH), operations);
            put(table, MODEL, best.parameters() * ScalingPlan.GROWTH, operations);
            from.append(String.format(
                    Locale.ROOT,
                    " N = %,.0f after %.1e operations (loss %.4f);",
                    best.parameters(),
                    best.operations(),
                    best.loss()));
        }
        from.setCharAt(from.length() - 1, '.');
        return new Section("More data or a larger model", PREDICTION)
                .add(from.toString())
                .add(table.markdown() + "\nThe mean of %s starts, with its interval.".formatted(pairs))
                .claim("More data does better than a larger model, by", table.difference(MODEL, DATA, LOSS), 0)
                .claim("Both do better than more data alone, by", table.difference(DATA, BOTH, LOSS), 0)
                .claim("Both do better than a larger model alone, by", table.difference(MODEL, BOTH, LOSS), 0);
    }

    private void put(SeedTable table, String way, double parameters, double operations) {
        Measured run = runs.of(ScalingPlan.size(parameters), operations);
        table.put(way, run.loss());
    }
}
