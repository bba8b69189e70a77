package gradus.lessons.lab.attention;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// What follows from all kinds.
///
/// @param kinds    by name, multi-head attention among them
/// @param refusals why others could not be measured, by name
/// @param context  T
record AttentionPart(SequencedMap<String, Kind> kinds, SequencedMap<String, String> refusals, int context) {
    private static final double CLOSE = 0.05; // bits a byte
    private static final String BITS = "bits a byte";
    private static final String TIME = "ms a step";
    private static final String MORE = "more than mha";

    /// Of one kind.
    ///
    /// @param work         of a pass
    /// @param steps        of training
    /// @param cache        bytes a token in decoding; NaN if it cannot go step by step
    /// @param bits         a byte, of each seed
    /// @param milliseconds a step, of each seed
    record Kind(ForwardWork work, int steps, double cache, List<Double> bits, List<Double> milliseconds) {}

    private static final String PREDICTION = """
            Every kind of attention learns the same text for the same operations, those that multi-head attention takes for its \
            steps; a kind that takes fewer for a token gets more steps. A kind that sees less or keeps less cannot be better a \
            step, and at a context of %d tokens attention is a small part of all operations, so that what a cheap kind saves buys few steps: \
            no kind should be better than multi-head attention. Shared keys and values (Shazeer 2019, arXiv:1911.02150; Ainslie et al. 2023, \
            arXiv:2305.13245) should cost little quality, less than %s bits a byte, for a cache that is smaller by as many times as heads share them.""";

    /// Before anything is measured.
    static String prediction(int context) {
        return String.format(Locale.ROOT, PREDICTION, context, CLOSE);
    }

    Section section(Path folder) {
        SeedTable table = new SeedTable("attention", 4, BITS, MORE, TIME);
        Kind base = kinds.get(AttentionKinds.BASE);
        kinds.forEach((name, kind) -> {
            for (int seed = 0; seed < kind.bits().size(); seed++) {
                table.put(
                        name,
                        kind.bits().get(seed),
                        kind == base
                                ? Double.NaN
                                : kind.bits().get(seed) - base.bits().get(seed),
                        kind.milliseconds().get(seed));
            }
        });
        plot(folder.resolve("cache.png"), table);
        Section section = new Section("Attention at equal compute", prediction(context))
                .add(costs())
                .add(table.markdown())
                .add(
                        "Bits a byte are of the held-out text; the difference to multi-head attention is taken seed by seed. The"
                                + " step is the median of each training, on a machine that may do other things too.")
                .add(String.format(
                        Locale.ROOT,
                        "With %d tokens the pairs of multi-head attention are %.1f %% of its operations: the most that a"
                                + " kind could save by seeing less. Over longer texts (--context) the share grows with the length.",
                        context,
                        100 * base.work().share()))
                .add(refused());
        return claims(section, table);
    }

    private String costs() {
        StringBuilder costs =
                new StringBuilder("| attention | operations a token | of which pairs, % | pairs a query and head"
                        + " | steps | cache, bytes a token |\n|---|---|---|---|---|---|\n");
        Kind base = kinds.get(AttentionKinds.BASE);
        double own = (context + 1) / 2.0; // keys that a query of full causal attention sees, the mean
        kinds.forEach((name, kind) -> costs.append(String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.1f | %.1f | %d | %s |\n",
                name,
                kind.work().training(),
                100 * kind.work().share(),
                own * kind.work().pairs() / base.work().pairs(),
                kind.steps(),
                Double.isNaN(kind.cache())
                        ? "cannot go step by step"
                        : String.format(Locale.ROOT, "%,.0f", kind.cache()))));
        return costs.toString();
    }

    private String refused() {
        if (refusals.isEmpty()) {
            return "No kind refused these sizes.";
        }
        StringBuilder text = new StringBuilder("Not measured:\n\n");
        refusals.forEach((name, why) ->
                text.append("- ").append(name).append(": ").append(why).append('\n'));
        return text.toString();
    }

    private Section claims(Section section, SeedTable table) {
        List<String> others = kinds.keySet().stream()
                .filter(name -> !name.equals(AttentionKinds.BASE))
                .toList();
        boolean one = table.seeds() < 2;
        List<String> better = others.stream()
                .filter(name -> Verdict.of(table.of(name, MORE)) == Verdict.LESS)
                .toList();
        List<String> worse = others.stream()
                .filter(name -> Verdict.of(table.of(name, MORE)) == Verdict.MORE)
                .toList();
        if (one) {
            section.add("**One seed decides nothing** of which kind is better.");
        } else {
            section.claim(
                    "No kind is better than multi-head attention at equal compute at this length",
                    "better by the interval: %s; worse: %s; the others cannot be told apart"
                            .formatted(shown(better), shown(worse)),
                    better.isEmpty());
        }
        for (String name : List.of("gqa", "mqa")) {
            if (kinds.containsKey(name)) {
                Interval more = table.of(name, MORE);
                section.claim(
                        String.format(
                                Locale.ROOT,
                                "%s loses less than %s bits a byte, for a cache of %.0f %%; it loses",
                                name,
                                CLOSE,
                                100
                                        * kinds.get(name).cache()
                                        / kinds.get(AttentionKinds.BASE).cache()),
                        more,
                        more.mean() + more.half() < CLOSE);
            }
        }
        List<String> seeing = kinds.keySet().stream()
                .filter(name -> kinds.get(name).work().ahead() > 0)
                .toList();
        return section.claim(
                "Control: no kind sees tokens that it is to predict", "seeing: " + shown(seeing), seeing.isEmpty());
    }

    private static String shown(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /// Each kind that can decode step by step is a point.
    private void plot(Path file, SeedTable table) {
        LabPlot plot =
                new LabPlot(new Labels("What a cache buys at equal compute", "bytes of cache a token", "bits a byte"));
        kinds.forEach((name, kind) -> {
            double bits = table.of(name, BITS).mean();
            if (!Double.isNaN(kind.cache()) && Double.isFinite(bits)) {
                plot.points(name, new double[] {kind.cache()}, new double[] {bits});
            }
        });
        plot.write(file);
    }
}
