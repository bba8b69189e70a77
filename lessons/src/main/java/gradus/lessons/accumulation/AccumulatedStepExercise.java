package gradus.lessons.accumulation;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class AccumulatedStepExercise {
    private AccumulatedStepExercise() {}

    static Exercise exercise() {
        return Exercise.of(AccumulatedStep.class, "Accumulate, clip once, step once")
                .forbid("clipGradNorm", "gradNorm")
                .tolerance(1e-9)
                .probe(
                        "one batch of two tokens",
                        "the mean gradient is 4/2 = 2: 1 - 0.1·2 = 0.8",
                        t -> t.call(new double[] {1}, new double[][] {{4}}, new int[] {2}, 10.0, 0.1))
                .probe(
                        "one token, then three",
                        "(2 + 6)/(1 + 3) = 2, so 0.8; the mean of 2/1 and 6/3 is 2 as well",
                        t -> t.call(new double[] {1}, new double[][] {{2}, {6}}, new int[] {1, 3}, 10.0, 0.1))
                .probe(
                        "one token that is unlike three others",
                        "(8 - 4)/(1 + 3) = 1: 1 - 0.1 = 0.9; the mean of the means, 8 and -4/3, would be 3.33",
                        t -> t.call(new double[] {1}, new double[][] {{8}, {-4}}, new int[] {1, 3}, 10.0, 0.1))
                .probe(
                        "a large gradient",
                        "the mean is 3 and 4, its norm 5: with max = 1 it becomes 0.6 and 0.8",
                        t -> t.call(new double[] {0, 0}, new double[][] {{6, 8}}, new int[] {2}, 1.0, 0.5))
                .probe(
                        "two large gradients that cancel each other",
                        "the mean is (1, 0)/2, short enough; clipping each batch first would shrink the first more",
                        t -> t.call(new double[] {0, 0}, new double[][] {{9, 0}, {-8, 0}}, new int[] {1, 1}, 1.0, 0.5))
                .probe(
                        "the rate has no part in clipping",
                        "the gradient of norm 5 becomes one of norm 1, and the step 2·(0.6, 0.8)",
                        t -> t.call(new double[] {0, 0}, new double[][] {{3, 4}}, new int[] {1}, 1.0, 2.0))
                .probe(
                        "a batch without tokens",
                        "its gradient is 0 and its tokens 0: as if it were not there",
                        t -> t.call(new double[] {2}, new double[][] {{0}, {3}}, new int[] {0, 3}, 10.0, 0.1))
                .probe(
                        "three batches, clipped",
                        "",
                        t -> t.call(t.normals(4), t.normals(3, 4), new int[] {2, 5, 1}, 0.1, 0.3))
                .probe(
                        "three batches, not clipped",
                        "",
                        t -> t.call(t.normals(4), t.normals(3, 4), new int[] {2, 5, 1}, 99.0, 0.3))
                .bug("The sum is divided by the number of batches, not of tokens", "total += tokens[b];", "total++;")
                .bug(
                        "The gradients of the sums are used as they are, not divided by the tokens",
                        "mean[i] /= total;",
                        "")
                .bug(Bug.of("The mean of the batches' means is taken, so that a token of a small batch counts more")
                        .replacing(
                                "mean[i] += gradients[b][i];", "mean[i] += gradients[b][i] / Math.max(1, tokens[b]);")
                        .replacing("total += tokens[b];", "total++;"))
                .bug(Bug.of("Each batch is clipped by itself before it is added")
                        .replacing(
                                "total += tokens[b];",
                                "total += tokens[b];\ndouble own = 0;\nfor (double g : gradients[b]) { own += g * g;"
                                        + " }\n"
                                        + "double size = Math.sqrt(own) / Math.max(1, tokens[b]);")
                        .replacing("gradients[b][i];", "gradients[b][i] * (size > max ? max / size : 1);")
                        .replacing("norm > max ? max / norm : 1", "1"))
                .bug(
                        "The sum of gradients is clipped before it is divided by the tokens",
                        "norm > max ? max / norm : 1",
                        "norm * total > max ? max / norm / total : 1")
                .bug("Nothing is clipped", "norm > max ? max / norm : 1", "1")
                .bug(
                        "Short gradients are made as long as max",
                        "norm > max ? max / norm : 1",
                        "norm > 0 ? max / norm : 1")
                .bug(
                        "The whole step is clipped, with the rate in it, and not the gradient",
                        "norm > max ? max / norm : 1",
                        "norm * rate > max ? max / (norm * rate) : 1")
                .bug(
                        "Each number of the gradient is cut at max, which changes its direction",
                        "rate * factor * mean[i]",
                        "rate * Math.max(-max, Math.min(max, mean[i]))")
                .bug(
                        "Only the last batch is used: the others are overwritten",
                        "mean[i] += gradients[b][i]",
                        "mean[i] = gradients[b][i]")
                .variant("weight by weight, in streams", """
                        double total = java.util.Arrays.stream(tokens).sum();
                        double[] mean = java.util.stream.IntStream.range(0, weights.length)
                                .mapToDouble(i -> java.util.Arrays.stream(gradients)
                                                .mapToDouble(row -> row[i])
                                                .sum()
                                        / total)
                                .toArray();
                        double norm = Math.sqrt(java.util.Arrays.stream(mean).map(g -> g * g).sum());
                        double shorter = Math.max(1, norm / max);
                        return java.util.stream.IntStream.range(0, weights.length)
                                .mapToDouble(i -> weights[i] - mean[i] / shorter * rate)
                                .toArray();
                        """)
                .variant("each batch weighted by its share", """
                        long total = 0;
                        for (int each : tokens) {
                            total += each;
                        }
                        double[] mean = new double[weights.length];
                        for (int b = tokens.length - 1; b >= 0; b--) {
                            if (tokens[b] > 0) {
                                for (int i = 0; i < mean.length; i++) {
                                    mean[i] += gradients[b][i] / tokens[b] * ((double) tokens[b] / total);
                                }
                            }
                        }
                        double norm = 0;
                        for (double g : mean) {
                            norm = Math.hypot(norm, g);
                        }
                        double[] next = weights.clone();
                        for (int i = 0; i < next.length; i++) {
                            next[i] -= rate * (norm <= max ? mean[i] : max * mean[i] / norm);
                        }
                        return next;
                        """)
                .hints(
                        "What would a single batch of all tokens do, and in which order?",
                        "Three loops: add up and count, divide and take the norm, step.",
                        "next = weights - rate * (norm > max ? max / norm : 1) * sum / total.")
                .reading("The sections \"Accumulation\" and \"Clipping\" of this lesson");
    }
}
