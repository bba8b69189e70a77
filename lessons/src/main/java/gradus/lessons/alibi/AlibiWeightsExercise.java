package gradus.lessons.alibi;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class AlibiWeightsExercise {
    private AlibiWeightsExercise() {}

    static Exercise exercise() {
        return Exercise.of(AlibiWeights.class, "Take the distance from the scores")
                .forbid("bias", "attention", "selfAttention")
                .probe(
                        "one query, two keys, equal scores",
                        "The query stands at position 1. With the slope ln 3 = 1.09861 the key at 0 loses ln 3:"
                                + " e^(-ln 3) = 1/3 against 1, so 1/4 and 3/4",
                        t -> t.call(t.tensor(new double[] {0, 0}, 1, 1, 1, 2), new double[] {Math.log(3)}))
                .probe(
                        "two queries, two keys",
                        "Query 0 sees only key 0: 1 and 0. Query 1: 1/4 and 3/4",
                        t -> t.call(t.tensor(new double[] {0, 0, 0, 0}, 1, 1, 2, 2), new double[] {Math.log(3)}))
                .probe(
                        "two heads",
                        "each head has its own slope: ln 3 and ln 7 give 1/4, 3/4 and 1/8, 7/8",
                        t -> t.call(
                                t.tensor(new double[] {5, 5, 2, 2}, 1, 2, 1, 2),
                                new double[] {Math.log(3), Math.log(7)}))
                .probe("slope 0", "plain causal attention", t -> t.call(t.normal(1, 1, 3, 3), new double[] {0}))
                .probe(
                        "a cache of four, three new queries",
                        "query i stands at position i + 4, and sees the keys 0 … i + 4",
                        t -> t.call(t.normal(2, 3, 3, 7).mul(2), new double[] {0.5, 0.25, 0.125}))
                .probe(
                        "as many heads as batches, and gradients",
                        "",
                        t -> t.callWithGradients(t.normal(2, 2, 5, 5), new double[] {0.7, 0.1}))
                .probe(
                        "large scores",
                        "e^200 is infinite in float32",
                        t -> t.call(t.normal(1, 2, 4, 6).mul(200), new double[] {0.5, 0.01}))
                .bug("The bias has the wrong sign: far keys gain", "-slopes[h] * distance", "slopes[h] * distance")
                .bug("All heads have the first one's slope", "-slopes[h]", "-slopes[0]")
                .bug("The slopes are given to the heads in the wrong order", "-slopes[h]", "-slopes[heads - 1 - h]")
                .bug(
                        "The queries are taken for the first positions, not for the last: a cache in front is"
                                + " forgotten",
                        "int distance = i + keys - queries - j",
                        "int distance = i - j")
                .bug(
                        "There is no causal mask: keys behind the query gain from their negative distance",
                        "distance < 0 ? Double.NEGATIVE_INFINITY : -slopes[h] * distance",
                        "-slopes[h] * distance")
                .bug(
                        "There is no causal mask: keys behind the query count by their distance, like those in front",
                        "distance < 0 ? Double.NEGATIVE_INFINITY : -slopes[h] * distance",
                        "-slopes[h] * Math.abs(distance)")
                .bug("The query does not see itself", "distance < 0 ?", "distance <= 0 && i + keys > queries ?")
                .bug("The query sees the key behind it", "distance < 0 ?", "distance < -1 ?")
                .bug("The distance is squared", "-slopes[h] * distance", "-slopes[h] * distance * distance")
                .bug(
                        "The slope is divided by the distance, so that near keys lose most",
                        "-slopes[h] * distance",
                        "-slopes[h] / (distance + 1)")
                .bug(Bug.of("The scores are multiplied by one plus the bias, and the bias should be added")
                        .replacing(
                                "scores.add(Tensor.of(bias, heads, queries, keys))",
                                "scores.mul(Tensor.of(bias, heads, queries, keys).maximum(Tensor.full(-1e9)).add(1))"))
                .bug(
                        "The bias is added after the softmax: rows no longer add up to 1",
                        "scores.add(",
                        "scores.softmax().add(")
                .variant("the paper's form: a slope times the key's place", """
                        int behind = scores.dim(3) - scores.dim(2);
                        float[] m = new float[slopes.length];
                        for (int h = 0; h < m.length; h++) {
                            m[h] = (float) slopes[h];
                        }
                        Tensor ramp = Tensor.arange(scores.dim(3)).to(scores.dtype()).sub(scores.dim(3));
                        Tensor biased = scores.add(Tensor.of(m, m.length, 1, 1).mul(ramp));
                        Tensor future = Tensor.ones(scores.dim(2), scores.dim(3)).triu(behind + 1);
                        return biased.maskedFill(future, Double.NEGATIVE_INFINITY).softmax(-1);
                        """)
                .variant("head by head and row by row", """
                        Tensor[] heads = new Tensor[scores.dim(1)];
                        int behind = scores.dim(3) - scores.dim(2);
                        for (int h = 0; h < heads.length; h++) {
                            Tensor[] rows = new Tensor[scores.dim(2)];
                            for (int i = 0; i < rows.length; i++) {
                                int seen = behind + i + 1;
                                Tensor row = scores.select(1, h).select(1, i).slice(1, 0, seen);
                                Tensor distances = Tensor.arange(seen).neg().add(seen - 1).to(scores.dtype());
                                Tensor p = row.sub(distances.mul(slopes[h])).softmax();
                                rows[i] = p.pad(new int[] {0, scores.dim(3) - seen, 0, 0}, 0);
                            }
                            heads[h] = Tensor.stack(1, rows);
                        }
                        return Tensor.stack(1, heads);
                        """)
                .hints(
                        "Which positions do the T queries have, if there are S keys?",
                        "Make the bias an array of H·T·S numbers: -∞ where the distance is below 0, else"
                                + " -slope·distance.",
                        "scores.add(Tensor.of(bias, H, T, S)).softmax(), with distance = i + S - T - j at place"
                                + " (h·T + i)·S + j.")
                .reading("The section \"A number for each distance\" of this lesson");
    }
}
