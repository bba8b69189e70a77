package gradus.lessons.learn.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Curves and points over two axes:
/// ```java
/// LinePlot.of("loss against step", "step", "loss").line("training", steps, losses).save("training");
/// ```
public final class LinePlot {
    private final XYChart chart;

    private LinePlot(XYChart chart) {
        this.chart = chart;
    }

    public static LinePlot of(String title, String xAxis, String yAxis) {
        XYChart chart = new XYChartBuilder()
                .width(800)
                .height(480)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setPlotGridLinesColor(new Color(0xE4, 0xE4, 0xE4));
        return new LinePlot(chart);
    }

    /// Points joined by a line, in the order given.
    public LinePlot line(String name, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineStyle(new BasicStroke(2));
        return this;
    }

    /// The same over 0, 1, 2, ….
    public LinePlot line(String name, double... y) {
        double[] x = new double[y.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        return line(name, x, y);
    }

    /// Points without a line.
    public LinePlot points(String name, double[] x, double[] y) {
        chart.addSeries(name, x, y).setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        return this;
    }

    /// Each step up the axis is ten times the one before.
    public LinePlot logarithmicX() {
        chart.getStyler().setXAxisLogarithmic(true);
        return this;
    }

    /// Each step up the axis is ten times the one before.
    public LinePlot logarithmicY() {
        chart.getStyler().setYAxisLogarithmic(true);
        return this;
    }

    /// Writes `NAME.png`.
    public void save(String name) {
        try {
            Picture.save(name, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
