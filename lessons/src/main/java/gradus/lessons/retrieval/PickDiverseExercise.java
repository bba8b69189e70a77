package gradus.lessons.retrieval;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class PickDiverseExercise {
    private PickDiverseExercise() {}

    static Exercise exercise() {
        return Exercise.of(PickDiverse.class, "Maximal marginal relevance")
                .tolerance(1e-9)
                .forbid("Mmr", "MaximalMarginalRelevance")
                .probe(
                        "one of three",
                        "nothing is picked yet: the one most like the question, 1",
                        t -> t.call(row(0.2, 0.9, 0.5), apart(3), 0.5, 1))
                .probe(
                        "a twin",
                        "0 first; then 1 is worth 0.5·0.8 − 0.5·1 = −0.1, and 2 is worth 0.5·0.3 − 0 = 0.15: [0, 2]",
                        t -> t.call(row(0.9, 0.8, 0.3), rows(row(1, 1, 0), row(1, 1, 0), row(0, 0, 1)), 0.5, 2))
                .probe(
                        "λ = 1",
                        "the question alone: [2, 0, 1], twins or not",
                        t -> t.call(row(0.6, 0.1, 0.7), rows(row(1, 1, 1), row(1, 1, 1), row(1, 1, 1)), 1.0, 3))
                .probe(
                        "λ = 0",
                        "at first all are worth 0, so 0; then the one least like it, 2; then 1 and 3: the nearest of"
                                + " what is picked counts",
                        t -> t.call(
                                row(0.1, 0.9, 0.2, 0.8),
                                rows(
                                        row(1, 0.5, -0.5, 0.2),
                                        row(0.5, 1, 0.1, 0),
                                        row(-0.5, 0.1, 1, 0.6),
                                        row(0.2, 0, 0.6, 1)),
                                0.0,
                                4))
                .probe(
                        "unlike all that is picked",
                        "a likeness below 0 adds: 2 is worth 0.5·0.1 + 0.5·0.9, 1 only 0.5·0.4: [0, 2, 1]",
                        t -> t.call(row(0.9, 0.4, 0.1), rows(row(1, 0, -0.9), row(0, 1, 0), row(-0.9, 0, 1)), 0.5, 3))
                .probe(
                        "like the first, unlike the second",
                        "the nearest of all that is picked counts, not the last and not the mean: [0, 1, 3, 2]",
                        t -> t.call(
                                row(1, 0.9, 0.8, 0.5),
                                rows(row(1, 0, 0.9, 0.4), row(0, 1, 0, 0.4), row(0.9, 0, 1, 0), row(0.4, 0.4, 0, 1)),
                                0.5,
                                4))
                .probe(
                        "like two of them a little",
                        "the nearest counts, not the sum: 2 is worth 0.5·0.6 − 0.5·0.4 = 0.1, 3 is worth 0.5·0.5 −"
                                + " 0.5·0.5 = 0: [0, 1, 2, 3]",
                        t -> t.call(
                                row(1, 0.9, 0.6, 0.5),
                                rows(row(1, 0, 0.4, 0.5), row(0, 1, 0.4, 0), row(0.4, 0.4, 1, 0), row(0.5, 0, 0, 1)),
                                0.5,
                                4))
                .probe("equals", "the lower number first", t -> t.call(row(0.5, 0.5, 0.5, 0.5), apart(4), 0.7, 3))
                .probe("none", "", t -> t.call(row(0.5, 0.2), apart(2), 0.5, 0))
                .probe("nothing fits", "all are below 0", t -> t.call(row(-0.9, -0.2, -0.6), apart(3), 0.9, 2))
                .probe("ten passages, λ = 0.7", "", t -> drawn(t, 10, 0.7, 6))
                .probe("twelve, λ = 0.3", "", t -> drawn(t, 12, 0.3, 12))
                .probe("another twelve, λ = 0.5", "", t -> drawn(t, 12, 0.5, 9))
                .bug(
                        "λ and 1 − λ are exchanged",
                        "lambda * toQuestion[d] - (1 - lambda) * like",
                        "(1 - lambda) * toQuestion[d] - lambda * like")
                .bug(
                        "The likeness to what is picked is added, not taken off: twins come first",
                        "- (1 - lambda) * like",
                        "+ (1 - lambda) * like")
                .bug(
                        "Only the passage picked last is looked at",
                        "for (int i = 0; i < place; i++)",
                        "for (int i = Math.max(0, place - 1); i < place; i++)")
                .bug(
                        "Only the passage picked first is looked at",
                        "for (int i = 0; i < place; i++)",
                        "for (int i = 0; i < Math.min(place, 1); i++)")
                .bug(Bug.of("The likenesses to all that is picked are summed, not the largest taken")
                        .replacing("double like = place == 0 ? 0 : -1;", "double like = 0;")
                        .replacing("like = Math.max(like, between[d][picked[i]])", "like += between[d][picked[i]]"))
                .bug(Bug.of("The mean likeness to all that is picked is taken, not the largest")
                        .replacing("double like = place == 0 ? 0 : -1;", "double like = 0;")
                        .replacing(
                                "like = Math.max(like, between[d][picked[i]])",
                                "like += between[d][picked[i]] / place"))
                .bug(Bug.of("The smallest likeness to what is picked is taken, not the largest")
                        .replacing("place == 0 ? 0 : -1", "place == 0 ? 0 : 1")
                        .replacing("Math.max(like", "Math.min(like"))
                .bug(
                        "A likeness below 0 counts as 0: passages that say the opposite get no credit for it",
                        "place == 0 ? 0 : -1",
                        "0")
                .bug("λ does not weigh the likeness to what is picked", "(1 - lambda) * like", "like")
                .bug("A passage is picked again", "if (taken[d]) {", "if (taken[d] && lambda < 0) {")
                .bug("Of equals the one with the higher number is picked", "gain > most", "gain >= most")
                .bug(
                        "The numbers come back sorted, not in the order in which they were picked",
                        "return picked;",
                        "java.util.Arrays.sort(picked); return picked;")
                .bug(
                        "What is unlike the question wins the first place: the least is taken",
                        "gain > most",
                        "gain < most")
                .variant("the likeness to what is picked kept and raised", """
                        int n = toQuestion.length;
                        double[] nearest = new double[n];
                        java.util.List<Integer> left = new java.util.ArrayList<>();
                        for (int d = 0; d < n; d++) {
                            left.add(d);
                        }
                        int[] order = new int[k];
                        for (int place = 0; place < k; place++) {
                            int best = left.getFirst();
                            for (int d : left) {
                                double worth = lambda * toQuestion[d] - (1 - lambda) * nearest[d];
                                double record = lambda * toQuestion[best] - (1 - lambda) * nearest[best];
                                best = worth > record ? d : best;
                            }
                            order[place] = best;
                            left.remove(Integer.valueOf(best));
                            for (int d : left) {
                                double like = between[d][best];
                                nearest[d] = place == 0 || like > nearest[d] ? like : nearest[d];
                            }
                        }
                        return order;
                        """)
                .variant("by streams", """
                        java.util.List<Integer> order = new java.util.ArrayList<>();
                        while (order.size() < k) {
                            java.util.function.IntToDoubleFunction worth = d -> lambda * toQuestion[d]
                                    - (1 - lambda)
                                            * order.stream().mapToDouble(e -> between[d][e]).max().orElse(0);
                            double most = java.util.stream.IntStream.range(0, toQuestion.length)
                                    .filter(d -> !order.contains(d))
                                    .mapToDouble(worth)
                                    .max()
                                    .getAsDouble();
                            order.add(java.util.stream.IntStream.range(0, toQuestion.length)
                                    .filter(d -> !order.contains(d) && worth.applyAsDouble(d) == most)
                                    .findFirst()
                                    .getAsInt());
                        }
                        return order.stream().mapToInt(i -> i).toArray();
                        """)
                .hints(
                        "What is a passage worth that says just what one of the picked passages says, and fits the question"
                                + " well?",
                        "Three loops: over the places, over the passages not picked yet, over what is picked. The innermost"
                                + " finds the largest likeness; it may lie below 0.",
                        "gain = lambda * toQuestion[d] - (1 - lambda) * like, with like = 0 while nothing is picked; keep"
                                + " the first d whose gain is larger than all before.")
                .reading("The section \"Not the same twice\" of this lesson; Carbonell & Goldstein 1998");
    }

    private static Object drawn(Trial t, int count, double lambda, int k) {
        double[][] vectors = t.normals(count + 1, 3);
        double[] toQuestion = new double[count];
        double[][] between = new double[count][count];
        for (int d = 0; d < count; d++) {
            toQuestion[d] = cosine(vectors[d], vectors[count]);
            for (int e = 0; e < count; e++) {
                between[d][e] = cosine(vectors[d], vectors[e]);
            }
        }
        return t.call(toQuestion, between, lambda, k);
    }

    private static double cosine(double[] a, double[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int c = 0; c < a.length; c++) {
            dot += a[c] * b[c];
            aa += a[c] * a[c];
            bb += b[c] * b[c];
        }
        return dot / Math.sqrt(aa * bb);
    }

    /// Passages that have nothing in common.
    private static double[][] apart(int count) {
        double[][] between = new double[count][count];
        for (int d = 0; d < count; d++) {
            between[d][d] = 1;
        }
        return between;
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[][] rows(double[]... rows) {
        return rows;
    }
}
