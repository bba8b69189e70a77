package gradus.lessons.sickruns;

import gradus.lessons.learn.exercise.Exercise;

final class ValidationGapExercise {
    private ValidationGapExercise() {}

    static Exercise exercise() {
        return Exercise.of(ValidationGap.class, "The gap between training and validation")
                .tolerance(1e-9)
                .probe(
                        "one evaluation",
                        "the losses of steps 2 and 3 are 2 and 1, their mean 1.5: 2.5 - 1.5 = 1",
                        t -> t.call(new double[] {4, 2, 1}, new int[] {3}, new double[] {2.5}, 2))
                .probe(
                        "on the way",
                        "after 2 steps the losses so far are 4 and 2, mean 3; step 3 came later: 2.5 - 3 = -0.5",
                        t -> t.call(new double[] {4, 2, 1}, new int[] {2}, new double[] {2.5}, 2))
                .probe(
                        "a window longer than the run so far",
                        "after 2 steps there are two losses, 4 and 2: their sum is divided by 2, not by 5",
                        t -> t.call(new double[] {4, 2, 1}, new int[] {2, 3}, new double[] {2.5, 2}, 5))
                .probe(
                        "before the first step",
                        "no loss, no gap: NaN",
                        t -> t.call(new double[] {4, 2}, new int[] {0, 1, 2}, new double[] {5, 3, 3}, 1))
                .probe(
                        "one loss after the other",
                        "a window of 1 takes the last loss alone",
                        t -> t.call(new double[] {4, 2, 7, 1}, new int[] {1, 2, 3, 4}, new double[] {4, 4, 4, 4}, 1))
                .probe(
                        "at uneven steps",
                        "",
                        t -> t.call(t.normals(40), new int[] {0, 3, 7, 8, 22, 40}, t.normals(6), 7))
                .probe("no evaluation", "no numbers", t -> t.call(t.normals(5), new int[0], new double[0], 3))
                .probe("a long window", "", t -> t.call(t.normals(61), new int[] {10, 30, 50, 61}, t.normals(4), 29))
                .bug(
                        "The gap has the wrong sign: it is training less validation",
                        "validation[k] - sum / (end - start)",
                        "sum / (end - start) - validation[k]")
                .bug(
                        "Where there are fewer losses than the window is long, the sum is still divided by its length",
                        "sum / (end - start)",
                        "sum / window")
                .bug(
                        "The window ends one step too early: the last loss before the evaluation is missing",
                        "int end = evaluatedAt[k];",
                        "int end = Math.max(0, evaluatedAt[k] - 1);")
                .bug(
                        "The window ends one step too late: it holds a loss that came after the evaluation",
                        "int end = evaluatedAt[k];",
                        "int end = Math.min(losses.length, evaluatedAt[k] + 1);")
                .bug(
                        "Only the last loss is taken, not the mean of the window",
                        "int start = Math.max(0, end - window);",
                        "int start = Math.max(0, end - 1);")
                .bug(
                        "All losses so far are averaged, so that the early, large ones hide the gap",
                        "int start = Math.max(0, end - window);",
                        "int start = 0;")
                .bug(
                        "The evaluations are taken to lie one step apart, whatever evaluatedAt says",
                        "int end = evaluatedAt[k];",
                        "int end = Math.min(losses.length, k);")
                .variant("by sums from the start", """
                        double[] sums = new double[losses.length + 1];
                        for (int i = 0; i < losses.length; i++) {
                            sums[i + 1] = sums[i] + losses[i];
                        }
                        double[] gaps = new double[evaluatedAt.length];
                        for (int k = 0; k < gaps.length; k++) {
                            int count = Math.min(window, evaluatedAt[k]);
                            double sum = sums[evaluatedAt[k]] - sums[evaluatedAt[k] - count];
                            gaps[k] = count == 0 ? Double.NaN : validation[k] - sum / count;
                        }
                        return gaps;
                        """)
                .variant("by streams", """
                        return java.util.stream.IntStream.range(0, validation.length)
                                .mapToDouble(k -> validation[k]
                                        - java.util.Arrays.stream(losses)
                                                .limit(evaluatedAt[k])
                                                .skip(Math.max(0, evaluatedAt[k] - window))
                                                .average()
                                                .orElse(Double.NaN))
                                .toArray();
                        """)
                .hints(
                        "After s steps, which elements of losses exist already? The last of them is losses[s - 1].",
                        "The window is the range from max(0, s - window) to s, without s. How many numbers is that?",
                        "gaps[k] = validation[k] - sum / (end - start) with end = evaluatedAt[k] and start ="
                                + " Math.max(0, end - window); 0/0 is NaN by itself in double.")
                .reading("The section \"Two curves\" of this lesson");
    }
}
