package gradus.lessons.chunking;

import gradus.lessons.learn.exercise.Lesson;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Documents cut into chunks, by size and by subject.
public final class ChunkingLesson {
    private static final String TEXT =
            "The cat sat on the mat. The cat saw a mouse by the mat. A mouse ran from the cat."
                    + " Banks lend money to people. People pay the banks for the money. The money is kept in banks.";

    private ChunkingLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Chunks of documents",
                ChunkingLesson.class,
                TextWindowsExercise.exercise(),
                BreakPointsExercise.exercise());
    }

    public static void main(String[] arguments) {
        for (int overlap : new int[] {0, 15}) {
            System.out.println("windows of 60 with an overlap of " + overlap + ":");
            for (String window : TextWindows.windows(TEXT, 60, overlap)) {
                System.out.println("  |" + window + "|");
            }
        }
        List<String> sentences = List.of(TEXT.split("(?<=[.?!])\\s+"));
        double[] distances = new double[sentences.size() - 1];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = 1 - cosine(counts(sentences.get(i)), counts(sentences.get(i + 1)));
            System.out.printf(Locale.ROOT, "%.2f between %d and %d%n", distances[i], i, i + 1);
        }
        for (double percent : new double[] {95, 70}) {
            System.out.printf(
                    Locale.ROOT,
                    "percentile %.0f cuts behind %s%n",
                    percent,
                    Arrays.toString(BreakPoints.breaks(distances, distances, percent)));
        }
    }

    /// How often each word occurs: a poor man's embedding.
    private static Map<String, Integer> counts(String sentence) {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : sentence.toLowerCase(Locale.ROOT).split("\\W+")) {
            counts.merge(word, 1, Integer::sum);
        }
        return counts;
    }

    private static double cosine(Map<String, Integer> a, Map<String, Integer> b) {
        return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
    }

    private static double product(Map<String, Integer> a, Map<String, Integer> b) {
        return a.entrySet().stream()
                .mapToDouble(word -> word.getValue() * b.getOrDefault(word.getKey(), 0))
                .sum();
    }
}
