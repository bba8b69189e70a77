package gradus.lessons.lab.optimizers;

import gradus.lessons.lab.fit.PowerLaw;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.optimizer.OptimizerKind;
import java.nio.file.Path;
import java.util.List;

/// Whether a rate that is best for one width is best for another.
///
/// @param runs   trains
/// @param widths channels, ascending
record TransferPart(OptimizerRuns runs, List<Integer> widths) {
    private static final double MIDDLE = 8e-3;
    private static final double RATIO = 2;
    private static final OptimizerKind KIND = OptimizerKind.ADAMW;
    /// Before anything is measured.
    static final String PREDICTION = """
            With AdamW the best rate should fall with the width, about as 1/C, where all weights learn at one rate (Yang et \
            al. 2022, arXiv:2203.03466, *Tensor Programs V*). Where the matrices of the blocks learn at the rate times 16/C, \
            and tables, norms and biases at the rate itself, the best rate should be about the same for all widths, and a \
            rate found at the smallest width should cost little at the largest. **Departures:** of muP only this rule; the \
            start of the weights is by the width already, and the logits are not divided.""";

    Section section(Path folder) {
        SeedTable slopes =
                new SeedTable("matrices of the blocks", 3, "exponent of the best rate in C", "cost of transfer");
        SeedTable rates = new SeedTable(
                "channels", 4, "best rate, all alike", "best rate, matrices by 16/C", "loss", "loss, 16/C");
        for (long seed = 1; seed <= runs.seeds(); seed++) {
            double[][] best = new double[2][widths.size()];
            double[][] loss = new double[2][widths.size()];
            for (int rule = 0; rule < 2; rule++) {
                boolean scaled = rule == 1;
                RateSearch first = search(widths.getFirst(), scaled, seed);
                for (int i = 0; i < widths.size(); i++) {
                    RateSearch search = search(widths.get(i), scaled, seed);
                    best[rule][i] = search.vertex();
                    loss[rule][i] = search.losses().get(search.best());
                }
                double moved = runs.loss(KIND, first.best(), widths.getLast(), scaled, seed);
                slopes.put(
                        name(scaled),
                        PowerLaw.of(channels(), best[rule]).exponent().value(),
                        moved - loss[rule][widths.size() - 1]);
                if (seed == 1) {
                    plot(folder, scaled);
                }
            }
            for (int i = 0; i < widths.size(); i++) {
                rates.put(String.valueOf(widths.get(i)), best[0][i], best[1][i], loss[0][i], loss[1][i]);
            }
        }
        String slope = "exponent of the best rate in C";
        return new Section("A rate for another width", PREDICTION)
                .add(rates.markdown())
                .add(slopes.markdown()
                        + "\nThe cost of transfer: by how much the loss at the largest width, at the rate that is best for the"
                        + " smallest, exceeds that at its own best rate.")
                .claim(
                        "At one rate for all, the best rate falls with the width: the exponent is below 0, its negative",
                        Verdict.over(runs.seeds(), seed -> -slopes.at(name(false), slope, seed)),
                        0)
                .claim(
                        "With the matrices by 16/C it depends less on the width: the exponent is nearer to 0, by",
                        Verdict.over(
                                runs.seeds(),
                                seed -> Math.abs(slopes.at(name(false), slope, seed))
                                        - Math.abs(slopes.at(name(true), slope, seed))),
                        0)
                .claim(
                        "The transfer costs less with the matrices by 16/C, by",
                        slopes.difference(name(false), name(true), "cost of transfer"),
                        0);
    }

    private static String name(boolean scaled) {
        return scaled ? "rate times 16/C" : "rate of all";
    }

    private double[] channels() {
        return widths.stream().mapToDouble(Integer::doubleValue).toArray();
    }

    private RateSearch search(int width, boolean scaled, long seed) {
        return RateSearch.of(MIDDLE, RATIO, rate -> runs.loss(KIND, rate, width, scaled, seed));
    }

    private void plot(Path folder, boolean scaled) {
        LabPlot plot =
                new LabPlot(new Labels("Loss by rate: " + name(scaled), "rate", "loss, nats a token")).logarithmicX();
        for (int width : widths) {
            var losses = search(width, scaled, 1).losses();
            plot.line(
                    width + " channels",
                    losses.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
                    losses.values().stream().mapToDouble(Double::doubleValue).toArray());
        }
        plot.write(folder.resolve(scaled ? "rates-scaled.png" : "rates.png"));
    }
}
