package gradus.lessons.cloze;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Counts what masking does, asks a small masked-language model with a pattern, and cuts a text to fit.
public final class ClozeLesson {
    private ClozeLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Masked words and cloze questions",
                ClozeLesson.class,
                MaskTokensExercise.exercise(),
                ClozeProbabilitiesExercise.exercise(),
                FitPatternExercise.exercise());
    }

    public static void main(String[] arguments) {
        masking();
        verbalizer();
        shortening();
        fewExamples();
    }

    private static void masking() {
        int count = 20_000;
        int[] ids = new int[count];
        int[] random = new int[count];
        Arrays.setAll(ids, i -> i % 20 == 0 ? 2 : 5 + Rng.of(1).index(i, 1000));
        Arrays.setAll(random, i -> 5 + Rng.of(2).index(i, 1000));
        double[] chance = Tensor.rand(Rng.of(3), count).toArray();
        double[] kind = Tensor.rand(Rng.of(4), count).toArray();
        int[][] masked = MaskTokens.mask(ids, chance, kind, random, 0.15, 4, 5);
        int[] counts = new int[4];
        for (int i = 0; i < count; i++) {
            if (masked[1][i] != -100) {
                counts[0]++;
                counts[masked[0][i] == 4 ? 1 : masked[0][i] != ids[i] ? 2 : 3]++;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%.1f %% of the tokens are to be predicted; of these %.1f %% hidden, %.1f %% replaced, %.1f %% left%n",
                100.0 * counts[0] / count,
                100.0 * counts[1] / counts[0],
                100.0 * counts[2] / counts[0],
                100.0 * counts[3] / counts[0]);
    }

    private static void verbalizer() {
        List<String> words = List.of("the", "good", "great", "bad", "awful");
        Tensor logits = Tensor.of(new float[] {4, 2, 1, 0.5f, -0.5f}, 1, 1, 5);
        System.out.println("all words:  " + numbers(logits.softmax()) + "   " + words);
        for (int[][] labels : new int[][][] {{{1}, {3}}, {{1, 2}, {3, 4}}, {{3}, {1}}}) {
            String names = Arrays.stream(labels)
                    .map(label -> Arrays.stream(label).mapToObj(words::get).collect(Collectors.joining(", ")))
                    .collect(Collectors.joining(" | "));
            System.out.println("two labels: " + numbers(ClozeProbabilities.probabilities(logits, new int[] {0}, labels))
                    + "   " + names);
        }
    }

    private static String numbers(Tensor x) {
        return Arrays.stream(x.toArray())
                .mapToObj(p -> String.format(Locale.ROOT, "%.3f", p))
                .collect(Collectors.joining(" "));
    }

    private static void shortening() {
        int[][] parts = {{2}, {11, 12, 13, 14, 15, 16}, {7, 4, 8}, {3}};
        boolean[] may = {false, true, false, false};
        for (int room : new int[] {12, 9, 6}) {
            System.out.printf(
                    Locale.ROOT, "room for %2d: %s%n", room, Arrays.toString(FitPattern.fit(parts, may, room)));
        }
    }

    /// A tiny model of reviews, `topic word word mask`: trained first to fill the gap, then asked with few
    /// examples by the pattern, or by a new head.
    private static void fewExamples() {
        Reviews base = new Reviews();
        base.pretrain();
        LinePlot plot =
                LinePlot.of("reviews told apart after tuning with few examples", "examples of each kind", "right");
        int[] examples = {0, 2, 8, 32};
        double[] axis = Arrays.stream(examples).mapToDouble(n -> n).toArray();
        double[] cloze = new double[examples.length];
        double[] head = new double[examples.length];
        for (int i = 0; i < examples.length; i++) {
            cloze[i] = 100 * base.tuned(examples[i], true);
            head[i] = 100 * base.tuned(examples[i], false);
            System.out.printf(
                    Locale.ROOT,
                    "%2d examples of each kind: %.0f %% right by the pattern, %.0f %% by a new head%n",
                    examples[i],
                    cloze[i],
                    head[i]);
        }
        plot.line("pattern", axis, cloze).line("new head", axis, head).save("cloze-examples");
    }
}
