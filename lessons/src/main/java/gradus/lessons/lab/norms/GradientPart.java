package gradus.lessons.lab.norms;

import gradus.lessons.lab.fit.PowerLaw;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The gradient before the first step, by depth.
///
/// @param runs   have the text, the seeds and the size but for the layers
/// @param depths L, ascending
record GradientPart(NormRuns runs, List<Integer> depths) {
    /// How far an exponent may be from the foretold one.
    static final double NEAR = 0.2;

    private static final double FORETOLD = -0.5;
    private static final String EXPONENT = "exponent in L";
    private static final String RATIO = "first/last";

    Section section(Path folder) {
        SeedTable even = table(true);
        SeedTable own = table(false);
        plot(folder, even);
        Interval pre = even.of("pre-layernorm", EXPONENT);
        Interval post = even.of("post-layernorm", EXPONENT);
        String deepest = column(depths.getLast());
        return new Section("The gradient before the first step", prediction())
                .add("All matrices start alike:\n\n" + even.markdown())
                .add("Matrices that end a branch start smaller by 1/√(2·L), as the library has it:\n\n"
                        + own.markdown())
                .add("""
                        `all` is the norm of the gradient of all weights, `last` that of the last matrix of the last \
                        feed-forward layer, whose exponent is given, and `first/last` that matrix in the first block \
                        against the last, in the deepest model.""")
                .claim("post-LayerNorm: the exponent is 0 within " + NEAR, post, LossPart.within(post, NEAR))
                .claim(
                        "pre-LayerNorm: the exponent is -1/2 within " + NEAR,
                        pre,
                        LossPart.within(new Interval(pre.mean() - FORETOLD, pre.half()), NEAR))
                .claim(
                        "In the deepest model it is larger with post-LayerNorm than with pre-LayerNorm, by",
                        even.difference("post-layernorm", "pre-layernorm", deepest),
                        0)
                .claim(
                        "As the library starts, pre-LayerNorm's exponent is nearer to 0, by",
                        Verdict.over(
                                even.seeds(),
                                seed -> Math.abs(even.at("pre-layernorm", EXPONENT, seed))
                                        - Math.abs(own.at("pre-layernorm", EXPONENT, seed))),
                        0)
                .claim(
                        "Without norms it is smaller than with pre-LayerNorm in the deepest model, by",
                        even.difference("pre-layernorm", "none", deepest),
                        0);
    }

    private static String column(int depth) {
        return "last, L=" + depth;
    }

    private SeedTable table(boolean even) {
        String[] columns = new String[2 * depths.size() + 2];
        for (int i = 0; i < depths.size(); i++) {
            columns[i] = "all, L=" + depths.get(i);
            columns[depths.size() + i] = column(depths.get(i));
        }
        columns[columns.length - 2] = EXPONENT;
        columns[columns.length - 1] = RATIO;
        SeedTable table = new SeedTable("norm", 4, columns);
        for (long seed : runs.seeds()) {
            for (Norming norming : Norming.all()) {
                table.put(norming.name(), row(norming, even, seed));
            }
        }
        return table;
    }

    private double[] row(Norming norming, boolean even, long seed) {
        int count = depths.size();
        double[] row = new double[2 * count + 2];
        for (int i = 0; i < count; i++) {
            NormRun.Size of = runs.size();
            StartGradient gradient = StartGradient.of(
                    norming,
                    new NormRun.Size(depths.get(i), of.dim(), of.context(), of.batch()),
                    even,
                    runs.text(),
                    seed);
            row[i] = gradient.whole();
            row[count + i] = gradient.last();
            row[2 * count + 1] = gradient.first() / gradient.last();
        }
        row[2 * count] = PowerLaw.of(x(), Arrays.copyOfRange(row, count, 2 * count))
                .exponent()
                .value();
        return row;
    }

    private double[] x() {
        return depths.stream().mapToDouble(Integer::doubleValue).toArray();
    }

    private void plot(Path folder, SeedTable table) {
        LabPlot plot = new LabPlot(new Labels(
                        "Before the first step, all matrices alike",
                        "layers",
                        "gradient of the last feed-forward matrix"))
                .logarithmicX()
                .logarithmicY();
        for (String row : table.rows()) {
            plot.line(
                    row,
                    x(),
                    depths.stream()
                            .mapToDouble(depth -> table.of(row, column(depth)).mean())
                            .toArray());
        }
        plot.write(folder.resolve("gradients.png"));
    }

    /// What it expects, before anything is measured.
    static String prediction() {
        return """
                Xiong et al. 2020, arXiv:2002.04745, theorem 1: before the first step, the gradient of the last matrix of the \
                last feed-forward layer does not depend on the depth L where norms stand after the sum, and falls as 1/√L where \
                they stand before the branch, since there the sum grows. The exponents should be 0 and -1/2, within %s. That is \
                for matrices that all start alike. In this library, as in GPT-2, those that end a branch start smaller by \
                1/√(2·L), so that the sum does not grow: with norms before the branch the exponent should be nearer to 0. \
                Without norms nothing brings the small tables (0.02) up to size 1: the gradient should be smaller than with \
                norms before the branch.""".formatted(NEAR);
    }
}
