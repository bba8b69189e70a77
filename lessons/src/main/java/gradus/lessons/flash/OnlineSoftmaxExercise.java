package gradus.lessons.flash;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class OnlineSoftmaxExercise {
    private OnlineSoftmaxExercise() {}

    static Exercise exercise() {
        double none = Double.NEGATIVE_INFINITY;
        return Exercise.of(OnlineSoftmax.class, "Softmax and mean in one pass")
                .tolerance(1e-8)
                .probe("one key", "its weight is 1: the value itself; ln e² = 2", t -> run(t, new double[] {2}, 10))
                .probe(
                        "a larger score first",
                        "scores ln 3 and 0: weights 3/4 and 1/4, 3/4·10 + 1/4·20 = 12.5; ln 4 = 1.386",
                        t -> run(t, new double[] {Math.log(3), 0}, 10, 20))
                .probe(
                        "a larger score later",
                        "scores 0 and ln 3: when ln 3 comes, the old sum 1 and output 10 become 1/3 of what they were;"
                                + " (10/3 + 20)/(1/3 + 1) = 17.5",
                        t -> run(t, new double[] {0, Math.log(3)}, 10, 20))
                .probe(
                        "up and down again",
                        "the maximum stays at ln 3 when 0 comes: weights 1/5, 3/5, 1/5",
                        t -> run(t, new double[] {0, Math.log(3), 0}, 10, 20, 30))
                .probe(
                        "a masked key first",
                        "minus infinity less minus infinity is NaN; the key must change nothing",
                        t -> {
                            Object one = t.create(1);
                            t.callOn(one, "add", none, new double[] {99});
                            t.callOn(one, "add", 1.0, new double[] {10});
                            t.see("result", t.callOn(one, "result"));
                            return t.callOn(one, "logSumExp");
                        })
                .probe(
                        "a masked key in the middle",
                        "as if it were not there",
                        t -> run(t, new double[] {0, none, Math.log(3), none}, 10, 77, 20, 88))
                .probe(
                        "scores of thousands",
                        "exp(10000) is infinite: only differences from the maximum may go into exp",
                        t -> run(t, new double[] {9_000, 10_000, 9_999, -10_000}, 10, 20, 30, 40))
                .probe(
                        "scores of minus thousands",
                        "exp(-10000) is 0, and 0/0 is NaN",
                        t -> run(t, new double[] {-10_000, -9_998, -9_999}, 10, 20, 30))
                .probe(
                        "negative values, equal scores",
                        "the plain mean: 0",
                        t -> run(t, new double[] {-3, -3, -3}, -10, 4, 6))
                .probe("twenty keys, values of three numbers", "", t -> {
                    double[] scores = t.normals(20);
                    double[][] values = t.normals(20, 3);
                    Object one = t.create(3);
                    for (int j = 0; j < 20; j++) {
                        t.callOn(one, "add", 4 * scores[j], values[j]);
                        t.see("result after key " + (j + 1), t.callOn(one, "result"));
                        t.see("logSumExp after key " + (j + 1), t.callOn(one, "logSumExp"));
                    }
                    return null;
                })
                .bug("The old sum is not rescaled when the maximum grows", "sum * keep + weight", "sum + weight")
                .bug(
                        "The old output is not rescaled when the maximum grows",
                        "output[d] * keep + weight * value[d]",
                        "output[d] + weight * value[d]")
                .bug(Bug.of("Neither sum nor output is rescaled when the maximum grows")
                        .replacing("sum * keep + weight", "sum + weight")
                        .replacing("output[d] * keep", "output[d]"))
                .bug(
                        "The rescaling goes the wrong way: exp(new maximum - old maximum)",
                        "Math.exp(max - next)",
                        "(max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(next - max))")
                .bug(
                        "The maximum is that of the last key, not of all so far",
                        "double next = Math.max(max, score);",
                        "double next = score;")
                .bug(
                        "The new key is weighed against the old maximum",
                        "Math.exp(score - next)",
                        "Math.exp(score - (max == Double.NEGATIVE_INFINITY ? score : max))")
                .bug(
                        "A masked key that comes first makes NaN: minus infinity less itself",
                        "score == Double.NEGATIVE_INFINITY",
                        "score != score")
                .bug("A masked key counts as the score 0", "            return;", "            score = 0;")
                .bug(
                        "The maximum is never brought up to date",
                        "max = next;",
                        "max = max == Double.NEGATIVE_INFINITY ? next : max;")
                .bug(Bug.of("No maximum is subtracted, so that exp overflows for scores above 709")
                        .replacing("double next = Math.max(max, score);", "double next = 0;")
                        .replacing("Math.exp(max - next)", "1"))
                .bug("The new value is not weighed", "weight * value[d]", "value[d]")
                .variant("only what is needed: a larger score rescales, a smaller one adds", """
                        if (score > max) {
                            double keep = Math.exp(max - score);
                            sum = sum * keep + 1;
                            for (int d = 0; d < output.length; d++) {
                                output[d] = output[d] * keep + value[d];
                            }
                            max = score;
                        } else if (sum > 0) {
                            double weight = Math.exp(score - max);
                            sum += weight;
                            for (int d = 0; d < output.length; d++) {
                                output[d] += weight * value[d];
                            }
                        }
                        """)
                .variant("rescale first, then add", """
                        double before = max;
                        max = Math.max(before, score);
                        if (max > before) {
                            double keep = before == Double.NEGATIVE_INFINITY ? 0 : Math.exp(before - max);
                            for (int d = output.length - 1; d >= 0; d--) {
                                output[d] *= keep;
                            }
                            sum *= keep;
                        }
                        double weight = score == Double.NEGATIVE_INFINITY ? 0 : 1 / Math.exp(max - score);
                        sum += weight;
                        for (int d = 0; d < value.length; d++) {
                            output[d] += value[d] * weight;
                        }
                        """)
                .hints(
                        "The old sum holds exp(score - old max). By which factor does it become a sum of exp(score -"
                                + " new max)?",
                        "next = Math.max(max, score); multiply the old sum and output by exp(max - next), then add"
                                + " the new key"
                                + " with exp(score - next).",
                        "sum = sum * keep + weight; output[d] = output[d] * keep + weight * value[d]; max = next;"
                                + " and return at"
                                + " once for minus infinity.")
                .reading("The section \"A running maximum\" of this lesson; Milakov & Gimelshein 2018, algorithm 3");
    }

    private static Object run(Trial t, double[] scores, double... values) {
        Object one = t.create(1);
        for (int j = 0; j < scores.length; j++) {
            t.callOn(one, "add", scores[j], new double[] {values[j]});
            t.see("result after key " + (j + 1), t.callOn(one, "result"));
        }
        t.see("logSumExp", t.callOn(one, "logSumExp"));
        return null;
    }
}
