package gradus.train.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Draws `loss.png`: the loss of each training step, faint since batches differ, its running mean, and the validation
/// loss.
final class LossPlot {
    private static final Color FAINT = new Color(0xA9, 0xC6, 0xE3);
    private static final Color BLUE = new Color(0x1F, 0x5F, 0xA8);
    private static final Color RED = new Color(0xC4, 0x3C, 0x2B);

    private LossPlot() {}

    /// Draws what there is to draw.
    ///
    /// @throws IOException if the file cannot be written
    static void draw(Path file, String title, List<Metrics.Point> training, List<Metrics.Point> validation)
            throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(960)
                .height(600)
                .title(title)
                .xAxisTitle("step")
                .yAxisTitle("loss (nats per token)")
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.InsideNE)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.LIGHT_GRAY)
                .setPlotBorderVisible(false)
                .setChartTitleFont(font(Font.BOLD, 18))
                .setLegendFont(font(Font.PLAIN, 15));
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler()
                .setAxisTitleFont(font(Font.PLAIN, 16))
                .setAxisTickLabelsFont(font(Font.PLAIN, 14))
                .setPlotGridLinesColor(new Color(0xE4, 0xE4, 0xE4))
                .setXAxisMin(0.0)
                .setXAxisTickMarkSpacingHint(90)
                .setXAxisDecimalPattern("#,##0")
                .setYAxisDecimalPattern("0.0#");
        // The axis takes its marks from the first curve: those of the evaluations are round.
        if (!validation.isEmpty()) {
            XYSeries series = line(chart, "validation", validation, RED, 2f);
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(RED);
        }
        if (!training.isEmpty()) {
            line(chart, "training, each step", training, FAINT, 1f);
            line(chart, "training, running mean", runningMean(training), BLUE, 2f);
        }
        Files.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
    }

    private static XYSeries line(XYChart chart, String name, List<Metrics.Point> points, Color color, float width) {
        double[] steps = points.stream().mapToDouble(Metrics.Point::step).toArray();
        double[] losses = points.stream().mapToDouble(Metrics.Point::loss).toArray();
        XYSeries series = chart.addSeries(name, steps, losses);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(width));
        return series;
    }

    /// Each point the mean of up to fifty steps around it, so that the curve does not lag behind what it smooths.
    private static List<Metrics.Point> runningMean(List<Metrics.Point> points) {
        int reach = Math.min(points.size() / 40, 25);
        return IntStream.range(reach, points.size() - reach)
                .mapToObj(middle -> new Metrics.Point(
                        points.get(middle).step(),
                        points.subList(middle - reach, middle + reach + 1).stream()
                                .mapToDouble(Metrics.Point::loss)
                                .average()
                                .orElseThrow()))
                .toList();
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
