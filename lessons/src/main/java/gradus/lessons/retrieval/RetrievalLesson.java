package gradus.lessons.retrieval;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Finding the documents that a question is about, and measuring how well.
public final class RetrievalLesson {
    private static final List<String> DOCUMENTS = List.of(
            "the tiger is a large cat with stripes",
            "a cat is a small animal that people keep",
            "the dog is the oldest animal that people keep",
            "the lion is a large cat that lives in a pride",
            "the the the the");

    private RetrievalLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Retrieval",
                RetrievalLesson.class,
                Bm25ScoreExercise.exercise(),
                RankFusionExercise.exercise(),
                NdcgAtKExercise.exercise(),
                PickDiverseExercise.exercise());
    }

    public static void main(String[] arguments) {
        search("large cat");
        search("the cat");
        LinePlot plot = LinePlot.of("what a word adds that stands in a document f times", "f", "part of its idf");
        for (int length : new int[] {50, 100, 400}) {
            double[] parts = IntStream.rangeClosed(0, 10)
                    .mapToDouble(f -> f / (f + 1.2 * (0.25 + 0.75 * length / 100)))
                    .toArray();
            plot.line(length + " words, average 100", parts);
        }
        plot.save("retrieval-saturation");
        fusion();
        measure("best first", 3, 2, 1, 0, 0);
        measure("first two exchanged", 2, 3, 1, 0, 0);
        measure("best last", 0, 0, 1, 2, 3);
        diverse();
    }

    private static void search(String question) {
        List<List<String>> terms =
                DOCUMENTS.stream().map(each -> List.of(each.split(" "))).toList();
        double[] scores = IntStream.range(0, terms.size())
                .mapToDouble(d -> Bm25Score.score(List.of(question.split(" ")), d, terms, 1.2, 0.75))
                .toArray();
        System.out.println("question: " + question);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, terms.size()).boxed().toList());
        order.sort(Comparator.comparingDouble(d -> -scores[d]));
        for (int d : order) {
            System.out.printf(Locale.ROOT, "  %.2f  %s%n", scores[d], DOCUMENTS.get(d));
        }
    }

    /// Document 3 is first nowhere, and second in both.
    private static void fusion() {
        int[][] rankings = {{0, 3, 1, 2}, {4, 3, 2, 0}};
        double[] scores = RankFusion.fuse(rankings, 5);
        for (int d = 0; d < 5; d++) {
            System.out.printf(Locale.ROOT, "document %d: %.5f%n", d, scores[d]);
        }
    }

    /// Passages 0, 1 and 2 say nearly the same; 3 and 4 say something else, and fit the question less.
    private static void diverse() {
        double[] toQuestion = {0.9, 0.88, 0.86, 0.5, 0.3};
        double[][] between = new double[5][5];
        for (int d = 0; d < 5; d++) {
            for (int e = 0; e < 5; e++) {
                between[d][e] = d == e ? 1 : d < 3 && e < 3 ? 0.95 : 0.2;
            }
        }
        for (double lambda : new double[] {1, 0.6, 0.5}) {
            int[] picked = PickDiverse.pick(toQuestion, between, lambda, 3);
            System.out.printf(Locale.ROOT, "lambda %.1f picks %s%n", lambda, Arrays.toString(picked));
        }
    }

    private static void measure(String name, int... grades) {
        System.out.printf(
                Locale.ROOT,
                "%-20s nDCG@5 %.2f, nDCG@2 %.2f%n",
                name + ":",
                NdcgAtK.ndcg(grades, grades, 5),
                NdcgAtK.ndcg(grades, grades, 2));
    }
}
