package gradus.lessons.selfinstruct;

import gradus.lessons.learn.exercise.Lesson;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Tasks and examples that a model makes, and the rules that keep them apart.
public final class SelfInstructLesson {
    private static final List<String> SEEDS = List.of(
            "write a short poem about the sea",
            "sort these numbers from small to large",
            "translate the sentence into french",
            "explain to a child why the sky is blue");
    private static final String[] WORDS =
            ("a the short long poem letter story about into from sea sky river numbers words sentence"
                            + " french german"
                            + " child friend why how blue green small large write read sort explain translate describe")
                    .split(" ");

    private SelfInstructLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Data that a model makes",
                SelfInstructLesson.class,
                RougeScoreExercise.exercise(),
                PoolFilterExercise.exercise(),
                ClusterExampleExercise.exercise());
    }

    public static void main(String[] arguments) {
        for (String other : List.of(
                "write a short poem about the sky",
                "about the sea write a poem",
                "explain how poems about the sea are made",
                "sort these numbers from small to large")) {
            System.out.printf(Locale.ROOT, "%.2f  %s%n", RougeScore.f(words(SEEDS.getFirst()), words(other)), other);
        }
        for (double threshold : new double[] {1, 0.7, 0.5}) {
            pool(threshold);
        }
        clusters();
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    /// A lazy model: 300 times it takes a text that is there and replaces one to four of its words.
    private static void pool(double threshold) {
        List<List<String>> texts =
                new ArrayList<>(SEEDS.stream().map(SelfInstructLesson::words).toList());
        for (int i = 0; i < 300; i++) {
            Rng rng = Rng.of(6).at(i);
            List<String> text = new ArrayList<>(texts.get(rng.index(0, texts.size())));
            for (int k = 0; k <= rng.index(1, 4); k++) {
                text.set(
                        rng.at("place").index(k, text.size()),
                        WORDS[rng.at("word").index(k, WORDS.length)]);
            }
            texts.add(text);
        }
        double[][] like = new double[texts.size()][texts.size()];
        for (int i = 0; i < like.length; i++) {
            for (int j = 0; j < like.length; j++) {
                like[i][j] = RougeScore.f(texts.get(i), texts.get(j));
            }
        }
        int[] kept = PoolFilter.kept(like, SEEDS.size(), threshold);
        double nearest = 0;
        for (int i : kept) {
            nearest += Arrays.stream(kept)
                            .filter(j -> j != i)
                            .mapToDouble(j -> like[i][j])
                            .max()
                            .orElse(0)
                    / kept.length;
        }
        System.out.printf(
                Locale.ROOT,
                "threshold %.1f: %d of 300 come in; the most alike other one is alike by %.2f%n",
                threshold,
                kept.length,
                nearest);
    }

    /// Eight kinds of questions, 40 of each, around eight points. The model's rationales are wrong in nine of
    /// ten cases for kind 0, and in one of ten for the others.
    private static void clusters() {
        Rng rng = Rng.of(12);
        int kinds = 8;
        int each = 40;
        double[][] centres = new double[kinds][];
        double[][] vectors = new double[kinds * each][];
        boolean[] wrong = new boolean[kinds * each];
        for (int i = 0; i < vectors.length; i++) {
            int kind = i / each;
            centres[kind] = normals(rng.at("centre").at(kind), 4);
            vectors[i] = normals(rng.at("vector").at(i), 1);
            for (int c = 0; c < vectors[i].length; c++) {
                vectors[i][c] += centres[kind][c];
            }
            wrong[i] = rng.at("wrong").uniform(i) < (kind == 0 ? 0.9 : 0.1);
        }
        List<Integer> examples = new ArrayList<>();
        for (int kind = 0; kind < kinds; kind++) {
            int from = kind * each;
            OptionalInt one = ClusterExample.choose(
                    Arrays.copyOfRange(vectors, from, from + each),
                    centres[kind],
                    Collections.nCopies(each, "who is it"),
                    Collections.nCopies(each, "It is me."));
            examples.add(from + one.orElseThrow());
        }
        long ofClusters = examples.stream().filter(i -> wrong[i]).count();
        double[] ofNearest = new double[2];
        for (int i = 0; i < vectors.length; i++) {
            int own = i;
            long count = IntStream.range(0, vectors.length)
                    .filter(j -> j != own)
                    .boxed()
                    .sorted((a, b) ->
                            Double.compare(distance(vectors[a], vectors[own]), distance(vectors[b], vectors[own])))
                    .limit(kinds)
                    .filter(j -> wrong[j])
                    .count();
            ofNearest[i < each ? 0 : 1] += count / (double) (i < each ? each : vectors.length - each);
        }
        System.out.printf(
                Locale.ROOT,
                "wrong examples of 8, the nearest ones: %.1f for kind 0, %.1f for other kinds%n",
                ofNearest[0],
                ofNearest[1]);
        System.out.printf(Locale.ROOT, "wrong examples of 8, one of each kind:  %d for all%n", ofClusters);
    }

    private static double[] normals(Rng rng, double scale) {
        return IntStream.range(0, 6).mapToDouble(c -> scale * rng.gaussian(c)).toArray();
    }

    private static double distance(double[] a, double[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(c -> (a[c] - b[c]) * (a[c] - b[c]))
                .sum();
    }
}
