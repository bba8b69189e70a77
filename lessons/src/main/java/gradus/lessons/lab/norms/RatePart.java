package gradus.lessons.lab.norms;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The largest learning rate at which a model of each norm learns.
///
/// @param runs  trains
/// @param rates ascending, each twice the one before
record RatePart(NormRuns runs, List<Double> rates) {
    private static final String RATE = "largest rate";
    private static final String DOUBLINGS = "doublings of the smallest";
    private static final String BEST = "lowest loss of all rates";

    /// The place of the largest rate whose loss is below a bound; -1 if there is none.
    ///
    /// @param losses ascending in rate; NaN where a training broke off
    static int largest(double bound, double... losses) {
        int largest = -1;
        for (int i = 0; i < losses.length; i++) {
            largest = losses[i] < bound ? i : largest;
        }
        return largest;
    }

    Section section(Path folder) {
        double bound = LetterFrequencies.loss(runs.text().split(), runs.text().vocabulary());
        SeedTable table = new SeedTable("norm", 3, RATE, DOUBLINGS, BEST);
        String[] names = rates.stream().map(String::valueOf).toArray(String[]::new);
        SeedTable losses = new SeedTable("norm", 3, names);
        for (long seed : runs.seeds()) {
            for (Norming norming : Norming.all()) {
                double[] own = rates.stream()
                        .mapToDouble(rate -> runs.measured(norming, rate, false, seed)
                                .path("loss")
                                .asDouble(Double.NaN))
                        .toArray();
                int largest = largest(bound - LossPart.NEAR, own);
                table.put(
                        norming.name(),
                        largest < 0 ? Double.NaN : rates.get(largest),
                        largest,
                        Arrays.stream(own).filter(Double::isFinite).min().orElse(Double.NaN));
                losses.put(norming.name(), own);
            }
        }
        plot(folder, losses, names);
        Interval rms = table.difference("pre-rmsnorm", "pre-layernorm", DOUBLINGS);
        List<String> censored = table.rows().stream()
                .filter(row -> Verdict.over(table.seeds(), seed -> table.at(row, DOUBLINGS, seed))
                                .mean()
                        == rates.size() - 1.0)
                .toList();
        return new Section("The largest rate", prediction())
                .add(losses.markdown())
                .add(table.markdown())
                .add("The frequencies of letters have a loss of " + Verdict.shown(new Interval(bound, Double.NaN), 3)
                        + ". Where no rate is good enough, the doublings are -1. "
                        + (censored.isEmpty()
                                ? "Each norm has a rate above which it does not learn."
                                : "Of " + String.join(", ", censored)
                                        + " the largest rate of all is good enough: they may bear more."))
                .claim(
                        "LayerNorm before the branch bears more than after the sum, by doublings",
                        table.difference("pre-layernorm", "post-layernorm", DOUBLINGS),
                        0)
                .claim(
                        "LayerNorm before the branch bears more than no norm, by doublings",
                        table.difference("pre-layernorm", "none", DOUBLINGS),
                        0)
                .claim(
                        "LayerNorm after the sum bears more than no norm, by doublings",
                        table.difference("post-layernorm", "none", DOUBLINGS),
                        0)
                .claim("pre: RMSNorm bears what LayerNorm bears, within a doubling", rms, LossPart.within(rms, 1));
    }

    private void plot(Path folder, SeedTable losses, String... names) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        double[] x = rates.stream().mapToDouble(Double::doubleValue).toArray();
        for (String row : losses.rows()) {
            double[] y = Arrays.stream(names)
                    .mapToDouble(name -> losses.of(row, name).mean())
                    .toArray();
            curves.put(row, new Curve(x, y, null));
        }
        LabPlot plot = new LabPlot(new Labels(
                        "Loss by rate; only of trainings that did not break off", "rate", "loss, nats a token"))
                .logarithmicX()
                .logarithmicY();
        curves.forEach(plot::curve);
        plot.write(folder.resolve("rates.png"));
    }

    /// What it expects, before anything is measured.
    static String prediction() {
        return """
                Here the rate is the same from the first step to the last. A model learns at a rate if its held-out loss is a \
                number, and by more than %s below that of the letters' frequencies, for which nothing need be learned of any context. Without a rate \
                that rises first, norms after the sum should bear less than norms before the branch (Xiong et al. 2020, \
                arXiv:2002.04745), and both more than no norm (Ioffe & Szegedy 2015, Ba et al. 2016). RMSNorm should bear what \
                LayerNorm bears, within one doubling.""".formatted(LossPart.NEAR);
    }
}
