package gradus.train.run.plot;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/// Draws a table of numbers as colours, the numbers in them.
public final class HeatMap {
    private static final Color LOW = new Color(0xF1, 0xF5, 0xFB);
    private static final Color HIGH = new Color(0x3B, 0x7C, 0xC4);
    private static final int CELL = 84;
    private static final int ROW = 44;
    private static final int ROOM = 260;

    private HeatMap() {}

    /// What is written at it.
    ///
    /// @param places behind the point of each number
    public record Labels(String title, String x, String y, int places) {}

    /// Draws it; what is not a number stays white.
    ///
    /// @param values a list for each row, from the top
    /// @throws IOException if the file cannot be written
    public static void draw(Path file, Labels labels, List<String> rows, List<String> columns, double[][] values)
            throws IOException {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(ROOM + CELL * columns.size())
                .height(ROOM / 2 + ROW * rows.size())
                .title(labels.title)
                .xAxisTitle(labels.x)
                .yAxisTitle(labels.y)
                .build();
        chart.getStyler()
                .setRangeColors(new Color[] {LOW, HIGH})
                .setShowValue(true)
                .setValueFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setDrawBorder(true);
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false);
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setXAxisTickMarkSpacingHint(ROW / 2); // a label at each row, too
        List<Number[]> cells = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            for (int row = 0; row < rows.size(); row++) {
                double value = values[row][column];
                if (Double.isFinite(value)) {
                    double shown = Double.parseDouble(String.format(Locale.ROOT, "%." + labels.places + "f", value));
                    cells.add(new Number[] {column, rows.size() - 1 - row, shown}); // the axis begins at the bottom
                }
            }
        }
        chart.addSeries(labels.title, columns, rows.reversed(), cells);
        Files.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
    }
}
