package gradus.lessons.prompting;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class CalibrateLabelsExercise {
    private static final String MEAN = "mean += each[y] / contentFree.length;";
    private static final String QUOTIENT = "q[y] = p[y] / mean;";

    private CalibrateLabelsExercise() {}

    static Exercise exercise() {
        return Exercise.of(CalibrateLabels.class, "Contextual calibration")
                .forbid("LabelProbabilities", "softmax")
                .tolerance(1e-9)
                .probe(
                        "two labels, one question that means nothing",
                        "0.6/0.8 = 0.75 and 0.4/0.2 = 2; divided by their sum: 3/11 and 8/11",
                        t -> call(t, row(0.6, 0.4), row(0.8, 0.2)))
                .probe(
                        "two questions that mean nothing",
                        "the means are 0.75 and 0.25: 0.6/0.75 = 0.8 and 0.4/0.25 = 1.6; 1/3 and 2/3",
                        t -> call(t, row(0.6, 0.4), row(0.9, 0.1), row(0.6, 0.4)))
                .probe(
                        "a prompt that favours nothing",
                        "all means are 1/4, so nothing changes",
                        t -> call(t, row(0.1, 0.2, 0.3, 0.4), row(0.25, 0.25, 0.25, 0.25)))
                .probe(
                        "a question that means nothing either",
                        "p = m: every label has 1/3",
                        t -> call(t, row(0.5, 0.3, 0.2), row(0.5, 0.3, 0.2)))
                .probe(
                        "a label that is out of the question",
                        "0 stays 0",
                        t -> call(t, row(0, 0.5, 0.5), row(0.6, 0.2, 0.2), row(0.2, 0.4, 0.4)))
                .probe(
                        "a label that the prompt forgets",
                        "0.02/0.01 = 2 and 0.98/0.99 = 0.98990: 2/3 of it all",
                        t -> call(t, row(0.02, 0.98), row(0.01, 0.99)))
                .probe("three labels, three questions", "", t -> drawn(t, 3, 3))
                .probe("six labels, two questions", "", t -> drawn(t, 6, 2))
                .bug("It is multiplied: what the prompt favours, it favours twice", QUOTIENT, "q[y] = p[y] * mean;")
                .bug("The quotients are not divided by their sum", "q[y] /= sum;", "")
                .bug(
                        "The mean is subtracted, and 1/Y added, so that the sum is 1: numbers may be below 0",
                        QUOTIENT,
                        "q[y] = p[y] - mean + 1.0 / p.length;")
                .bug(
                        "Only the first question that means nothing counts",
                        MEAN,
                        "mean += each == contentFree[0] ? each[y] : 0;")
                .bug("Only the last question that means nothing counts", MEAN, "mean = each[y];")
                .bug(
                        "The mean is one of the quotients, not of the probabilities",
                        QUOTIENT,
                        "for (double[] each : contentFree) { q[y] += p[y] / each[y]; }")
                .bug(
                        "It is a mean of logarithms: one small probability decides",
                        QUOTIENT,
                        "double logs = 0; for (double[] each : contentFree) { logs += Math.log(each[y]) /"
                                + " contentFree.length; } q[y] = p[y] / Math.exp(logs);")
                .bug("The largest of the answers counts, not their mean", MEAN, "mean = Math.max(mean, each[y]);")
                .bug(
                        "The mean is one over the labels: it is 1/Y for all, and nothing changes",
                        MEAN,
                        "mean += 1.0 / p.length / contentFree.length;")
                .bug(
                        "A softmax is taken of the quotients: the best label is the same, and too unsure",
                        QUOTIENT,
                        "q[y] = Math.exp(p[y] / mean);")
                .bug("The logarithm of the quotient is taken, and no exp after it", QUOTIENT, """
                        q[y] = Math.log(Math.max(p[y], 1e-9)) - Math.log(mean);""")
                .bug("The quotient is upside down: m / p", QUOTIENT, "q[y] = mean / Math.max(p[y], 1e-9);")
                .bug("The best label gets 1 and the others 0", "return q;", """
                        int best = 0;
                        for (int y = 0; y < q.length; y++) {
                            best = q[y] > q[best] ? y : best;
                        }
                        double[] one = new double[q.length];
                        one[best] = 1;
                        return one;""")
                .variant("by logarithms", """
                        double[] logs = new double[p.length];
                        double sum = 0;
                        for (int y = 0; y < p.length; y++) {
                            double all = 0;
                            for (double[] each : contentFree) {
                                all += each[y];
                            }
                            logs[y] = Math.log(p[y]) - Math.log(all);
                            sum += Math.exp(logs[y]);
                        }
                        for (int y = 0; y < p.length; y++) {
                            logs[y] = Math.exp(logs[y]) / sum;
                        }
                        return logs;
                        """)
                .variant("by streams", """
                        double[] q = java.util.stream.IntStream.range(0, p.length)
                                .mapToDouble(y -> p[y]
                                        / java.util.Arrays.stream(contentFree)
                                                .mapToDouble(row -> row[y])
                                                .average()
                                                .orElseThrow())
                                .toArray();
                        double sum = java.util.Arrays.stream(q).sum();
                        return java.util.Arrays.stream(q).map(each -> each / sum).toArray();
                        """)
                .hints(
                        "What should come out for a question that means nothing?",
                        "First the mean for each label, over the questions. Then divide, and divide by the sum.",
                        "mean += each[y] / contentFree.length over the rows; q[y] = p[y] / mean; then each q[y]"
                                + " by the sum"
                                + " of all.")
                .reading("The section \"What the prompt favours\" of this lesson; Zhao et al. 2021");
    }

    private static Object drawn(Trial t, int labels, int questions) {
        double[][] free = new double[questions][];
        for (int i = 0; i < questions; i++) {
            free[i] = probabilities(t, labels);
        }
        return t.call(probabilities(t, labels), free);
    }

    private static double[] probabilities(Trial t, int count) {
        return t.normal(count).softmax().toArray();
    }

    private static Object call(Trial t, double[] p, double[]... contentFree) {
        return t.call(p, contentFree);
    }

    private static double[] row(double... values) {
        return values;
    }
}
