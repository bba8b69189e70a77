package gradus.lessons.lab.measure;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// A picture of lines, points and intervals, as the experiments of `gradus lab` draw them.
/// ```java
/// new LabPlot(new Labels("Votes", "n", "accuracy")).line("votes", n, accuracy).write(folder.resolve("votes.png"));
/// ```
public final class LabPlot {
    private final XYChart chart;

    /// What is written at a picture.
    public record Labels(String title, String x, String y) {}

    /// A line, with what its values may be wrong by.
    ///
    /// @param half of the interval around each y, or null
    public record Curve(double[] x, double[] y, double[] half) {}

    /// An empty one.
    public LabPlot(Labels labels) {
        chart = new XYChartBuilder()
                .width(960)
                .height(540)
                .title(labels.title)
                .xAxisTitle(labels.x)
                .yAxisTitle(labels.y)
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false);
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setPlotGridLinesColor(new Color(0xE4, 0xE4, 0xE4));
    }

    /// Lines with their intervals, drawn and written. A value that is not a number is left out.
    ///
    /// @throws ResourceException if the file cannot be written
    public static void curves(Path file, Labels labels, SequencedMap<String, Curve> curves) {
        LabPlot plot = new LabPlot(labels);
        curves.forEach(plot::curve);
        plot.write(file);
    }

    /// With x by powers of ten; every x must be above 0.
    public LabPlot logarithmicX() {
        chart.getStyler().setXAxisLogarithmic(true);
        return this;
    }

    /// With y by powers of ten; every y must be above 0.
    public LabPlot logarithmicY() {
        chart.getStyler().setYAxisLogarithmic(true);
        return this;
    }

    /// Adds a line.
    public LabPlot line(String name, double[] x, double[] y) {
        return curve(name, new Curve(x, y, null));
    }

    /// Adds a line with its intervals, without what is not a number; nothing where nothing is left.
    public LabPlot curve(String name, Curve curve) {
        int[] drawn = IntStream.range(0, curve.y.length)
                .filter(i -> Double.isFinite(curve.y[i]))
                .toArray();
        if (drawn.length == 0) {
            return this;
        }
        double[] half =
                curve.half == null ? null : pick(drawn, curve.half, value -> Double.isFinite(value) ? value : 0);
        XYSeries series = chart.addSeries(name, pick(drawn, curve.x, x -> x), pick(drawn, curve.y, y -> y), half);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineStyle(new BasicStroke(2));
        return this;
    }

    private static double[] pick(int[] places, double[] values, DoubleUnaryOperator as) {
        return IntStream.of(places)
                .mapToDouble(i -> as.applyAsDouble(values[i]))
                .toArray();
    }

    /// Adds points without a line.
    public LabPlot points(String name, double[] x, double[] y) {
        chart.addSeries(name, x, y).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        return this;
    }

    /// Writes it as PNG.
    ///
    /// @throws ResourceException if the file cannot be written
    public void write(Path file) {
        try {
            Files.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }
}
