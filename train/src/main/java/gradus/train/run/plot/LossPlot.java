package gradus.train.run.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Draws `loss.png`: the loss of each training step, faint since batches differ, its running mean, and the
/// validation loss.
public final class LossPlot {
    private static final Color FAINT = new Color(0xA9, 0xC6, 0xE3);
    private static final Color BLUE = new Color(0x1F, 0x5F, 0xA8);
    private static final Color RED = new Color(0xC4, 0x3C, 0x2B);

    private LossPlot() {}

    /// What the losses of the first tenth may be above those that follow, before they are left out.
    private static final double HEADROOM = 1.1;

    /// Draws what there is to draw. Losses fall fast at first: those far above everything that follows stay
    /// outside, so that what follows can be told apart.
    ///
    /// @throws IOException if the file cannot be written
    public static void draw(Path file, String title, Curve training, Curve validation) throws IOException {
        List<Curve.Point> each = training.points();
        List<Curve.Point> mean = runningMean(each);
        double top = top(List.of(mean, validation.points()));
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
        Height.leaveRoom(
                chart,
                Stream.of(each, mean, validation.points())
                        .flatMap(points -> below(top, points).stream())
                        .toList());
        // In the order of painting: the later lies above.
        line(chart, "training, each step", below(top, each), FAINT, 1f);
        line(chart, "training, running mean", below(top, mean), BLUE, 2f);
        XYSeries held = line(chart, "validation", below(top, validation.points()), RED, 2f);
        if (held != null) {
            held.setMarker(SeriesMarkers.CIRCLE);
            held.setMarkerColor(RED);
        }
        Files.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
    }

    /// The largest loss after the first tenth of the steps, and a little more; no limit where there is nothing
    /// to gain.
    static double top(List<List<Curve.Point>> curves) {
        List<Curve.Point> all = curves.stream().flatMap(List::stream).toList();
        double last = all.stream().mapToDouble(Curve.Point::step).max().orElse(0);
        double later = all.stream()
                .filter(point -> point.step() >= last / 10)
                .mapToDouble(Curve.Point::loss)
                .max()
                .orElse(Double.POSITIVE_INFINITY);
        double lowest = all.stream().mapToDouble(Curve.Point::loss).min().orElse(0);
        return later + (later - lowest) * (HEADROOM - 1) + Math.abs(later) * 1e-9;
    }

    private static List<Curve.Point> below(double top, List<Curve.Point> points) {
        return points.stream().filter(point -> point.loss() <= top).toList();
    }

    /// Null if there is nothing to draw.
    private static XYSeries line(XYChart chart, String name, List<Curve.Point> points, Color color, float width) {
        if (points.isEmpty()) {
            return null;
        }
        double[] steps = points.stream().mapToDouble(Curve.Point::step).toArray();
        double[] losses = points.stream().mapToDouble(Curve.Point::loss).toArray();
        XYSeries series = chart.addSeries(name, steps, losses);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(width));
        return series;
    }

    /// Each point the mean of up to fifty steps around it, so that the curve does not lag behind what it
    /// smooths.
    static List<Curve.Point> runningMean(List<Curve.Point> points) {
        int reach = Math.min(points.size() / 40, 25);
        return IntStream.range(reach, points.size() - reach)
                .mapToObj(middle -> new Curve.Point(
                        points.get(middle).step(),
                        points.subList(middle - reach, middle + reach + 1).stream()
                                .mapToDouble(Curve.Point::loss)
                                .average()
                                .orElseThrow()))
                .toList();
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
