package gradus.lessons.gradcheck;

import gradus.lessons.learn.exercise.Exercise;
import java.util.function.ToDoubleFunction;

final class CentralDifferenceExercise {
    private CentralDifferenceExercise() {}

    static Exercise exercise() {
        return Exercise.of(CentralDifference.class, "The gradient by central differences")
                .tolerance(1e-7)
                .probe(
                        "a line",
                        "3x + 1 at 2, step 0.5: (8.5 - 5.5) / 1 = 3",
                        t -> t.call(f("3x + 1", x -> 3 * x[0] + 1), numbers(2), 0.5))
                .probe(
                        "a square",
                        "x² at 3, step 1: (16 - 4) / 2 = 6, exact for any step; the forward difference gives 7",
                        t -> t.call(f("x²", x -> x[0] * x[0]), numbers(3), 1.0))
                .probe(
                        "a cube, with a large step",
                        "x³ at 1, step 1: (8 - 0) / 2 = 4: 3x² + h², not yet the derivative",
                        t -> t.call(f("x³", x -> x[0] * x[0] * x[0]), numbers(1), 1.0))
                .probe(
                        "a product of two",
                        "x·y at (2, 5): 5 and 2; if x stayed moved, y's derivative would be 2 + h or 2 - h",
                        t -> t.call(f("x·y", x -> x[0] * x[1]), numbers(2, 5), 0.25))
                .probe(
                        "three elements, all entangled",
                        "",
                        t -> t.call(
                                f(
                                        "exp(xy) + xz² + sin(yz)",
                                        x -> Math.exp(x[0] * x[1]) + x[0] * x[2] * x[2] + Math.sin(x[1] * x[2])),
                                t.normals(3),
                                0.1))
                .probe("no elements", "no numbers", t -> t.call(f("7", x -> 7), numbers(), 0.1))
                .probe(
                        "a small step",
                        "1/x at 0.5: -1/x² = -4, and h² of it more",
                        t -> t.call(f("1/x", x -> 1 / x[0]), numbers(0.5), 1e-3))
                .probe(
                        "large numbers and a step that has no exact binary form",
                        "x must come back to the last digit",
                        t -> t.call(f("Σ x³", x -> cubes(x)), numbers(100.3, -0.7, 1.9, 33.3, 1e-3), 0.1))
                .bug(
                        "The difference from x forwards is taken, not around it: its error is h and not h²",
                        "(above - below) / (2 * h)",
                        "(above - f.applyAsDouble(x)) / h")
                .bug("The two points are 2h apart; here the difference is divided by h", "(2 * h)", "h")
                .bug("The element is not put back before the next one is moved", "moved[i] = x[i];", "")
                .bug(
                        "All elements are moved at once; a gradient moves one at a time",
                        "moved[i] = x[i] + h;",
                        "java.util.Arrays.setAll(moved, j -> x[j] + h);")
                .bug("The difference has the wrong sign", "(above - below)", "(below - above)")
                .bug("The difference is divided by 2 and multiplied by h", "/ (2 * h)", "/ 2 * h")
                .variant("two copies for each element", """
                        double[] g = new double[x.length];
                        for (int i = x.length - 1; i >= 0; i--) {
                            double[] up = x.clone();
                            double[] down = x.clone();
                            up[i] += h;
                            down[i] -= h;
                            g[i] = f.applyAsDouble(up) / (2 * h) - f.applyAsDouble(down) / (2 * h);
                        }
                        return g;
                        """)
                .variant("in x itself, with the number kept", """
                        double[] slopes = new double[x.length];
                        for (int i = 0; i < x.length; i++) {
                            double kept = x[i];
                            x[i] = kept - h;
                            double low = f.applyAsDouble(x);
                            x[i] = kept + h;
                            slopes[i] = 0.5 * (f.applyAsDouble(x) - low) / h;
                            x[i] = kept;
                        }
                        return slopes;
                        """)
                .hints(
                        "Which two points do you need for element i, and how far are they from each other?",
                        "Copy x; set element i to x[i] + h, call f; set it to x[i] - h, call f; put x[i] back.",
                        "gradient[i] = (above - below) / (2 * h).")
                .reading("The section \"Both sides\" of this lesson");
    }

    /// A function that says what it is.
    private static ToDoubleFunction<double[]> f(String name, ToDoubleFunction<double[]> function) {
        return new ToDoubleFunction<>() {
            @Override
            public double applyAsDouble(double[] x) {
                return function.applyAsDouble(x);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }

    private static double cubes(double[] x) {
        double sum = 0;
        for (double each : x) {
            sum += each * each * each;
        }
        return sum;
    }

    private static double[] numbers(double... values) {
        return values;
    }
}
