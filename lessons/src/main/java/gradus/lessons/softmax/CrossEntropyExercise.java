package gradus.lessons.softmax;

import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

final class CrossEntropyExercise {
    private CrossEntropyExercise() {}

    static Exercise exercise() {
        return Exercise.of(CrossEntropy.class, "Cross-entropy from scores")
                .forbid("crossEntropy", "softmax", "logSoftmax", "logSumExp")
                .probe(
                        "two equal scores",
                        "each has probability 1/2: ln 2 = 0.69315",
                        t -> t.call(t.matrix(new double[] {0, 0}), Indices.of(1), -100))
                .probe(
                        "two rows",
                        "the probabilities of the targets are 1/4 and 1/2: (ln 4 + ln 2) / 2 = 1.03972",
                        t -> t.call(
                                t.matrix(new double[] {0, Math.log(3)}, new double[] {5, 5}), Indices.of(0, 1), -100))
                .probe(
                        "one of three rows ignored",
                        "(ln 4 + ln 2) / 2: divided by the 2 that count, not by 3",
                        t -> t.call(
                                t.matrix(new double[] {0, Math.log(3)}, new double[] {7, -2}, new double[] {5, 5}),
                                Indices.of(0, -100, 1),
                                -100))
                .probe(
                        "class 0 is ignored",
                        "only the second row counts: ln 2",
                        t -> t.call(t.matrix(new double[] {1, 3}, new double[] {5, 5}), Indices.of(0, 1), 0))
                .probe(
                        "scores of a thousand",
                        "exp(1000) is infinite; less 1000 they are 0 and -1: ln(1 + e⁻¹) = 0.31326",
                        t -> t.call(t.matrix(new double[] {1000, 999}), Indices.of(0), -100))
                .probe(
                        "a target with probability 0",
                        "e⁻²⁰⁰ is 0 in float32, and its logarithm infinite; the difference of the scores is 200",
                        t -> t.call(t.matrix(new double[] {100, -100, 0}), Indices.of(1), -100))
                .probe(
                        "one row far below the other",
                        "each row by its own largest score",
                        t -> t.call(
                                t.matrix(new double[] {500, 501}, new double[] {-500, -501}), Indices.of(1, 1), -100))
                .probe(
                        "a sure and right answer",
                        "hardly any loss: ln(1 + e⁻⁵) = 0.00672",
                        t -> t.call(t.matrix(new double[] {5, 0}), Indices.of(0), -100))
                .probe("seven rows of five", "", t -> t.call(t.normal(7, 5), t.indices(5, 7), -1))
                .probe(
                        "gradients",
                        "",
                        t -> t.callWithGradients(t.normal(6, 4), Indices.of(3, 1, -100, 0, -100, 2), -100))
                .probe(
                        "gradients where class 2 is ignored",
                        "",
                        t -> t.callWithGradients(t.normal(5, 3).mul(3), Indices.of(2, 1, 2, 0, 1), 2))
                .probe("gradients of large scores", "", t -> {
                    Tensor logits = t.matrix(new double[] {1000, 1001, 990}, new double[] {-900, -902, -903});
                    return t.callWithGradients(logits, Indices.of(0, 2), -100);
                })
                .bug("The sum is divided by all rows, not by those that count", "div(-counted)", "div(-rows)")
                .bug("The ignore index is read as a class", "if (targets.get(i) != ignore)", "if (targets.get(i) >= 0)")
                .bug("The losses are added up, not averaged", ".div(-counted)", ".neg()")
                .bug(
                        "The logarithm of a probability that was rounded to 0 is infinite: stay with logarithms",
                        "shifted.sub(shifted.exp().sum(-1, true).log())",
                        "shifted.exp().div(shifted.exp().sum(-1, true)).log()")
                .bug(
                        "The largest score is not taken away, so that exp overflows",
                        "logits.sub(logits.amax(-1, true))",
                        "logits")
                .bug(
                        "The largest score of all rows is taken away, so that a row far below it becomes ln 0",
                        "logits.amax(-1, true)",
                        "logits.max()")
                .bug("The mean is taken over all rows and classes", ".sum().div(-counted)", ".mean().neg()")
                .bug(
                        "The loss is measured in bits, by the logarithm to base 2",
                        ".div(-counted)",
                        ".div(-counted * Math.log(2))")
                .bug("The loss is negative: the sign of the logarithm is missing", ".div(-counted)", ".div(counted)")
                .bug(
                        "The normalisation goes over the rows, not over the classes",
                        ".exp().sum(-1, true)",
                        ".exp().sum(0, true)")
                .bug(
                        "The scores of the targets are taken as they are, without the logarithm of the sum",
                        "shifted.sub(shifted.exp().sum(-1, true).log())",
                        "shifted.mul(1)")
                .variant("ln Σ exp less the target's score, row by row", """
                        Tensor total = null;
                        int n = 0;
                        for (int i = 0; i < logits.dim(0); i++) {
                            int target = targets.get(i);
                            if (target == ignore) {
                                continue;
                            }
                            Tensor row = logits.select(0, i);
                            double top = row.max().item();
                            Tensor surprise = row.sub(top).exp().sum().log().add(top).sub(row.select(0, target));
                            total = total == null ? surprise : total.add(surprise);
                            n++;
                        }
                        return total.mul(1.0 / n);
                        """)
                .variant("only the rows that count, gathered", """
                        int[] rows = java.util.stream.IntStream.range(0, targets.size())
                                .filter(i -> targets.get(i) != ignore)
                                .toArray();
                        int[] classes = java.util.Arrays.stream(rows).map(targets::get).toArray();
                        Tensor kept = logits.indexSelect(0, Indices.of(rows)); // (n, V)
                        Tensor top = kept.amax(1, true).detach();
                        Tensor norm = kept.sub(top).exp().sum(1).log(); // (n)
                        Tensor right = kept.sub(top).gather(1, Indices.of(classes).reshape(rows.length, 1));
                        return norm.sub(right.reshape(rows.length)).mean();
                        """)
                .hints(
                        "What is ln softmax(x)[y], written without any probability?",
                        "ln p = (x[y] - max) - ln Σ exp(x - max). Pick it at each target that counts.",
                        "Multiply the (N, V) log-probabilities by an array with a 1 at each counted target;"
                                + " sum; divide by"
                                + " minus the number counted.")
                .reading("The section \"Cross-entropy\" of this lesson");
    }
}
