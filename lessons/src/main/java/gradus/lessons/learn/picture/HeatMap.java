package gradus.lessons.learn.picture;

import gradus.tensor.Tensor;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.HeatMapSeries;

/// A matrix as a field of colours, the first row at the top: attention weights, say.
/// ```java
/// HeatMap.of("who looks at whom", weights).labels(queries, keys).save("attention");
/// ```
public final class HeatMap {
    private final String title;
    private final double[][] rows;
    private List<String> rowLabels;
    private List<String> columnLabels;

    private HeatMap(String title, double[][] rows) {
        this.title = title;
        this.rows = rows;
        this.rowLabels =
                IntStream.range(0, rows.length).mapToObj(Integer::toString).toList();
        this.columnLabels =
                IntStream.range(0, rows[0].length).mapToObj(Integer::toString).toList();
    }

    public static HeatMap of(String title, double[][] rows) {
        return new HeatMap(title, rows);
    }

    /// **Shapes** matrix (rows, columns)
    public static HeatMap of(String title, Tensor matrix) {
        int columns = matrix.dim(1);
        double[] all = matrix.toArray();
        double[][] rows = new double[matrix.dim(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = java.util.Arrays.copyOfRange(all, i * columns, (i + 1) * columns);
        }
        return of(title, rows);
    }

    /// What stands beside the rows and under the columns.
    public HeatMap labels(List<String> ofRows, List<String> ofColumns) {
        this.rowLabels = List.copyOf(ofRows);
        this.columnLabels = List.copyOf(ofColumns);
        return this;
    }

    /// Writes `NAME.png`.
    public void save(String name) {
        Picture.save(name, png(640, 560));
    }

    /// As a PNG file.
    ///
    /// @param width  in pixels
    /// @param height in pixels
    public byte[] png(int width, int height) {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .build();
        chart.getStyler()
                .setRangeColors(new Color[] {Color.WHITE, new Color(0x1F, 0x5F, 0xA8)})
                .setChartBackgroundColor(Color.WHITE);
        List<Number[]> cells = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                cells.add(new Number[] {j, rows.length - 1 - i, rows[i][j]}); // the axis runs upwards
            }
        }
        HeatMapSeries series = chart.addSeries("values", columnLabels, rowLabels.reversed(), cells);
        // The legend prints both ends as they are: three digits of them are enough.
        series.setMin(Math.floor(series.getMin() * 1000) / 1000);
        series.setMax(Math.ceil(series.getMax() * 1000) / 1000);
        try {
            return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
