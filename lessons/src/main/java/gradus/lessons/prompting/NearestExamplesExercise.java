package gradus.lessons.prompting;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class NearestExamplesExercise {
    private static final String COSINE =
            "dot(vectors[i], asked) / Math.sqrt(dot(vectors[i], vectors[i]) * dot(asked, asked))";
    private static final String SORT = "others.sort(Comparator.comparingDouble(i -> -cosines[i]));";
    private static final String NEAREST = "others.subList(0, k).reversed()";

    private NearestExamplesExercise() {}

    static Exercise exercise() {
        return Exercise.of(NearestExamples.class, "Examples like the question")
                .probe(
                        "one of two",
                        "vector 2 has the direction of the question 0, vector 1 is across",
                        t -> call(t, 0, 1, row(1, 0), row(0, 1), row(2, 0)))
                .probe(
                        "two of three",
                        "cosines 0.6, 1 and 0 with the question 0: numbers 2 and 1, and 2, which has 1, is last",
                        t -> call(t, 0, 2, row(1, 0), row(3, 4), row(2, 0), row(0, 3)))
                .probe(
                        "all others",
                        "cosines 0.8, -1, 0.6 with the question 1: the least like first",
                        t -> call(t, 1, 3, row(4, 3), row(1, 0), row(-1, 0), row(3, 4)))
                .probe(
                        "a long vector",
                        "number 1 is far longer, and its cosine is 0.6; that of 2 is 0.8",
                        t -> call(t, 0, 1, row(1, 0), row(30, 40), row(4, 3)))
                .probe(
                        "a short vector",
                        "number 2 is shorter, and its cosine is 0.6; that of 1 is 0.8",
                        t -> call(t, 0, 1, row(8, 0), row(8, 6), row(0.375, 0.5)))
                .probe(
                        "a near point in another direction",
                        "number 1 lies nearer, number 2 has the same direction",
                        t -> call(t, 0, 1, row(1, 0), row(0.6, 0.8), row(4, 0)))
                .probe(
                        "equally like",
                        "1, 2 and 3 have the cosine 0.6; 1 and 2 count as more like than 3, and 1 as more than 2",
                        t -> call(t, 0, 2, row(1, 0), row(3, 4), row(3, -4), row(6, 8)))
                .probe(
                        "the opposite",
                        "the cosine of number 1 is -1, of number 2 it is 0",
                        t -> call(t, 0, 1, row(1, 0), row(-1, 0), row(0, 1)))
                .probe(
                        "the question's double",
                        "number 2 is equal to the question 1, and another question: it may be shown",
                        t -> call(t, 1, 1, row(0, 1), row(2, 1), row(2, 1)))
                .probe("none", "", t -> call(t, 0, 0, row(1, 0), row(1, 1)))
                .probe("four of twelve", "", t -> t.call(t.normals(12, 3), 5, 4))
                .probe("nine of thirty", "", t -> t.call(t.normals(30, 4), 11, 9))
                .bug(
                        "The question is chosen too, as the nearest to itself: its own answer stands in the prompt",
                        "if (i != question)",
                        "if (i >= 0)")
                .bug("The most similar example stands first, far from the question", NEAREST, "others.subList(0, k)")
                .bug("The least similar examples are chosen", "-> -cosines[i]", "-> cosines[i]")
                .bug(
                        "The vectors are compared without their lengths, a·b: a long vector is like everything",
                        COSINE,
                        "dot(vectors[i], asked)")
                .bug(
                        "The product is divided by ‖a‖²: a short vector is like everything",
                        COSINE,
                        "dot(vectors[i], asked) / dot(vectors[i], vectors[i])")
                .bug(
                        "The distance of the points counts, not the angle",
                        COSINE,
                        "2 * dot(vectors[i], asked) - dot(vectors[i], vectors[i])")
                .bug(
                        "The sign of the cosine is lost: the opposite is taken for similar",
                        "-> -cosines[i]",
                        "-> -Math.abs(cosines[i])")
                .bug(
                        "Of equally similar examples the one with the higher number counts as more similar",
                        "others.add(i);",
                        "others.addFirst(i);")
                .bug(
                        "The examples stand in the order of their numbers, not of their likeness",
                        "mapToInt(i -> i)",
                        "sorted().mapToInt(i -> i)")
                .bug(
                        "The first k are taken and then sorted: the best of all may not be among them",
                        SORT,
                        "others = new ArrayList<>(others.subList(0, k)); " + SORT)
                .bug("One example too few is chosen", NEAREST, "others.subList(0, Math.max(k - 1, 0)).reversed()")
                .bug(
                        "Numbers are counted without the question: those behind it are one too low",
                        "mapToInt(i -> i)",
                        "mapToInt(i -> i > question ? i - 1 : i)")
                .variant("the best again and again", """
                        boolean[] taken = new boolean[vectors.length];
                        taken[question] = true;
                        int[] chosen = new int[k];
                        for (int place = k - 1; place >= 0; place--) {
                            int best = -1;
                            double most = Double.NEGATIVE_INFINITY;
                            for (int i = 0; i < vectors.length; i++) {
                                double length = Math.sqrt(dot(vectors[i], vectors[i]));
                                double like = dot(vectors[i], vectors[question]) / length;
                                if (!taken[i] && like > most) {
                                    best = i;
                                    most = like;
                                }
                            }
                            taken[best] = true;
                            chosen[place] = best;
                        }
                        return chosen;
                        """)
                .variant("by streams, from behind", """
                        double[] a = vectors[question];
                        List<Integer> ascending = java.util.stream.IntStream.range(0, vectors.length)
                                .map(i -> vectors.length - 1 - i)
                                .filter(i -> i != question)
                                .boxed()
                                .sorted(Comparator.comparingDouble(i -> dot(vectors[i], a)
                                        / Math.sqrt(dot(vectors[i], vectors[i]))
                                        / Math.sqrt(dot(a, a))))
                                .toList();
                        return ascending.stream().skip(vectors.length - 1 - k).mapToInt(i -> i).toArray();
                        """)
                .hints(
                        "Which vector is most like the question's own? What would a model do that finds it in"
                                + " the prompt?",
                        "Sort the numbers of all others by the cosine, the largest first; List.sort keeps the"
                                + " order of equals."
                                + " Take k, and turn them round.",
                        "others.sort(Comparator.comparingDouble(i -> -cosines[i])); others.subList(0, k).reversed()")
                .reading("The section \"Which examples, and in which order\" of this lesson; Liu et al. 2021");
    }

    private static Object call(Trial t, int question, int k, double[]... vectors) {
        return t.call(vectors, question, k);
    }

    private static double[] row(double... values) {
        return values;
    }
}
