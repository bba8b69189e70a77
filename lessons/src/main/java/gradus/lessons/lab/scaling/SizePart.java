package gradus.lessons.lab.scaling;

import gradus.lessons.lab.fit.FlooredLaw;
import gradus.lessons.lab.fit.LeaveOneOut;
import gradus.lessons.lab.fit.Measured;
import gradus.lessons.lab.fit.PowerLaw;
import gradus.lessons.lab.fit.Range;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How the loss falls with the size at equal tokens: α_N of Kaplan et al. 2020.
final class SizePart {
    private static final double KAPLAN = 0.076;
    private static final double EXPECTED = 0.08;
    /// Before anything is measured.
    static final String PREDICTION = """
            At equal tokens the loss falls as `L = (N_c/N)^α_N` (Kaplan et al. 2020: α_N = 0.076, N without tables), so \
            α_N should lie at 0.076 to 0.08. Kaplan's models saw so many tokens that the size alone held them back; the \
            largest sizes here do not, and a text has an entropy that no model goes below, so a law with a floor, \
            `L = E + (N_c/N)^α`, may fit better, with a larger exponent. Which fits better is decided by points left \
            out, each foretold by the rest.""";

    private final double[] sizes;
    private final double[] losses;
    private final double tokens;
    private final PowerLaw plain;
    private final FlooredLaw floored;

    /// @param line sizes that saw equal tokens
    SizePart(List<Measured> line) {
        sizes = line.stream().mapToDouble(Measured::parameters).toArray();
        losses = line.stream().mapToDouble(Measured::loss).toArray();
        tokens = line.getFirst().tokens();
        plain = PowerLaw.of(sizes, losses);
        floored = FlooredLaw.of(sizes, losses);
    }

    private Range alpha() {
        Range slope = plain.exponent();
        return new Range(-slope.high(), -slope.value(), -slope.low());
    }

    /// |α − 0.08|, with the least and the most that the interval allows.
    static Range distance(Range alpha) {
        double low = Math.abs(alpha.low() - EXPECTED);
        double high = Math.abs(alpha.high() - EXPECTED);
        return new Range(
                alpha.holds(EXPECTED) ? 0 : Math.min(low, high),
                Math.abs(alpha.value() - EXPECTED),
                Math.max(low, high));
    }

    Section section(Path folder) {
        plot(folder);
        double plainError = LeaveOneOut.error(sizes, losses, (x, y) -> PowerLaw.of(x, y)::at);
        double flooredError = LeaveOneOut.error(sizes, losses, (x, y) -> FlooredLaw.of(x, y)::at);
        Range alpha = alpha();
        StringBuilder runs = new StringBuilder(
                String.format(Locale.ROOT, "Loss after %,.0f tokens, in nats a token:\n\n| N |", tokens));
        for (double size : sizes) {
            runs.append(String.format(Locale.ROOT, " %,.0f |", size));
        }
        runs.append("\n|---|").append("---|".repeat(sizes.length)).append("\n| loss |");
        for (double loss : losses) {
            runs.append(String.format(Locale.ROOT, " %.4f |", loss));
        }
        String table = String.format(
                Locale.ROOT,
                """
                | law | α_N with 95 %% interval | distance from 0.08 | N_c | E | error of points left out |
                |---|---|---|---|---|---|
                | (N_c/N)^α | %s | %s | %.2e | | %.2f %% |
                | E + (N_c/N)^α | %s | %s | %.2e | %.3f | %.2f %% |""",
                alpha.shown(3),
                distance(alpha).shown(3),
                plain.one(),
                100 * plainError,
                floored.exponent().shown(3),
                distance(floored.exponent()).shown(3),
                Math.pow(floored.scale(), 1 / floored.exponent().value()),
                floored.floor(),
                100 * flooredError);
        boolean floor = flooredError < plainError;
        return new Section("The size alone (Kaplan)", PREDICTION)
                .add(runs.toString())
                .add(table)
                .add("The law %s a floor foretells better what is left out.".formatted(floor ? "with" : "without"))
                .claim(
                        "The interval of α_N, by the law without a floor, meets 0.076 to 0.08",
                        alpha.shown(3) + ", |α_N − 0.08| = " + distance(alpha).shown(3),
                        alpha.meets(new Range(KAPLAN, KAPLAN, EXPECTED)));
    }

    private void plot(Path folder) {
        double[] fitted = Arrays.stream(sizes).map(plain::at).toArray();
        double[] withFloor = Arrays.stream(sizes).map(floored::at).toArray();
        new LabPlot(new Labels("Loss by size at equal tokens", "N, weights without tables", "loss, nats a token"))
                .logarithmicX()
                .logarithmicY()
                .points("measured", sizes, losses)
                .line("without a floor", sizes, fitted)
                .line("with a floor", sizes, withFloor)
                .write(folder.resolve("sizes.png"));
    }
}
