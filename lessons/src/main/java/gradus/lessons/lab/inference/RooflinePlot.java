package gradus.lessons.lab.inference;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// The roof and the rows below it: operations for a byte, and operations a second that were reached.
final class RooflinePlot {
    private static final int POINTS = 40;

    private RooflinePlot() {}

    /// Draws `roofline.png`.
    static void write(Path file, Rows rows, Roof roof) {
        SequencedMap<String, List<Measured>> groups = new LinkedHashMap<>();
        rows.all()
                .forEach(each -> groups.computeIfAbsent(each.group(), key -> new ArrayList<>())
                        .add(each));
        double[] intensities = rows.all().stream()
                .mapToDouble(each -> each.cost().intensity())
                .sorted()
                .toArray();
        double from = Math.min(intensities[0], roof.ridge()) / 2;
        double to = Math.max(intensities[intensities.length - 1], roof.ridge()) * 2;
        double[] x = IntStream.rangeClosed(0, POINTS)
                .mapToDouble(i -> from * Math.pow(to / from, (double) i / POINTS))
                .toArray();
        double[] y = IntStream.range(0, x.length)
                .mapToDouble(i -> Math.min(roof.peak(), roof.bandwidth() * x[i]) * 1e-9)
                .toArray();
        LabPlot plot = new LabPlot(new Labels("Roofline", "FLOP/byte", "GFLOP/s"))
                .logarithmicX()
                .logarithmicY()
                .line("the roof of this machine", x, y);
        groups.forEach((group, all) -> plot.points(
                group,
                all.stream().mapToDouble(each -> each.cost().intensity()).toArray(),
                all.stream()
                        .mapToDouble(each -> each.cost().flops() / each.seconds() * 1e-9)
                        .toArray()));
        plot.write(file);
    }
}
