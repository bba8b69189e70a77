package gradus.lessons.learn.shell;

import gradus.lessons.learn.picture.HeatMap;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import java.nio.file.Path;

/// What `gradus shell` has beside the library: numbers and pictures in one call each.
public final class Helpers {
    private Helpers() {}

    /// Prints a tensor: shape, type and numbers.
    public static void show(Tensor x) {
        System.out.println(x);
    }

    /// Prints anything else.
    public static void show(Object x) {
        System.out.println(x instanceof Object[] array ? java.util.Arrays.deepToString(array) : x);
    }

    public static void show(double... x) {
        System.out.println(java.util.Arrays.toString(x));
    }

    /// Draws numbers over 0, 1, 2, … into `plot.png`.
    public static void plot(double... y) {
        plot("plot", y);
    }

    /// Draws numbers over 0, 1, 2, … into `NAME.png`.
    public static void plot(String name, double... y) {
        LinePlot.of(name, "", "").line(name, y).save(name);
        saved(name);
    }

    /// Draws y over x into `plot.png`.
    public static void plot(double[] x, double[] y) {
        LinePlot.of("plot", "", "").line("y", x, y).save("plot");
        saved("plot");
    }

    /// Draws all numbers of a tensor, or each row of a matrix as a line of its own, into `plot.png`.
    ///
    /// **Shapes** y (...) or (lines, points)
    public static void plot(Tensor y) {
        LinePlot plot = LinePlot.of("plot", "", "");
        if (y.shape().rank() == 2) {
            int points = y.dim(1);
            double[] all = y.toArray();
            for (int i = 0; i < y.dim(0); i++) {
                plot.line("row " + i, java.util.Arrays.copyOfRange(all, i * points, (i + 1) * points));
            }
        } else {
            plot.line("y", y.toArray());
        }
        plot.save("plot");
        saved("plot");
    }

    /// Draws a matrix as a field of colours into `heat.png`, the first row at the top.
    ///
    /// **Shapes** matrix (rows, columns)
    public static void heat(Tensor matrix) {
        heat("heat", matrix);
    }

    /// Draws a matrix as a field of colours into `NAME.png`.
    ///
    /// **Shapes** matrix (rows, columns)
    public static void heat(String name, Tensor matrix) {
        HeatMap.of(name, matrix).save(name);
        saved(name);
    }

    private static void saved(String name) {
        System.out.println(Path.of(System.getProperty("gradus.pictures", "pictures"), name + ".png"));
    }
}
