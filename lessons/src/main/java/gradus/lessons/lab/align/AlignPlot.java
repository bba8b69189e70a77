package gradus.lessons.lab.align;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Draws the pictures of `gradus lab align`.
public final class AlignPlot {
    private AlignPlot() {}

    /// How the policies come near to their closed forms, step by step.
    ///
    /// @throws ResourceException if the file cannot be written
    static void distances(Path file, SequencedMap<String, double[]> curves) {
        XYChart chart =
                chart("The bandit: distance from the closed form", "step", "largest difference of a probability");
        chart.getStyler().setYAxisLogarithmic(true);
        curves.forEach((name, values) -> {
            int[] drawn = IntStream.range(0, values.length)
                    .filter(i -> values[i] > 0) // whose logarithm there is
                    .toArray();
            line(
                    chart,
                    name,
                    IntStream.of(drawn).mapToDouble(i -> i + 1).toArray(),
                    IntStream.of(drawn).mapToDouble(i -> values[i]).toArray());
        });
        write(file, chart);
    }

    /// The coefficient of ∇p against p.
    ///
    /// @throws ResourceException if the file cannot be written
    static void coefficients(
            Path file, double[] p, SequencedMap<String, double[]> lines, SequencedMap<String, double[]> points) {
        XYChart chart = chart("How hard an algorithm climbs", "p, the share of right answers", "coefficient of ∇p");
        lines.forEach((name, values) -> line(chart, name, p, values));
        points.forEach(
                (name, values) -> chart.addSeries(name, p, values).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter));
        write(file, chart);
    }

    /// A line, with what its values may be wrong by.
    ///
    /// @param half of the interval around each y, or null
    public record Curve(double[] x, double[] y, double[] half) {}

    /// What is written at a picture.
    public record Labels(String title, String x, String y) {}

    /// Lines with their intervals. A value that is not a number is left out.
    ///
    /// @throws ResourceException if the file cannot be written
    public static void curves(Path file, Labels labels, SequencedMap<String, Curve> curves) {
        XYChart chart = chart(labels.title, labels.x, labels.y);
        curves.forEach((name, curve) -> {
            int[] drawn = IntStream.range(0, curve.y.length)
                    .filter(i -> Double.isFinite(curve.y[i]))
                    .toArray();
            XYSeries series = line(
                    chart,
                    name,
                    IntStream.of(drawn).mapToDouble(i -> curve.x[i]).toArray(),
                    IntStream.of(drawn).mapToDouble(i -> curve.y[i]).toArray());
            if (curve.half != null && series != null) {
                double[] half = IntStream.of(drawn)
                        .mapToDouble(i -> Double.isFinite(curve.half[i]) ? curve.half[i] : 0)
                        .toArray();
                chart.updateXYSeries(name, series.getXData(), series.getYData(), half);
            }
        });
        write(file, chart);
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(960)
                .height(540)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false);
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setPlotGridLinesColor(new Color(0xE4, 0xE4, 0xE4));
        return chart;
    }

    private static XYSeries line(XYChart chart, String name, double[] x, double[] y) {
        if (x.length == 0) {
            return null;
        }
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineStyle(new BasicStroke(2));
        return series;
    }

    private static void write(Path file, XYChart chart) {
        try {
            Files.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }
}
