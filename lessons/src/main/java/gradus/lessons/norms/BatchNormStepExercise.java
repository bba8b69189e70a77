package gradus.lessons.norms;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class BatchNormStepExercise {
    private BatchNormStepExercise() {}

    static Exercise exercise() {
        return Exercise.of(BatchNormStep.class, "BatchNorm in training and evaluation")
                .tolerance(1e-8)
                .changesArguments()
                .probe(
                        "two rows, one channel, training",
                        "the mean of 1 and 5 is 3, the variance 8/2 = 4: -1 and 1. Momentum 0.1 moves the running"
                                + " mean from 0"
                                + " to 0.3 and the running variance from 1 to 0.9 + 0.1·8 = 1.7",
                        t -> step(t, new double[][] {{1}, {5}}, new double[] {0}, new double[] {1}, true, 0.1, 0))
                .probe(
                        "one row, evaluation",
                        "(8 - 2)/√9 = 2; the running statistics stay",
                        t -> step(t, new double[][] {{8}}, new double[] {2}, new double[] {9}, false, 0.1, 0))
                .probe(
                        "two rows, evaluation",
                        "the rows are not looked at: (8 - 2)/3 = 2 and (5 - 2)/3 = 1",
                        t -> step(t, new double[][] {{8}, {5}}, new double[] {2}, new double[] {9}, false, 0.1, 0))
                .probe(
                        "a large ε",
                        "the variance 4 and ε = 5 make √9 = 3: -2/3 and 2/3",
                        t -> step(t, new double[][] {{1}, {5}}, new double[] {0}, new double[] {1}, true, 0.1, 5))
                .probe(
                        "a large ε in evaluation",
                        "√(4 + 5) = 3: (8 - 2)/3 = 2",
                        t -> step(t, new double[][] {{8}}, new double[] {2}, new double[] {4}, false, 0.1, 5))
                .probe(
                        "equal rows",
                        "the variance is 0: 0 over √ε is 0, and the running variance goes to 0.8·1",
                        t -> step(
                                t, new double[][] {{4}, {4}, {4}}, new double[] {1}, new double[] {1}, true, 0.2, 1e-5))
                .probe(
                        "three channels, each by itself",
                        "",
                        t -> step(t, t.normals(5, 3), t.normals(3), new double[] {0.5, 2, 3}, true, 0.3, 1e-5))
                .probe("as many rows as channels, tiny numbers", "", t -> {
                    double[][] x = t.normals(4, 4);
                    for (double[] row : x) {
                        for (int c = 0; c < row.length; c++) {
                            row[c] *= 1e-3;
                        }
                    }
                    return step(t, x, new double[] {0, 0, 1, 1}, new double[] {1, 1e-6, 1, 1e-6}, true, 0.1, 1e-5);
                })
                .probe("three steps of training, then evaluation", "", t -> {
                    double[] mean = {0, 5};
                    double[] variance = {1, 1};
                    for (int i = 0; i < 3; i++) {
                        step(t, t.normals(3 + i, 2), mean, variance, true, 0.25, 1e-5);
                    }
                    return step(t, t.normals(2, 2), mean, variance, false, 0.25, 1e-5);
                })
                .bug(
                        "The running variance is moved by the biased variance: it must divide by N - 1",
                        "squares / (x.length - 1)",
                        "squares / x.length")
                .bug(
                        "The batch is normalised with the unbiased variance: there it must divide by N",
                        "variance = squares / x.length;",
                        "variance = squares / (x.length - 1);")
                .bug(Bug.of("The momentum is inverted: it is the part of the new value, not of the old one")
                        .replacing("runningMean[c] += momentum * (mean", "runningMean[c] += (1 - momentum) * (mean")
                        .replacing(
                                "runningVariance[c] += momentum * (squares",
                                "runningVariance[c] += (1 - momentum) * (squares"))
                .bug(Bug.of("Evaluation uses the statistics of the batch, not the running ones")
                        .replacing("if (training) {", "if (training || x.length > 1) {")
                        .replacing(
                                "runningMean[c] += momentum * (mean - runningMean[c]);",
                                "if (training) { runningMean[c] += momentum * (mean - runningMean[c]); }")
                        .replacing(
                                "runningVariance[c] += momentum * (squares / (x.length - 1) - runningVariance[c]);",
                                "if (training) { runningVariance[c] += momentum"
                                        + " * (squares / (x.length - 1) - runningVariance[c]); }"))
                .bug(
                        "Evaluation moves the running statistics",
                        "if (training) {",
                        "if (!training && x.length > 1) { double m = 0; for (double[] row : x) { m += row[c] /"
                                + " x.length; }"
                                + " runningMean[c] += momentum * (m - runningMean[c]); } if (training) {")
                .bug(
                        "Training normalises with the running statistics after moving them, not with the batch's",
                        "for (int n = 0; n < x.length; n++) {",
                        "mean = runningMean[c]; variance = runningVariance[c]; for (int n = 0; n < x.length; n++) {")
                .bug(Bug.of("The running statistics are never moved")
                        .replacing("runningMean[c] += momentum * (mean - runningMean[c]);", "")
                        .replacing(
                                "runningVariance[c] += momentum * (squares / (x.length - 1) - runningVariance[c]);",
                                ""))
                .bug("ε stands outside the root", "Math.sqrt(variance + eps)", "(Math.sqrt(variance) + eps)")
                .bug(
                        "The root is missing: the numbers are divided by the variance",
                        "Math.sqrt(variance + eps)",
                        "(variance + eps)")
                .bug(
                        "The running variance is moved by the standard deviation",
                        "squares / (x.length - 1)",
                        "Math.sqrt(squares / (x.length - 1))")
                .variant("weighted means written out", """
                        double mean = 0;
                        double variance = 0;
                        int rows = x.length;
                        if (!training) {
                            mean = runningMean[c];
                            variance = runningVariance[c];
                        } else {
                            for (int n = 0; n < rows; n++) {
                                mean += x[n][c] / rows;
                            }
                            for (int n = 0; n < rows; n++) {
                                variance += Math.pow(x[n][c] - mean, 2) / rows;
                            }
                            runningMean[c] = (1 - momentum) * runningMean[c] + momentum * mean;
                            runningVariance[c] =
                                    (1 - momentum) * runningVariance[c] + momentum * variance * rows / (rows - 1);
                        }
                        double scale = 1 / Math.sqrt(variance + eps);
                        for (int n = 0; n < rows; n++) {
                            y[n][c] = x[n][c] * scale - mean * scale;
                        }
                        """)
                .variant("mean and variance running along (Welford)", """
                        double mean = 0;
                        double squares = 0;
                        for (int n = 0; training && n < x.length; n++) {
                            double before = x[n][c] - mean;
                            mean += before / (n + 1);
                            squares += before * (x[n][c] - mean);
                        }
                        double root = Math.sqrt((training ? squares / x.length : runningVariance[c]) + eps);
                        double middle = training ? mean : runningMean[c];
                        for (int n = x.length - 1; n >= 0; n--) {
                            y[n][c] = (x[n][c] - middle) / root;
                        }
                        if (training) {
                            runningMean[c] -= momentum * (runningMean[c] - mean);
                            runningVariance[c] -= momentum * (runningVariance[c] - squares / (x.length - 1));
                        }
                        """)
                .hints(
                        "Which two statistics does a training step compute for itself, which two does it keep for"
                                + " later?",
                        "One sum of squared distances, divided twice: by N to normalise the batch, by N - 1 for the"
                                + " running"
                                + " variance.",
                        "running += momentum * (new - running), only in training; then y = (x - mean) /"
                                + " Math.sqrt(variance +"
                                + " eps) with the batch's or the running statistics.")
                .reading("The section \"BatchNorm\" of this lesson; Ioffe & Szegedy 2015, algorithms 1 and 2");
    }

    private static Object step(
            Trial t, double[][] x, double[] mean, double[] variance, boolean training, double momentum, double eps) {
        t.see("result", t.call(x, mean, variance, training, momentum, eps));
        t.see("running mean", mean);
        t.see("running variance", variance);
        t.see("x", x);
        return null;
    }
}
