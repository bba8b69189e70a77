package gradus.lessons.chunking;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import java.util.Arrays;

final class BreakPointsExercise {
    private BreakPointsExercise() {}

    static Exercise exercise() {
        return Exercise.of(BreakPoints.class, "Break points by percentile")
                .tolerance(1e-9)
                .probe(
                        "half way between two values",
                        "sorted 0.25 0.5 0.75 1 1.5; place 0.875 · 4 = 3.5, so 1 + 0.5 · 0.5 = 1.25. Greater are 1.3"
                                + " and 2; 1.25 is not",
                        t -> t.call(
                                new double[] {1.1, 1.25, 1.3, 0.2, 2}, new double[] {0.5, 0.25, 1.5, 1, 0.75}, 87.5))
                .probe(
                        "a quarter of the way",
                        "place 0.625 · 2 = 1.25, so 1 + 0.25 · 2 = 1.5. All but the first two are greater",
                        t -> t.call(new double[] {1.2, 1.5, 1.75, 2.2, 2.6, 3.5}, new double[] {1, 3, 0}, 62.5))
                .probe(
                        "a quarter of the way among five",
                        "sorted 0 1 3 7 20; place 0.3125 · 4 = 1.25, so 1 + 0.25 · 2 = 1.5 again",
                        t -> t.call(new double[] {1.2, 1.5, 1.75, 2.2, 2.6, 3.5}, new double[] {3, 0, 20, 1, 7}, 31.25))
                .probe(
                        "a place that is a value's own",
                        "place 0.25 · 4 = 1, so 1",
                        t -> t.call(new double[] {0.5, 1, 1.1, 1.3, 3}, new double[] {4, 0, 2, 1, 3}, 25.0))
                .probe(
                        "the text's own distances",
                        "place 0.75 · 4 = 3, so 0.5: only 0.75 is greater, behind sentence 2",
                        t -> t.call(
                                new double[] {0.25, 0.125, 0.75, 0.5, 0.375},
                                new double[] {0.25, 0.125, 0.75, 0.5, 0.375},
                                75.0))
                .probe(
                        "equal distances",
                        "the percentile is the value that all have, and none is greater",
                        t -> t.call(new double[] {0.5, 0.5, 0.5}, new double[] {0.5, 0.5, 0.5}, 95.0))
                .probe(
                        "one distance in the collection",
                        "it is every percentile",
                        t -> t.call(new double[] {0.75, 0.25, 0.5}, new double[] {0.5}, 95.0))
                .probe("percent 0", "the smallest", t -> t.call(new double[] {3, 0, 1}, new double[] {2, 0.5, 4}, 0.0))
                .probe(
                        "percent 100",
                        "the largest",
                        t -> t.call(new double[] {3, 5, 4}, new double[] {2, 0.5, 4}, 100.0))
                .probe(
                        "every distance is greater",
                        "the percentile is 1.5: behind 0, 1 and 2",
                        t -> t.call(new double[] {3, 5, 4}, new double[] {1, 2}, 50.0))
                .probe("a text of no distances", "has no cuts", t -> t.call(new double[0], new double[] {2, 4}, 50.0))
                .probe(
                        "a collection of 21",
                        "",
                        t -> t.call(distances(t.ints(1024, 30)), distances(t.ints(1024, 21)), 62.5))
                .probe(
                        "a collection of 200",
                        "",
                        t -> t.call(distances(t.ints(1024, 200)), distances(t.ints(1024, 200)), 95.0))
                .bug(
                        "A distance that equals the threshold is a cut too",
                        "distances[i] > threshold",
                        "distances[i] >= threshold")
                .bug(
                        "The percentile is the value below its place: nothing is put between two values",
                        "sorted[below] + weight * (sorted[above] - sorted[below])",
                        "sorted[below]")
                .bug(
                        "The percentile is the value above its place: nothing is put between two values",
                        "sorted[below] + weight * (sorted[above] - sorted[below])",
                        "weight > 0 ? sorted[above] : sorted[below]")
                .bug(
                        "The nearer of the two values is taken: nothing is put between them",
                        "sorted[below] + weight * (sorted[above] - sorted[below])",
                        "weight < 0.5 ? sorted[below] : sorted[above]")
                .bug(
                        "The two values beside the place have each other's weights",
                        "sorted[below] + weight * (sorted[above] - sorted[below])",
                        "weight == 0 ? sorted[below] : sorted[above] + weight * (sorted[below] - sorted[above])")
                .bug(
                        "The place is a share of n, not of n − 1",
                        "double place = percent / 100 * (sorted.length - 1);",
                        "double place = Math.min(percent / 100 * sorted.length, sorted.length - 1);")
                .bug(
                        "The percentile is taken from above: 95 means the 5th",
                        "percent / 100 * (sorted.length - 1)",
                        "(1 - percent / 100) * (sorted.length - 1)")
                .bug(
                        "The threshold is a share of the largest distance, not a percentile",
                        "sorted[below] + weight * (sorted[above] - sorted[below])",
                        "percent / 100 * sorted[sorted.length - 1]")
                .bug(
                        "Small distances are cuts: a distance is large where the sentences differ",
                        "distances[i] > threshold",
                        "distances[i] < threshold")
                .bug(
                        "The cuts are counted from 1",
                        ".filter(i -> distances[i] > threshold)",
                        ".filter(i -> distances[i] > threshold).map(i -> i + 1)")
                .bug("The collection is not sorted before the percentile is looked up", "Arrays.sort(sorted);", "")
                .bug(Bug.of("The percentile is one of the text's own distances, not of the collection's")
                        .replacing("all.clone()", "distances.length == 0 ? all.clone() : distances.clone()"))
                .variant("as a weighted mean", """
                        double[] sorted = Arrays.stream(all).sorted().toArray();
                        double place = (sorted.length - 1) * percent / 100;
                        int below = (int) place;
                        double weight = place - below;
                        double high = weight == 0 ? 0 : weight * sorted[below + 1];
                        double threshold = (1 - weight) * sorted[below] + high;
                        int[] found = new int[distances.length];
                        int count = 0;
                        for (int i = 0; i < distances.length; i++) {
                            if (distances[i] - threshold > 0) {
                                found[count++] = i;
                            }
                        }
                        return Arrays.copyOf(found, count);
                        """)
                .variant("by the two places in a sorted stream", """
                        double place = percent * (all.length - 1) / 100;
                        double low = Arrays.stream(all).sorted().skip((long) place).findFirst().orElseThrow();
                        double high = Arrays.stream(all)
                                .sorted()
                                .skip((long) Math.ceil(place))
                                .findFirst()
                                .orElseThrow();
                        double threshold = low + place % 1 * (high - low);
                        return IntStream.range(0, distances.length)
                                .filter(i -> distances[i] > threshold)
                                .toArray();
                        """)
                .hints(
                        "Which of the sorted distances has 95 of 100 below it? What if there is none at just that place?",
                        "The place is percent / 100 · (n − 1), counted from 0. Its whole part names one value, and its"
                                + " fraction says how far to go to the next.",
                        "threshold = s[below] + (place − below) · (s[below + 1] − s[below]); then keep each i whose"
                                + " distance is greater.")
                .reading("The section \"Where the subject changes\" of this lesson");
    }

    /// Multiples of 1/1024, which every way of computing gets exactly.
    private static double[] distances(int... numbers) {
        return Arrays.stream(numbers).mapToDouble(each -> each / 1024.0).toArray();
    }
}
