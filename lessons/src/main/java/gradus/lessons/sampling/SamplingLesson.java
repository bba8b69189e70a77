package gradus.lessons.sampling;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.random.Rng;
import gradus.train.generate.Sampling;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// One row of logits, cut in several ways.
public final class SamplingLesson {
    private static final double[] LOGITS = {3, 2.5, 2.5, 1, 0, -1, -2};
    private static final int[] NONE = {};

    private SamplingLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Sampling",
                SamplingLesson.class,
                TopKDistributionExercise.exercise(),
                NucleusExercise.exercise(),
                MinPDrawExercise.exercise(),
                RepetitionPenaltyExercise.exercise());
    }

    public static void main(String[] arguments) {
        Sampling plain = Sampling.defaults();
        print("as it is", plain, NONE);
        print("temperature 0.5", plain.withTemperature(0.5), NONE);
        print("temperature 2", plain.withTemperature(2), NONE);
        print("temperature 0", plain.withTemperature(0), NONE);
        print("top-k 2", plain.withTopK(2), NONE);
        print("top-p 0.8", plain.withTopP(0.8), NONE);
        print("min-p 0.1", plain.withMinP(0.1), NONE);
        print("token 0 was there, penalty 1.5", plain.withRepetitionPenalty(1.5), new int[] {0, 0});
        kept();
        drawn();
    }

    private static void print(String what, Sampling sampling, int[] seen) {
        String text = Arrays.stream(sampling.distribution(LOGITS, seen))
                .mapToObj(p -> String.format(Locale.ROOT, "%.3f", p))
                .collect(Collectors.joining(" "));
        System.out.printf("%-31s %s%n", what, text);
    }

    /// How many of 1,000 tokens are kept when the model is sure, and when it is not.
    private static void kept() {
        Rng rng = Rng.of(5);
        double[] logits = new double[1000];
        Arrays.setAll(logits, rng::gaussian);
        double[] temperatures = new double[40];
        double[][] counts = new double[3][40];
        Sampling[] ways = {
            Sampling.defaults().withTopK(40),
            Sampling.defaults().withTopP(0.9),
            Sampling.defaults().withMinP(0.1)
        };
        for (int i = 0; i < temperatures.length; i++) {
            temperatures[i] = 0.1 * Math.pow(30, i / 39.0);
            for (int way = 0; way < ways.length; way++) {
                double[] p = ways[way].withTemperature(temperatures[i]).distribution(logits, NONE);
                counts[way][i] = Arrays.stream(p).filter(each -> each > 0).count();
            }
        }
        LinePlot.of("tokens kept of 1,000", "temperature", "tokens kept")
                .logarithmicX()
                .logarithmicY()
                .line("top-k 40", temperatures, counts[0])
                .line("top-p 0.9", temperatures, counts[1])
                .line("min-p 0.1", temperatures, counts[2])
                .save("sampling-kept");
    }

    private static void drawn() {
        double[] p = Sampling.defaults().withTopK(2).distribution(LOGITS, NONE);
        int[] counts = new int[p.length];
        Rng rng = Rng.of(11);
        for (int i = 0; i < 10_000; i++) {
            counts[Sampling.pick(p, rng.uniform(i))]++;
        }
        System.out.println("10000 tokens drawn with top-k 2: " + Arrays.toString(counts));
    }
}
