package gradus.lessons.perplexity;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.train.corpus.WordNetCorpus;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// A model that counts, evaluated in windows that overlap more and more.
public final class PerplexityLesson {
    private static final int TRAINING = 100_000;
    private static final int TEST = 4_000;
    private static final int WINDOW = 8;
    private static final int LONGEST = 4;

    private final Map<String, Map<Character, Integer>> counts = new HashMap<>();

    private PerplexityLesson(String text) {
        for (int i = 0; i < text.length(); i++) {
            for (int n = 0; n <= Math.min(i, LONGEST); n++) {
                counts.computeIfAbsent(text.substring(i - n, i), context -> new HashMap<>())
                        .merge(text.charAt(i), 1, Integer::sum);
            }
        }
    }

    public static Lesson lesson() {
        return Lesson.of(
                "Perplexity and bits per byte",
                PerplexityLesson.class,
                CorpusPerplexityExercise.exercise(),
                BitsOfTextExercise.exercise(),
                StridedWindowsExercise.exercise());
    }

    public static void main(String[] arguments) {
        String all = WordNetCorpus.text(1);
        PerplexityLesson model = new PerplexityLesson(all.substring(0, TRAINING));
        String test = all.substring(TRAINING, TRAINING + TEST);
        System.out.println("window of 8 characters   loss   perplexity   bits per byte");
        for (int stride : new int[] {8, 7, 6, 5, 4}) {
            double loss = model.loss(test, stride);
            System.out.printf(
                    Locale.ROOT,
                    "a new one every %d        %.3f   %6.2f       %.3f%n",
                    stride,
                    loss,
                    Math.exp(loss),
                    loss / Math.log(2));
        }
        double[] losses = model.byPlace(test);
        System.out.printf(
                Locale.ROOT,
                "loss at the first place %.2f, at the third %.2f, at the last %.2f%n",
                losses[0],
                losses[2],
                losses[WINDOW - 1]);
        LinePlot.of("loss at each place of a window", "characters seen before", "loss")
                .line("count model", losses)
                .save("perplexity-places");
        double characters = model.loss(test, 4);
        double pairs = 2 * characters;
        System.out.printf(
                Locale.ROOT,
                "the same model, two characters a token: perplexity %.2f, bits per byte %.3f%n",
                Math.exp(pairs),
                pairs / 2 / Math.log(2));
    }

    /// The mean loss where each character sees what its window holds before it.
    private double loss(String text, int stride) {
        double sum = 0;
        int scored = 0;
        int from = 0;
        for (int begin = 0; from < text.length(); begin += stride) {
            int end = Math.min(begin + WINDOW, text.length());
            for (int i = from; i < end; i++) {
                sum -= Math.log(probability(text.substring(begin, i), text.charAt(i)));
                scored++;
            }
            from = end;
        }
        return sum / scored;
    }

    private double[] byPlace(String text) {
        double[] losses = new double[WINDOW];
        int windows = text.length() / WINDOW;
        for (int w = 0; w < windows; w++) {
            for (int i = 0; i < WINDOW; i++) {
                String before = text.substring(w * WINDOW, w * WINDOW + i);
                losses[i] -= Math.log(probability(before, text.charAt(w * WINDOW + i))) / windows;
            }
        }
        return losses;
    }

    /// Counts behind the longest context, mixed with those behind shorter ones (Witten and Bell 1991).
    private double probability(String context, char next) {
        double p = 1 / 256.0;
        for (int n = 0; n <= Math.min(LONGEST, context.length()); n++) {
            Map<Character, Integer> found = counts.get(context.substring(context.length() - n));
            if (found == null) {
                break;
            }
            double total = found.values().stream().mapToInt(Integer::intValue).sum();
            p = (found.getOrDefault(next, 0) + found.size() * p) / (total + found.size());
        }
        return p;
    }
}
