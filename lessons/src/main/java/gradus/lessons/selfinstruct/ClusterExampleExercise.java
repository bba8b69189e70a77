package gradus.lessons.selfinstruct;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

final class ClusterExampleExercise {
    private static final String DISTANCE = "distance += (vectors[i][c] - centre[c]) * (vectors[i][c] - centre[c]);";
    private static final String CHOOSE = "if (simple && distance < nearest) {";

    private ClusterExampleExercise() {}

    static Exercise exercise() {
        return Exercise.of(ClusterExample.class, "The example of a cluster")
                .forbid("AutoCot", "KMeans", "AutoCotRules")
                .probe("one question", "it is simple enough: 0", t -> call(t, point(0, 0), "5 2 .", 1, 1))
                .probe(
                        "two questions",
                        "the distances are 5 and 2: 1",
                        t -> call(t, point(0, 0), "5 2 . 6 3 .", 3, 4, 2, 0))
                .probe(
                        "one coordinate is not all",
                        "the distances are 3 and 4, though the first coordinates are 3 and 0: 0",
                        t -> call(t, point(0, 0), "5 2 . 5 2 .", 3, 0, 0, 4))
                .probe(
                        "on two sides",
                        "(3, -3) is √18 away, though 3 − 3 = 0; (2, 2) is √8 away: 1",
                        t -> call(t, point(0, 0), "5 2 . 5 2 .", 3, -3, 2, 2))
                .probe(
                        "straight or across",
                        "(4, 0) is 4 away, (3, 2) √13 = 3.6: 1, though 3 + 2 is more than 4",
                        t -> call(t, point(0, 0), "5 2 . 5 2 .", 4, 0, 3, 2))
                .probe(
                        "a centre elsewhere",
                        "from (10, 10): (9, 9) is nearest, though (1, 1) is nearer to 0: 2",
                        t -> call(t, point(10, 10), "5 2 . 5 2 . 5 2 .", 1, 1, 20, 20, 9, 9))
                .probe("equally near", "both are 1 away: 0", t -> call(t, point(0, 0), "5 2 . 5 2 .", 1, 0, 0, 1))
                .probe(
                        "60 words and 61",
                        "61 are too many: 1, though 0 is nearer",
                        t -> call(t, point(0, 0), "61 2 . 60 2 .", 1, 0, 2, 0))
                .probe(
                        "20 words",
                        "that they are 79 chars does not matter: 0",
                        t -> call(t, point(0, 0), "20 2 . 5 2 .", 1, 0, 2, 0))
                .probe("5 lines and 6", "6 are too many: 1", t -> call(t, point(0, 0), "8 6 . 8 5 .", 1, 0, 2, 0))
                .probe(
                        "broken off",
                        "a rationale that ends with a comma: 1",
                        t -> call(t, point(0, 0), "8 2 ," + " 8 3 .", 1, 0, 2, 0))
                .probe(
                        "the nearest two are not simple enough",
                        "the third nearest is: 0",
                        t -> call(t, point(0, 0), "9 1 . 70 1 . 9 7 .", 5, 0, 1, 0, 0, 2))
                .probe(
                        "none is simple enough",
                        "there is no example",
                        t -> call(t, point(0, 0), "80 2 . 8 2" + " ?", 1, 0, 2, 0))
                .probe(
                        "many sentences in two lines",
                        "lines are counted, not sentences: 0",
                        t -> explained(t, "One. Two. Three.\nFour. Five. Six. Seven."))
                .probe(
                        "a long rationale",
                        "the words of the question are counted, not those of the rationale: 0",
                        t -> explained(t, "and so ".repeat(40) + "on."))
                .probe(
                        "an empty cluster",
                        "there is no" + " example",
                        t -> t.call(new double[0][], point(0, 0), List.of(), List.of()))
                .probe("a cluster of forty", "", ClusterExampleExercise::drawn)
                .bug(
                        "The nearest question is taken whether it is simple enough or not",
                        CHOOSE,
                        "if (distance" + " < nearest) {")
                .bug(
                        "Only the nearest question is looked at: if it is not simple enough, there is no example",
                        CHOOSE,
                        "if (distance < nearest && !simple) { nearest = distance; best = OptionalInt.empty(); } else"
                                + " if (distance < nearest) {")
                .bug(
                        "The first question that is simple enough is taken, however far from the centre",
                        CHOOSE,
                        "if (simple && best.isEmpty()) {")
                .bug(
                        "The question farthest from the centre is taken",
                        CHOOSE,
                        "if (simple && (best.isEmpty() || distance > nearest)) {")
                .bug("Of equally near questions the last is taken", "distance < nearest", "distance <= nearest")
                .bug("A question of 60 words is refused", "words <= 60", "words < 60")
                .bug("A rationale of 5 lines is refused", "lines <= 5", "lines < 5")
                .bug("The words are not counted", "words <= 60 && ", "")
                .bug("The lines are not counted", "lines <= 5 && ", "")
                .bug("It does not matter how the rationale ends", " && rationale.endsWith(\".\")", "")
                .bug(
                        "The chars of the question are counted, not its words",
                        "questions.get(i).split(\"" + " \").length",
                        "questions.get(i).length()")
                .bug(
                        "The sentences of the rationale are counted, not its" + " lines",
                        "rationale.split(\"\\n\").length",
                        "rationale.split(\"[.]\").length")
                .bug(
                        "The words of the rationale are counted, not those of the" + " question",
                        "questions.get(i).split(\" \").length",
                        "rationale.split(\"\\\\s\").length")
                .bug(
                        "Differences are added with their signs: those on two sides cancel",
                        DISTANCE,
                        "distance" + " += vectors[i][c] - centre[c];")
                .bug(
                        "Differences are added without being squared",
                        DISTANCE,
                        "distance +=" + " Math.abs(vectors[i][c] - centre[c]);")
                .bug(
                        "Distances are measured from 0, not from the centre",
                        DISTANCE,
                        "distance += vectors[i][c]" + " * vectors[i][c];")
                .bug(
                        "Only the first coordinate is looked at",
                        DISTANCE,
                        "distance = Math.abs(vectors[i][0] -" + " centre[0]);")
                .variant("sorted by distance", """
                        java.util.function.IntToDoubleFunction distance = i -> {
                            double sum = 0;
                            for (int c = 0; c < centre.length; c++) {
                                sum += Math.pow(vectors[i][c] - centre[c], 2);
                            }
                            return Math.sqrt(sum);
                        };
                        return java.util.stream.IntStream.range(0, vectors.length)
                                .boxed()
                                .sorted(java.util.Comparator.comparingDouble(distance::applyAsDouble))
                                .mapToInt(i -> i)
                                .filter(i -> questions.get(i).chars().filter(c -> c == ' ').count() < 60)
                                .filter(i -> rationales.get(i).lines().count() <= 5)
                                .filter(i -> rationales.get(i).charAt(rationales.get(i).length() - 1) == '.')
                                .findFirst();
                        """)
                .variant("from behind", """
                        int best = -1;
                        double least = 0;
                        for (int i = questions.size() - 1; i >= 0; i--) {
                            if (questions.get(i).split(" ").length > 60
                                    || rationales.get(i).split("\\n").length > 5
                                    || !rationales.get(i).matches("(?s).*[.]")) {
                                continue;
                            }
                            double distance = 0;
                            for (int c = 0; c < centre.length; c++) {
                                distance = Math.hypot(distance, vectors[i][c] - centre[c]);
                            }
                            if (best < 0 || distance <= least) {
                                best = i;
                                least = distance;
                            }
                        }
                        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
                        """)
                .hints(
                        "The nearest question may not be simple enough. What then?",
                        "For each question its distance and whether it is simple enough; keep the nearest of"
                                + " those that are. The"
                                + " square of the distance will do.",
                        "simple = words <= 60 && lines <= 5 && rationale.endsWith(\".\"); if (simple &&"
                                + " distance < nearest) keep"
                                + " i.")
                .reading("The section \"One of each kind\" of this lesson; Zhang et al. 2022, Auto-CoT");
    }

    private static double[] point(double... values) {
        return values;
    }

    /// @param texts  for each question its words, the lines of its rationale, and the rationale's last char
    /// @param points two coordinates for each
    private static Object call(Trial t, double[] centre, String texts, double... points) {
        String[] parts = texts.split(" ");
        int count = points.length / 2;
        double[][] vectors = new double[count][];
        for (int i = 0; i < count; i++) {
            vectors[i] = point(points[2 * i], points[2 * i + 1]);
        }
        return t.call(
                vectors,
                centre,
                IntStream.range(0, count).mapToObj(i -> question(parts[3 * i])).toList(),
                IntStream.range(0, count)
                        .mapToObj(i -> rationale(parts[3 * i + 1], parts[3 * i + 2]))
                        .toList());
    }

    /// Two questions, the nearer of which has this rationale.
    private static Object explained(Trial t, String rationale) {
        double[][] vectors = {point(1, 0), point(2, 0)};
        return t.call(vectors, point(0, 0), List.of("who is it", "who was it"), List.of(rationale, "It is me."));
    }

    private static String question(String words) {
        return String.join(" ", Collections.nCopies(Integer.parseInt(words), "who"));
    }

    private static String rationale(String lines, String end) {
        return String.join("\n", Collections.nCopies(Integer.parseInt(lines), "So it is")) + end;
    }

    private static Object drawn(Trial t) {
        int[] words = t.ints(50, 40);
        int[] lines = t.ints(5, 40);
        return t.call(
                t.normals(40, 3),
                t.normals(3),
                Arrays.stream(words)
                        .mapToObj(each -> question("" + (each + 35)))
                        .toList(),
                Arrays.stream(lines)
                        .mapToObj(each -> rationale("" + (each + 3), "."))
                        .toList());
    }
}
