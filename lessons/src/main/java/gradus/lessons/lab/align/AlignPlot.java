package gradus.lessons.lab.align;

import gradus.error.ResourceException;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Draws the pictures of `gradus lab align`, parts (a) and (e).
final class AlignPlot {
    private AlignPlot() {}

    /// How the policies come near to their closed forms, step by step.
    ///
    /// @throws ResourceException if the file cannot be written
    static void distances(Path file, SequencedMap<String, double[]> curves) {
        LabPlot plot = new LabPlot(new Labels(
                        "The bandit: distance from the closed form", "step", "largest difference of a probability"))
                .logarithmicY();
        curves.forEach((name, values) -> {
            int[] drawn = IntStream.range(0, values.length)
                    .filter(i -> values[i] > 0) // whose logarithm there is
                    .toArray();
            plot.line(
                    name,
                    IntStream.of(drawn).mapToDouble(i -> i + 1).toArray(),
                    IntStream.of(drawn).mapToDouble(i -> values[i]).toArray());
        });
        plot.write(file);
    }

    /// The coefficient of ∇p against p.
    ///
    /// @throws ResourceException if the file cannot be written
    static void coefficients(
            Path file, double[] p, SequencedMap<String, double[]> lines, SequencedMap<String, double[]> points) {
        LabPlot plot = new LabPlot(
                new Labels("How hard an algorithm climbs", "p, the share of right answers", "coefficient of ∇p"));
        lines.forEach((name, values) -> plot.line(name, p, values));
        points.forEach((name, values) -> plot.points(name, p, values));
        plot.write(file);
    }
}
