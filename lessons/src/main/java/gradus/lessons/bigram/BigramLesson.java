package gradus.lessons.bigram;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.HeatMap;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The first language model: which letter follows which in the words of a dictionary, counted and learnt.
public final class BigramLesson {
    private static final int STEPS = 100;
    private static final double RATE = 20;

    private BigramLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "A bigram model of words",
                BigramLesson.class,
                BigramCountsExercise.exercise(),
                SmoothedExercise.exercise(),
                BigramGradientExercise.exercise());
    }

    public static void main(String[] arguments) {
        List<String> words = Lemmas.words();
        int cut = words.size() * 9 / 10;
        List<String> training = words.subList(0, cut);
        List<String> heldOut = words.subList(cut, words.size());
        System.out.printf(Locale.ROOT, "%d words to learn from, %d held out%n", training.size(), heldOut.size());
        double[][] p = Smoothed.probabilities(BigramCounts.counts(training), 1);
        System.out.printf(
                Locale.ROOT,
                "loss per letter: %.3f if all 27 are equally likely, %.3f counted, %.3f on words held out%n",
                Math.log(Lemmas.SYMBOLS),
                loss(p, training),
                loss(p, heldOut));
        System.out.printf(
                Locale.ROOT,
                "after q comes u with probability %.3f; a word ends after y with %.3f%n",
                p[17][21],
                p[25][0]);
        heatMap(p);
        sample(p);
        learn(training.subList(0, 1000));
    }

    /// The mean of -ln p over all pairs.
    private static double loss(double[][] p, List<String> words) {
        double[][] counts = BigramCounts.counts(words);
        double sum = 0;
        double pairs = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                sum -= counts[i][j] == 0 ? 0 : counts[i][j] * Math.log(p[i][j]);
                pairs += counts[i][j];
            }
        }
        return sum / pairs;
    }

    private static void heatMap(double[][] p) {
        List<String> letters = IntStream.range(0, Lemmas.SYMBOLS)
                .mapToObj(i -> String.valueOf(Lemmas.letter(i)))
                .toList();
        HeatMap.of("next letter (column) after a letter (row)", p)
                .labels(letters, letters)
                .save("bigrams");
    }

    private static void sample(double[][] p) {
        Rng rng = Rng.of(11);
        StringBuilder words = new StringBuilder("drawn from it:");
        long drawn = 0;
        for (int word = 0; word < 8; word++) {
            words.append(' ');
            int symbol = 0;
            do {
                double left = rng.uniform(drawn++);
                int next = 0;
                while (next < Lemmas.SYMBOLS - 1 && left >= p[symbol][next]) {
                    left -= p[symbol][next++];
                }
                symbol = next;
                words.append(symbol == 0 ? "" : Lemmas.letter(symbol));
            } while (symbol != 0);
        }
        System.out.println(words);
    }

    /// The same model, its scores learnt by gradient descent from zero, beside the counted one.
    private static void learn(List<String> words) {
        String text = "." + String.join(".", words) + ".";
        int[] symbols = text.chars().map(c -> c == '.' ? 0 : c - 'a' + 1).toArray();
        int[] from = Arrays.copyOf(symbols, symbols.length - 1);
        int[] to = Arrays.copyOfRange(symbols, 1, symbols.length);
        double best = loss(Smoothed.probabilities(BigramCounts.counts(words), 0), words);
        double[][] w = new double[Lemmas.SYMBOLS][Lemmas.SYMBOLS];
        double[] losses = new double[STEPS + 1];
        for (int step = 0; step <= STEPS; step++) {
            losses[step] = loss(softmax(w), words);
            double[][] gradient = BigramGradient.gradient(w, from, to);
            for (int i = 0; i < w.length; i++) {
                for (int j = 0; j < w.length; j++) {
                    w[i][j] -= RATE * gradient[i][j];
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "1000 words, by gradient: loss %.3f, %.3f after 10 steps, %.3f after %d; counted: %.3f%n",
                losses[0],
                losses[10],
                losses[STEPS],
                STEPS,
                best);
        LinePlot.of("a table of scores learns what counting finds", "step", "loss per letter")
                .line("by gradient", losses)
                .line("counted", new double[] {0, STEPS}, new double[] {best, best})
                .save("learnt");
    }

    /// exp(w) with every row divided by its sum.
    private static double[][] softmax(double[][] w) {
        double[][] powers = new double[w.length][w.length];
        for (int i = 0; i < w.length; i++) {
            for (int j = 0; j < w.length; j++) {
                powers[i][j] = Math.exp(w[i][j]);
            }
        }
        return Smoothed.probabilities(powers, 0);
    }
}
