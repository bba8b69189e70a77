package gradus.train.run.plot;

import java.util.List;
import org.knowm.xchart.XYChart;

/// How much of the upright axis a picture shows.
final class Height {
    private static final double LEAST = 1e-6; // of the values themselves, or of 1 if they are smaller

    private Height() {}

    /// Gives curves that are level, or almost, some room above and below. XChart looks for ticks between equal
    /// numbers without an end if these are 0.
    static void leaveRoom(XYChart chart, List<Curve.Point> points) {
        double low = points.stream().mapToDouble(Curve.Point::loss).min().orElse(0);
        double high = points.stream().mapToDouble(Curve.Point::loss).max().orElse(0);
        double size = Math.max(1, Math.max(Math.abs(low), Math.abs(high)));
        if (high - low < LEAST * size) {
            chart.getStyler().setYAxisMin(low - size / 10);
            chart.getStyler().setYAxisMax(high + size / 10);
        }
    }
}
