package gradus.lessons.sickruns;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class LossSpikesExercise {
    private LossSpikesExercise() {}

    static Exercise exercise() {
        return Exercise.of(LossSpikes.class, "Spikes in a loss curve")
                .tolerance(1e-9)
                .probe(
                        "one spike",
                        "of 2, 3, 4 the median is 3, the distances are 1, 0, 1, their median 1: a spike lies above"
                                + " 3 + 2·1.4826 = 5.97, as 9 does",
                        t -> t.call(new double[] {2, 3, 4, 9}, 3, 2.0))
                .probe(
                        "nearly one",
                        "5.9 lies below 3 + 2·1.4826 = 5.97, and 6 above it",
                        t -> t.call(new double[] {2, 3, 4, 5.9, 3, 2, 4, 6}, 3, 2.0))
                .probe(
                        "far below",
                        "a loss that falls far is good news, not a spike",
                        t -> t.call(new double[] {5, 6, 7, -20, 6, 5, 7, 30}, 3, 3.0))
                .probe(
                        "four to look back",
                        "of 1, 2, 4, 8 the median is (2 + 4)/2 = 3, the distances are 2, 1, 1, 5, their median 1.5",
                        t -> t.call(new double[] {8, 1, 4, 2, 7.4, 1, 4, 2, 8, 7.5, 30, 6, 3}, 4, 2.0))
                .probe(
                        "equal losses",
                        "MAD is 0: 2 is not above 2, and 2.1 is",
                        t -> t.call(new double[] {2, 2, 2, 2, 2, 2.1, 2, 2}, 3, 4.0))
                .probe(
                        "a spike in the window",
                        "100 changes neither the median nor the MAD of the window much, so the next spike is seen too",
                        t -> t.call(new double[] {2, 3, 4, 3, 100, 3, 9, 2, 4, 3, 9}, 5, 3.0))
                .probe(
                        "one to look back",
                        "the MAD of one number is 0: every rise is a spike",
                        t -> t.call(new double[] {3, 2, 2.5, 2.5, 7}, 1, 1.0))
                .probe("too few losses", "none is judged", t -> t.call(new double[] {1, 9, 1}, 3, 1.0))
                .probe("a run that falls, odd width", "", t -> t.call(run(t, 90), 9, 2.5))
                .probe("a run that falls, even width", "", t -> t.call(run(t, 90), 6, 1.5))
                .probe("a small factor", "", t -> t.call(run(t, 60), 8, 0.4))
                .bug(
                        "The window holds the loss that is to be judged",
                        "Arrays.copyOfRange(losses, i - width, i)",
                        "Arrays.copyOfRange(losses, i - width + 1, i + 1)")
                .bug(
                        "The middle of the window is its mean, which one spike moves",
                        "double median = (before[(width - 1) / 2] + before[width / 2]) / 2;",
                        "double median = Arrays.stream(before).average().orElse(0);")
                .bug(
                        "The noise is the mean distance, which one spike in the window makes large",
                        "(distances[(width - 1) / 2] + distances[width / 2]) / 2",
                        "Arrays.stream(distances).average().orElse(0)")
                .bug("Losses far below count as spikes too", "losses[i] - median >", "Math.abs(losses[i] - median) >")
                .bug(
                        "MAD is not scaled by 1.4826, so that too much is a spike",
                        "factor * 1.4826 * mad",
                        "factor * mad")
                .bug(
                        "The median of an even number of losses is the upper of the two in the middle",
                        "double median = (before[(width - 1) / 2] + before[width / 2]) / 2;",
                        "double median = before[width / 2];")
                .bug(
                        "A loss that equals the bound is a spike: where all losses are equal, every one is",
                        "median > factor",
                        "median >= factor")
                .variant("by streams", """
                        return java.util.stream.IntStream.range(Math.min(width, losses.length), losses.length)
                                .filter(i -> {
                                    double[] window = Arrays.copyOfRange(losses, i - width, i);
                                    double[] sorted = Arrays.stream(window).sorted().toArray();
                                    double m = 0.5 * sorted[(width - 1) / 2] + 0.5 * sorted[width / 2];
                                    double[] far = Arrays.stream(window)
                                            .map(x -> Math.abs(x - m))
                                            .sorted()
                                            .toArray();
                                    double mad = 0.5 * far[(width - 1) / 2] + 0.5 * far[width / 2];
                                    return losses[i] > m && losses[i] - m > 1.4826 * mad * factor;
                                })
                                .toArray();
                        """)
                .variant("a list, and the middle by parity", """
                        java.util.List<Integer> found = new java.util.ArrayList<>();
                        for (int i = width; i < losses.length; i++) {
                            double[] window = new double[width];
                            for (int j = 0; j < width; j++) {
                                window[j] = losses[i - 1 - j];
                            }
                            Arrays.sort(window);
                            int half = width / 2;
                            double m = width % 2 == 1 ? window[half] : (window[half - 1] + window[half]) / 2;
                            for (int j = 0; j < width; j++) {
                                window[j] = window[j] < m ? m - window[j] : window[j] - m;
                            }
                            Arrays.sort(window);
                            double mad = width % 2 == 1 ? window[half] : (window[half - 1] + window[half]) / 2;
                            if (losses[i] - m > factor * mad * 1.4826) {
                                found.add(i);
                            }
                        }
                        return found.stream().mapToInt(Integer::intValue).toArray();
                        """)
                .hints(
                        "Which losses may say what is usual at step i? May the loss of step i be among them?",
                        "Sort a copy of the window: the middle is (sorted[(width - 1) / 2] + sorted[width / 2]) / 2,"
                                + " whether the width is odd or even.",
                        "Then the same once more with the distances |x - median|, which gives MAD; and step i is a"
                                + " spike if losses[i] - median > factor * 1.4826 * mad.")
                .reading("The section \"Twelve sick runs\" of this lesson, on broken batches");
    }

    /// A loss that falls, with noise and a few spikes.
    private static double[] run(Trial t, int steps) {
        double[] losses = t.normals(steps);
        int[] wild = t.ints(12, steps);
        for (int i = 0; i < steps; i++) {
            losses[i] = 2 + 3 * Math.exp(-i / 30.0) + 0.2 * losses[i] + (wild[i] == 0 ? 2 : wild[i] == 1 ? -2 : 0);
        }
        return losses;
    }
}
