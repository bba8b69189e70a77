package gradus.lessons.longrope;

import gradus.layers.position.NtkAware;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What each way of stretching RoPE does with fast and slow pairs.
public final class LongRopeLesson {
    private static final int SIZE = 64;
    private static final double BASE = 10_000;
    private static final double SCALE = 8;
    private static final int TRAINED = 1024;

    private LongRopeLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "RoPE for longer contexts",
                LongRopeLesson.class,
                NtkAnglesExercise.exercise(),
                YarnAnglesExercise.exercise(),
                YarnWeightsExercise.exercise());
    }

    public static void main(String[] arguments) {
        Map<String, RopeFrequencies> ways = new LinkedHashMap<>();
        ways.put("plain", new PlainFrequencies(BASE));
        ways.put("interpolation", new PositionInterpolation(BASE, SCALE));
        ways.put("NTK-aware", new NtkAware(BASE, SCALE));
        ways.put("YaRN", new Yarn(BASE, SCALE, TRAINED, Yarn.Rotations.OF_PAPER));
        turns(ways);
        slowed(ways);
        temperature();
    }

    /// How often pairs turn within the trained length, and within one eight times as long.
    private static void turns(Map<String, RopeFrequencies> ways) {
        System.out.println("turns of pairs 0, 12, 20 and 31");
        print("plain, 1024 positions", ways.get("plain"), TRAINED);
        ways.forEach((name, way) -> print(name + ", 8192 positions", way, (int) SCALE * TRAINED));
    }

    private static void print(String name, RopeFrequencies way, int length) {
        double[] angles = way.angles(SIZE, length);
        System.out.printf(Locale.ROOT, "%-30s", name + ":");
        for (int pair : new int[] {0, 12, 20, 31}) {
            System.out.printf(Locale.ROOT, " %9.2f", angles[pair] * length / (2 * Math.PI));
        }
        System.out.println();
    }

    private static void slowed(Map<String, RopeFrequencies> ways) {
        double[] plain = ways.get("plain").angles(SIZE, TRAINED);
        LinePlot plot = LinePlot.of("how much slower each pair turns, s = 8", "pair", "slower by");
        ways.forEach((name, way) -> {
            double[] angles = way.angles(SIZE, TRAINED);
            double[] slower = new double[angles.length];
            for (int i = 0; i < slower.length; i++) {
                slower[i] = plain[i] / angles[i];
            }
            plot.line(name, slower);
        });
        plot.save("longrope-slowed");
    }

    /// How evenly a query spreads its weight over more and more keys: the exponential of the entropy.
    private static void temperature() {
        for (int scale : new int[] {1, 8, 32}) {
            Tensor scores = Tensor.randn(Rng.of(1), 64 * scale).mul(2);
            double factor = Yarn.factorOf(scale, 1);
            System.out.printf(
                    Locale.ROOT,
                    "%d keys count as %.0f, with t = %.3f as %.0f%n",
                    64 * scale,
                    counted(scores),
                    factor,
                    counted(scores.mul(factor * factor)));
        }
    }

    private static double counted(Tensor scores) {
        return Math.exp(-scores.softmax().mul(scores.logSoftmax()).sum().item());
    }
}
