package gradus.train.run.plot;

import gradus.tokenizer.json.JsonNumbers;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Draws `alignment.png`: what a training by reinforcement or from preferences did, in a panel each for the
/// reward, the divergence from the base, the length of the answers and what was clipped. Panels without numbers
/// are left out.
public final class AlignmentPlot {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final Color BLUE = new Color(0x1F, 0x5F, 0xA8);
    private static final Color RED = new Color(0xC4, 0x3C, 0x2B);

    /// Titles of panels, and what is drawn in them.
    private static final Map<String, List<String>> PANELS = panels();

    private AlignmentPlot() {}

    private static Map<String, List<String>> panels() {
        Map<String, List<String>> panels = new LinkedHashMap<>();
        panels.put("reward", List.of("reward", "reward_std", "rewards/margins", "mean_reward", "margin"));
        panels.put("KL from the base, nats", List.of("kl", "objective/kl"));
        panels.put("tokens of an answer", List.of("completions/mean_length", "completions/max_length"));
        panels.put(
                "share",
                List.of(
                        "clip_ratio/region_mean",
                        "policy/clipfrac_avg",
                        "frac_reward_zero_std",
                        "rewards/accuracies",
                        "accuracy"));
        return panels;
    }

    /// Draws the numbers of a `metrics.jsonl`, if there are any of these names.
    ///
    /// @throws IOException if a file cannot be read or written
    public static void draw(Path file, String title, Path metrics) throws IOException {
        SequencedMap<String, Curve> curves = curves(metrics);
        List<XYChart> charts = new ArrayList<>();
        PANELS.forEach((panel, names) -> {
            List<String> known = names.stream().filter(curves::containsKey).toList();
            if (!known.isEmpty()) {
                charts.add(chart(charts.isEmpty() ? title : "", panel, known, curves));
            }
        });
        if (!charts.isEmpty()) {
            int columns = Math.min(2, charts.size());
            int rows = (charts.size() + columns - 1) / columns;
            BufferedImage all = new BufferedImage(columns * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = all.createGraphics();
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, all.getWidth(), all.getHeight());
            for (int i = 0; i < charts.size(); i++) {
                BufferedImage one = BitmapEncoder.getBufferedImage(charts.get(i));
                graphics.drawImage(one, i % columns * WIDTH, i / columns * HEIGHT, null);
            }
            graphics.dispose();
            ImageIO.write(all, "png", file.toFile());
        }
    }

    /// The curves of the names that panels have; a line that is no JSON was cut by a crash.
    private static SequencedMap<String, Curve> curves(Path metrics) throws IOException {
        List<String> names = PANELS.values().stream().flatMap(List::stream).toList();
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        try (Stream<String> lines = Files.lines(metrics)) {
            lines.forEach(text -> {
                JsonNode line = parsed(text);
                for (String name : names) {
                    if (line.path(name).isNumber() && line.path("step").isInt()) {
                        curves.computeIfAbsent(name, key -> new Curve())
                                .add(line.path("step").intValue(), JsonNumbers.toDouble(line.path(name)));
                    }
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return curves;
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JacksonException cut) {
            return JSON.createObjectNode();
        }
    }

    private static XYChart chart(String title, String panel, List<String> names, Map<String, Curve> curves) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("step")
                .yAxisTitle(panel)
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.InsideNW)
                .setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.LIGHT_GRAY)
                .setPlotBorderVisible(false);
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setXAxisMin(0.0).setXAxisDecimalPattern("#,##0").setYAxisDecimalPattern("0.0##");
        Height.leaveRoom(
                chart,
                names.stream()
                        .flatMap(name -> curves.get(name).points().stream())
                        .toList());
        for (String name : names) {
            List<Curve.Point> points = curves.get(name).points();
            double[] steps = points.stream().mapToDouble(Curve.Point::step).toArray();
            double[] values = points.stream().mapToDouble(Curve.Point::loss).toArray();
            chart.addSeries(name, steps, values)
                    .setMarker(SeriesMarkers.NONE)
                    .setLineColor(names.indexOf(name) == 0 ? BLUE : RED);
        }
        return chart;
    }
}
