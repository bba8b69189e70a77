package gradus.train.run.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// loss.png, looked at: where the colours are.
class LossPlotTest {
    private static final int BLUE = 0x1F5FA8;
    private static final int RED = 0xC43C2B;
    private static final int LEFT = 300; // right of the axis and left of the legend
    private static final int RIGHT = 600;

    @TempDir
    Path folder;

    private BufferedImage draw(IntToDoubleFunction training, IntToDoubleFunction validation) throws Exception {
        Curve steps = new Curve();
        Curve held = new Curve();
        for (int step = 1; step <= 1000; step++) {
            steps.add(step, training.applyAsDouble(step));
            if (step % 50 == 0) {
                held.add(step, validation.applyAsDouble(step));
            }
        }
        Path file = folder.resolve("loss.png");
        LossPlot.draw(file, "test", steps, held);
        return ImageIO.read(file.toFile());
    }

    /// The mean height of a colour, from the top, or NaN where it does not occur.
    private static double height(BufferedImage image, int color) {
        double sum = 0;
        int count = 0;
        for (int x = LEFT; x < RIGHT; x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                if ((image.getRGB(x, y) & 0xFFFFFF) == color) {
                    sum += y;
                    count++;
                }
            }
        }
        return sum / count;
    }

    @Test
    void t4_eachCurveHasItsOwnColourAndHeight() throws Exception {
        BufferedImage image = draw(step -> 2, step -> 3);
        assertThat(image.getWidth()).isEqualTo(960);
        assertThat(image.getHeight()).isEqualTo(600);
        assertThat(height(image, RED)).isLessThan(height(image, BLUE) - 50); // 3 lies above 2
        BufferedImage exchanged = draw(step -> 3, step -> 2);
        assertThat(height(exchanged, RED)).isGreaterThan(height(exchanged, BLUE) + 50);
    }

    @Test
    void t4_aFallingCurveFalls() throws Exception {
        BufferedImage image = draw(step -> 3 - step / 500.0, step -> 1);
        int[] columns = {LEFT, RIGHT};
        double[] heights = new double[2];
        for (int i = 0; i < 2; i++) {
            for (int y = 0; y < image.getHeight(); y++) {
                if ((image.getRGB(columns[i], y) & 0xFFFFFF) == BLUE) {
                    heights[i] = y;
                }
            }
        }
        assertThat(heights[1]).isGreaterThan(heights[0] + 50);
    }

    /// Where both run at the same height, what is painted last is seen.
    @Test
    void u5_validationLiesAboveTheTrainingMean() throws Exception {
        BufferedImage image = draw(step -> 2, step -> 2);
        assertThat(height(image, RED)).isNotNaN();
        int red = 0;
        int blue = 0;
        for (int x = LEFT; x < RIGHT; x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                int color = image.getRGB(x, y) & 0xFFFFFF;
                red += color == RED ? 1 : 0;
                blue += color == BLUE ? 1 : 0;
            }
        }
        assertThat(red).isGreaterThan(3 * blue);
    }

    /// Two curves a tenth apart after a start at 10 lie as far apart as if they had started at 2.
    /// As of reinforcement without a reward. XChart looked for ticks between 0 and 0 for ever.
    @Test
    @Timeout(60)
    void levelCurvesAreDrawn() throws Exception {
        for (double level : new double[] {0, -0.0, 1e-300, -1e-12, 1e-7, 1e9}) {
            BufferedImage image = draw(step -> level, step -> level);
            assertThat(height(image, RED)).as("%s", level).isBetween(100.0, 500.0);
        }
        BufferedImage image = draw(step -> step % 2 == 0 ? 0 : -1e-17, step -> -0.0);
        assertThat(height(image, RED)).isBetween(100.0, 500.0);
    }

    @Test
    void u5_theFirstValuesDoNotSqueezeTheRange() throws Exception {
        BufferedImage image = draw(step -> step < 20 ? 10 : 2.0, step -> 1.9);
        assertThat(height(image, RED) - height(image, BLUE)).isGreaterThan(100);
    }

    @Test
    void r9_aCurveOfAnyLengthTakesLittleMemoryAndKeepsItsShape() {
        Curve curve = new Curve();
        int steps = 1_000_000;
        for (int step = 1; step <= steps; step++) {
            curve.add(step, 5.0 * step / steps);
        }
        curve.add(steps + 1, Double.NaN);
        List<Curve.Point> points = curve.points();
        assertThat(points).hasSizeBetween(4000, 1 << 14);
        for (Curve.Point point : points) {
            assertThat(Math.abs(point.loss() - 5.0 * point.step() / steps)).isLessThan(1e-9);
        }
        assertThat(points.getLast().step()).isGreaterThan(0.99 * steps);
    }

    private static List<Curve.Point> points(double... losses) {
        return java.util.stream.IntStream.range(0, losses.length)
                .mapToObj(i -> new Curve.Point(i, losses[i]))
                .toList();
    }

    /// From a tenth of the way on losses count, with a tenth of their range above them.
    @Test
    void t5_theTopIsTheLargestLossBehindTheFirstTenth() {
        double[] losses = new double[101];
        java.util.Arrays.fill(losses, 2);
        losses[9] = 9; // step 9 of 100 is within the first tenth
        losses[10] = 4;
        losses[50] = 1;
        // later + (later - lowest)/10, and a billionth
        assertThat(LossPlot.top(List.of(points(losses))))
                .isCloseTo(4 + 0.3, org.assertj.core.api.Assertions.within(1e-7));
        assertThat(LossPlot.top(List.of(points(losses), points(7)))) // the other curve's first point is early too
                .isCloseTo(4 + 0.3, org.assertj.core.api.Assertions.within(1e-7));
    }

    /// As many steps on either side of each: the mean of a line is the line, over 2·reach steps fewer.
    @Test
    void t5_theRunningMeanOfALineIsTheLine() {
        double[] line = new double[400];
        java.util.Arrays.setAll(line, i -> 3 - i / 200.0);
        List<Curve.Point> mean = LossPlot.runningMean(points(line));
        assertThat(mean).hasSize(400 - 2 * 10); // a fortieth on either side
        for (Curve.Point point : mean) {
            assertThat(point.loss()).isCloseTo(3 - point.step() / 200, org.assertj.core.api.Assertions.within(1e-12));
        }
        assertThat(LossPlot.runningMean(points(new double[3000]))).hasSize(3000 - 2 * 25);
    }

    /// Each step is drawn where it is, not where the mean is: a zigzag reaches far to both sides of it.
    @Test
    void t5_theFaintCurveIsEachStep() throws Exception {
        // Held back losses of 1 and 3 hold the axis, so that the curve is as high as it swings: from 1.5 to 2.5.
        BufferedImage image = draw(step -> 2 + (step % 2 == 0 ? 0.5 : -0.5), step -> step < 500 ? 3 : 1);
        int top = image.getHeight();
        int bottom = 0;
        for (int x = LEFT; x < RIGHT; x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                int color = image.getRGB(x, y);
                if ((color & 0xFF) - (color >> 16 & 0xFF) > 20) { // bluish, however faint
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y);
                }
            }
        }
        assertThat(bottom - top).isGreaterThan(150); // of the height of 600
    }

    /// However long a training, its points are equally far apart: those of its end are no denser than the first.
    @Test
    void t5_thePointsOfACurveAreEquallyFarApart() {
        Curve curve = new Curve();
        for (int step = 1; step <= 100_000; step++) {
            curve.add(step, step % 7);
        }
        List<Curve.Point> points = curve.points();
        double apart = points.get(1).step() - points.get(0).step();
        assertThat(apart).isEqualTo(8); // 100,000 steps in fewer than 16,384 points
        for (int i = 1; i < points.size(); i++) {
            assertThat(points.get(i).step() - points.get(i - 1).step()).isEqualTo(apart);
        }
    }
}
