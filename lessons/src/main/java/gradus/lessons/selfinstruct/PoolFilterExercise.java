package gradus.lessons.selfinstruct;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;

final class PoolFilterExercise {
    private static final String MOST = "most = Math.max(most, like[i][j]);";
    private static final String ADD = "pool.add(i);";
    private static final String LOOP = "for (int j : pool) {";

    private PoolFilterExercise() {}

    static Exercise exercise() {
        return Exercise.of(PoolFilter.class, "The filter of a pool")
                .forbid("InstructionFilter")
                .probe(
                        "one seed, two others",
                        "0.9 is more than 0.7, and 0.2 is not: 2 comes in",
                        t -> call(t, 1, 0.7, "0-1 0.9", "0-2 0.2", "1-2 0.1"))
                .probe(
                        "like one that came in",
                        "1 comes in; 2 is unlike the seed, and like 1",
                        t -> call(t, 1, 0.7, "0-1 0.1", "0-2 0.1", "1-2 0.8"))
                .probe(
                        "like one that was refused",
                        "1 is like the seed and gone; 2 is like 1, and comes in",
                        t -> call(t, 1, 0.7, "0-1 0.9", "0-2 0.1", "1-2 0.8"))
                .probe(
                        "as like as is allowed",
                        "0.75 is not more than 0.75",
                        t -> call(t, 1, 0.75, "0-1" + " 0.75", "0-2 0.875", "1-2 0"))
                .probe(
                        "like one of three seeds",
                        "once is enough to be refused, though the mean is 0.4 and the least 0.1: none comes in",
                        t -> call(t, 3, 0.7, "0-3 0.1", "1-3 0.9", "2-3 0.2"))
                .probe(
                        "two seeds that are the same",
                        "seeds are in whatever they are; 2 comes in",
                        t -> call(t, 2, 0.7, "0-1 1", "0-2 0.3", "1-2 0.3"))
                .probe(
                        "two seeds that are the same, and a text like the second",
                        "the second seed is in the pool as well: none comes in",
                        t -> call(t, 2, 0.7, "0-1 1", "0-2 0.1", "1-2 0.9"))
                .probe(
                        "like two of three seeds",
                        "the mean is 0.77 and the least 0.5: none comes in",
                        t -> call(t, 3, 0.7, "0-3 0.5", "1-3 0.9", "2-3 0.9"))
                .probe(
                        "a little like many",
                        "0.3 to each of three: the most is 0.3",
                        t -> call(t, 3, 0.7, "0-3 0.3", "1-3 0.3", "2-3 0.3"))
                .probe(
                        "no seeds",
                        "the first comes in, and 1 is like it",
                        t -> call(t, 0, 0.7, "0-1 0.9", "0-2" + " 0.1", "1-2 0.9"))
                .probe(
                        "like the first that came in, not like the last",
                        "3 is like 1: out",
                        t -> call(t, 1, 0.5, "0-1 0.1", "0-2 0.2", "1-2 0.3", "0-3 0", "1-3 0.6", "2-3 0.1"))
                .probe(
                        "like one that comes later",
                        "1 comes in before 2, which is like it and out",
                        t -> call(t, 1, 0.5, "0-1 0", "0-2 0", "1-2 0.9"))
                .probe("seeds alone", "nothing else is there", t -> call(t, 3, 0.5, "0-1 0.9", "0-2 0.1"))
                .probe("threshold 1", "everything comes in, the same text too", t -> call(t, 1, 1, "0-1 1", "1-2 1"))
                .probe("twenty texts", "", t -> drawn(t, 20, 4, 0.85))
                .probe("forty texts", "", t -> drawn(t, 40, 3, 0.9))
                .bug(
                        "Texts are compared with the seeds alone, and not with those that came in: the same thing comes"
                                + " in again and again",
                        MOST,
                        "most = j < seeds ? Math.max(most, like[i][j]) : most;")
                .bug(
                        "Texts are compared with those that came in, and not with the seeds",
                        MOST,
                        "most = j >= seeds ? Math.max(most, like[i][j]) : most;")
                .bug("Texts are compared with those that were refused, too", LOOP, "for (int j = 0; j < i; j++) {")
                .bug(
                        "Texts are compared with all others, also with those that come later",
                        LOOP,
                        "for (int j = 0; j < like.length; j++) { if (i == j) { continue; }")
                .bug(
                        "Texts are compared with themselves: each is like itself, and nothing comes in",
                        LOOP,
                        "for (int j = 0; j <= i; j++) { if (!pool.contains(j) && j < i) { continue; }")
                .bug("A text that is just as like as is allowed is refused", "most <= threshold", "most < threshold")
                .bug(
                        "The least alike decides: a text must be like all of the pool to be refused",
                        MOST,
                        "most = j == pool.getFirst() ? like[i][j] : Math.min(most, like[i][j]);")
                .bug("The mean decides, not the most alike", MOST, "most += like[i][j] / pool.size();")
                .bug(
                        "The sum decides, not the most alike: a large pool refuses everything",
                        MOST,
                        "most +=" + " like[i][j];")
                .bug("Only the last text of the pool is compared", MOST, "most = like[i][j];")
                .bug("What is too alike comes in, and the rest is refused", "most <= threshold", "most > threshold")
                .bug("Seeds are filtered as well", "i < seeds || most <= threshold", "most <= threshold")
                .bug("Seeds are among the result", ".filter(i -> i >= seeds)", "")
                .bug(
                        "Numbers are counted from the first text behind the seeds",
                        ".filter(i -> i >=" + " seeds)",
                        ".filter(i -> i >= seeds).map(i -> i - seeds)")
                .variant("by marks", """
                        boolean[] in = new boolean[like.length];
                        int count = 0;
                        for (int i = 0; i < like.length; i++) {
                            in[i] = true;
                            for (int j = 0; j < i && i >= seeds; j++) {
                                in[i] &= !in[j] || like[j][i] <= threshold;
                            }
                            count += in[i] && i >= seeds ? 1 : 0;
                        }
                        int[] kept = new int[count];
                        for (int i = like.length - 1; i >= seeds; i--) {
                            if (in[i]) {
                                kept[--count] = i;
                            }
                        }
                        return kept;
                        """)
                .variant("by streams", """
                        List<Integer> pool = new ArrayList<>(
                                java.util.stream.IntStream.range(0, seeds).boxed().toList());
                        for (int i = seeds; i < like.length; i++) {
                            double[] row = like[i];
                            if (pool.stream().noneMatch(j -> row[j] > threshold)) {
                                pool.add(i);
                            }
                        }
                        return pool.stream().skip(seeds).mapToInt(Integer::intValue).toArray();
                        """)
                .hints(
                        "What is in the pool when text 5 is looked at? It depends on what became of 4.",
                        "A list of the numbers in the pool. For each text the largest likeness to those; add it"
                                + " to the list, or"
                                + " not.",
                        "if (i < seeds || most <= threshold) { pool.add(i); }, and at the end only those that"
                                + " are no seeds.")
                .reading("The section \"Not the same again\" of this lesson; Wang et al. 2022, Self-Instruct");
    }

    /// @param pairs `0-1 0.9`: texts 0 and 1 are alike by 0.9; those that are not named by 0
    private static Object call(Trial t, int seeds, double threshold, String... pairs) {
        int count = 1
                + Arrays.stream(pairs)
                        .flatMap(each -> Arrays.stream(each.split(" ")[0].split("-")))
                        .mapToInt(Integer::parseInt)
                        .max()
                        .orElse(0);
        double[][] like = new double[count][count];
        for (int i = 0; i < count; i++) {
            like[i][i] = 1;
        }
        for (String each : pairs) {
            String[] parts = each.split("[- ]");
            int i = Integer.parseInt(parts[0]);
            int j = Integer.parseInt(parts[1]);
            like[i][j] = Double.parseDouble(parts[2]);
            like[j][i] = like[i][j];
        }
        return t.call(like, seeds, threshold);
    }

    private static Object drawn(Trial t, int count, int seeds, double threshold) {
        double[][] like = new double[count][count];
        double[] drawn = t.uniform(count * count).toArray();
        for (int i = 0; i < count; i++) {
            like[i][i] = 1;
            for (int j = 0; j < i; j++) {
                like[i][j] = drawn[i * count + j];
                like[j][i] = like[i][j];
            }
        }
        return t.call(like, seeds, threshold);
    }
}
