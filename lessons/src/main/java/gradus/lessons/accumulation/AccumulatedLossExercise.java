package gradus.lessons.accumulation;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.List;

final class AccumulatedLossExercise {
    private AccumulatedLossExercise() {}

    static Exercise exercise() {
        return Exercise.of(AccumulatedLoss.class, "The mean over tokens of several batches")
                .probe(
                        "one batch",
                        "logits 0 and 0: the loss is ln 2, its gradient ½ - 1 and ½ times x = 1",
                        t -> run(
                                t,
                                t.matrix(new double[] {0, 0}),
                                List.of(t.matrix(new double[] {1})),
                                List.of(Indices.of(0))))
                .probe(
                        "one token, then three",
                        "the four tokens count alike: the gradient is (-½ + 3·½)/4 = ¼ and -¼; the mean of the two"
                                + " means"
                                + " would be 0",
                        t -> run(
                                t,
                                t.matrix(new double[] {0, 0}),
                                List.of(
                                        t.matrix(new double[] {1}),
                                        t.matrix(new double[] {1}, new double[] {1}, new double[] {1})),
                                List.of(Indices.of(0), Indices.of(1, 1, 1))))
                .probe(
                        "three rows of which one is counted, then one",
                        "two tokens count, not four: -100 is no token",
                        t -> run(
                                t,
                                t.matrix(new double[] {1, -1}),
                                List.of(
                                        t.matrix(new double[] {1}, new double[] {2}, new double[] {3}),
                                        t.matrix(new double[] {1})),
                                List.of(Indices.of(-100, 0, -100), Indices.of(1))))
                .probe(
                        "a batch without any counted token",
                        "it adds nothing: three tokens count",
                        t -> run(
                                t,
                                t.normal(3, 4),
                                List.of(t.normal(2, 3), t.normal(2, 3), t.normal(1, 3)),
                                List.of(Indices.of(1, 3), Indices.of(-100, -100), Indices.of(0))))
                .probe("four batches of several sizes", "", t -> {
                    Indices second = t.indices(5, 7);
                    return run(
                            t,
                            t.normal(3, 5),
                            List.of(t.normal(2, 3), t.normal(7, 3), t.normal(4, 3), t.normal(1, 3)),
                            List.of(t.indices(5, 2), second, Indices.of(-100, 4, 0, -100), t.indices(5, 1)));
                })
                .bug(
                        "The mean of the batches' means is taken, so that a token of a small batch counts more",
                        "(double) counted / total",
                        "1.0 / inputs.size()")
                .bug("The batches' means are added and not divided by anything", "(double) counted / total", "1")
                .bug(
                        "The losses of all tokens are added, and not divided by their number",
                        "(double) counted / total",
                        "counted")
                .bug(
                        "The gradient is cleared before each batch, and only the last one's is left",
                        "part.backward();",
                        "weight.zeroGrad();\npart.backward();")
                .bug(Bug.of("Rows of target -100 are counted as tokens")
                        .replacing("total += target == -100 ? 0 : 1", "total += 1")
                        .replacing("counted += target == -100 ? 0 : 1", "counted += 1"))
                .bug(
                        "The total counts rows of target -100 too, so that everything is too small",
                        "total += target == -100 ? 0 : 1",
                        "total += 1")
                .bug(
                        "The gradient is that of the batches' own means: only the loss that is returned was weighted",
                        "part.backward();",
                        "loss.backward();")
                .bug(Bug.of("A target of 0 is left out too, as if 0 were no token")
                        .replacing("total += target == -100 ? 0 : 1", "total += target <= 0 ? 0 : 1")
                        .replacing("counted += target == -100 ? 0 : 1", "counted += target <= 0 ? 0 : 1"))
                .variant("the sum of each batch", """
                        double total = targets.stream()
                                .flatMapToInt(each -> java.util.Arrays.stream(each.values()))
                                .filter(target -> target != -100)
                                .count();
                        double sum = 0;
                        for (int i = inputs.size() - 1; i >= 0; i--) {
                            long counted = java.util.Arrays.stream(targets.get(i).values())
                                    .filter(target -> target != -100)
                                    .count();
                            if (counted == 0) {
                                continue;
                            }
                            Tensor loss = inputs.get(i).matmul(weight).crossEntropy(targets.get(i)).mul(counted);
                            loss.div(total).backward();
                            sum += loss.item();
                        }
                        return sum / total;
                        """)
                .variant("by log-probabilities, row by row", """
                        int total = 0;
                        for (Indices each : targets) {
                            total += (int) java.util.Arrays.stream(each.values()).filter(y -> y >= 0).count();
                        }
                        double mean = 0;
                        for (int i = 0; i < inputs.size(); i++) {
                            int[] y = targets.get(i).values();
                            Tensor all = inputs.get(i).matmul(weight).logSoftmax();
                            for (int row = 0; row < y.length; row++) {
                                if (y[row] >= 0) {
                                    Tensor part = all.select(0, row).select(0, y[row]).neg().div(total);
                                    mean += part.item();
                                }
                            }
                            Tensor mask = Tensor.zeros(y.length, weight.dim(1));
                            double[] ones = new double[y.length * weight.dim(1)];
                            for (int row = 0; row < y.length; row++) {
                                if (y[row] >= 0) {
                                    ones[row * weight.dim(1) + y[row]] = -1.0 / total;
                                }
                            }
                            all.mul(mask.set(ones)).sum().backward();
                        }
                        return mean;
                        """)
                .hints(
                        "By what must each batch's mean be multiplied, so that every token of the whole counts alike?",
                        "Count the tokens of all batches first; a batch's share is its counted tokens of these.",
                        "loss.mul((double) counted / total).backward() for each batch that has a counted token.")
                .reading("The section \"Accumulation\" of this lesson");
    }

    private static Object run(Trial t, Tensor weight, List<Tensor> inputs, List<Indices> targets) {
        weight.requireGrad();
        t.see("loss", t.call(weight, inputs, targets));
        t.see("gradient of the weight", weight.grad() == null ? Tensor.zerosLike(weight) : weight.grad());
        return null;
    }
}
