package gradus.lessons.retrieval;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;

final class NdcgAtKExercise {
    private NdcgAtKExercise() {}

    static Exercise exercise() {
        return Exercise.of(NdcgAtK.class, "nDCG of the first k")
                .tolerance(1e-9)
                .forbid("Ndcg", "of")
                .probe("perfect", "1", t -> call(t, 3, new int[] {2, 1, 0}, 1, 0, 2))
                .probe(
                        "the first two exchanged",
                        "(1 + 2/log₂ 3) / (2 + 1/log₂ 3)",
                        t -> call(t, 3, new int[] {1, 2, 0}, 2, 1, 0))
                .probe(
                        "at the third place",
                        "1/log₂ 4 = 1/2 of what the first place gives",
                        t -> call(t, 3, new int[] {0, 0, 1}, 0, 0, 1))
                .probe(
                        "one was not found",
                        "it counts in the ideal order: 1 / (1 + 1/log₂ 3)",
                        t -> call(t, 2, new int[] {1, 0}, 1, 1, 0))
                .probe("cut at 1", "1/3: the ideal order is cut as well", t -> call(t, 1, new int[] {1, 3, 2}, 1, 2, 3))
                .probe("fewer found than k", "", t -> call(t, 5, new int[] {0, 2}, 2, 0, 4, 1))
                .probe("a drawn ranking", "", t -> drawn(t, 12, 5))
                .probe("deeper", "", t -> drawn(t, 15, 10))
                .probe("deeper than there are documents", "", t -> drawn(t, 6, 20))
                .bug(
                        "The discount is log₂ i, with the first two places in full; it must be log₂(i + 1) for i"
                                + " from 1",
                        "Math.log(i + 2)",
                        "Math.log(Math.max(i + 1, 2))")
                .bug("The discount is log₂(i + 2), one place too far", "Math.log(i + 2)", "Math.log(i + 3)")
                .bug(
                        "The ideal order is not cut at k: a perfect ranking gets less than 1",
                        "return gain / ideal;",
                        "for (int i = k; i < best.length; i++) { ideal += best[best.length - 1 - i] * Math.log(2) /"
                                + " Math.log(i + 2); } return gain / ideal;")
                .bug(
                        "The grades of the ideal order are not sorted",
                        "best[best.length - 1 - i] / discount",
                        "all[i] / discount")
                .bug(
                        "The ideal order has the lowest grades first",
                        "best[best.length - 1 - i] / discount",
                        "(best[i] + 1e-300) / discount")
                .bug(
                        "The ideal order has only what was found: what was missed does not matter",
                        "int[] best = all.clone();",
                        "int[] best = found.clone();")
                .bug("The gain is not divided by the ideal one", "return gain / ideal;", "return gain;")
                .bug("All places count alike", "Math.log(i + 2) / Math.log(2)", "1")
                .bug("The discount is the rank itself", "Math.log(i + 2) / Math.log(2)", "i + 1")
                .bug(Bug.of("The gain is 2^grade − 1, and should be the grade")
                        .replacing("found[i] / discount", "(Math.pow(2, found[i]) - 1) / discount")
                        .replacing(
                                "best[best.length - 1 - i] / discount",
                                "(Math.pow(2, best[best.length - 1 - i]) - 1) / discount"))
                .bug(Bug.of("Every relevant document counts 1, whatever its grade")
                        .replacing("found[i] / discount", "Math.min(found[i], 1) / discount")
                        .replacing(
                                "best[best.length - 1 - i] / discount",
                                "Math.min(best[best.length - 1 - i], 1) / discount"))
                .bug(
                        "What stands behind place k still counts",
                        "return gain / ideal;",
                        "for (int i = k; i < found.length; i++) { gain += found[i] * Math.log(2) / Math.log(i + 2); }"
                                + " return gain / ideal;")
                .variant("two sums", """
                        double gain = 0;
                        for (int i = 1; i <= Math.min(k, found.length); i++) {
                            gain += found[i - 1] / Math.log(i + 1);
                        }
                        double ideal = 0;
                        int place = 1;
                        for (int grade : Arrays.stream(all).map(g -> -g).sorted().map(g -> -g).toArray()) {
                            if (place <= k) {
                                ideal += grade / Math.log(++place);
                            }
                        }
                        return gain / ideal;
                        """)
                .variant("the highest grade that is left, again and again", """
                        int[] left = all.clone();
                        double gain = 0;
                        double ideal = 0;
                        for (int i = 0; i < k && i < left.length; i++) {
                            int most = i;
                            for (int j = i; j < left.length; j++) {
                                most = left[j] > left[most] ? j : most;
                            }
                            int grade = left[most];
                            left[most] = left[i];
                            ideal += grade * Math.log(2) / Math.log(i + 2);
                        }
                        for (int i = Math.min(k, found.length) - 1; i >= 0; i--) {
                            gain += found[i] * Math.log(2) / Math.log(i + 2);
                        }
                        return gain / ideal;
                        """)
                .hints(
                        "The same sum twice: over the grades in the order found, and over those in the best order.",
                        "Arrays.sort of a copy sorts upwards; read it from behind. With i from 0, the discount is"
                                + " log₂(i + 2).",
                        "discount = Math.log(i + 2) / Math.log(2); gain += found[i] / discount for i below k and"
                                + " found.length; the same for the sorted grades; gain / ideal.")
                .reading("The section \"How good is a ranking?\" of this lesson; Järvelin & Kekäläinen 2002");
    }

    private static Object call(Trial t, int k, int[] found, int... all) {
        return t.call(found, all, k);
    }

    /// Some two thirds of the documents are found, in a drawn order; the best one never first.
    private static Object drawn(Trial t, int count, int k) {
        int[] all = t.ints(4, count);
        all[count / 2] = 4;
        all[1] = 2;
        int[] found = Arrays.copyOf(all, 1 + 2 * count / 3);
        return t.call(found, all, k);
    }
}
