package gradus.lessons.contrastive;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class LateInteractionExercise {
    private LateInteractionExercise() {}

    static Exercise exercise() {
        return Exercise.of(LateInteraction.class, "MaxSim: late interaction")
                .tolerance(1e-9)
                .forbid("MaxSim")
                .probe("a token each", "cos((1, 0), (3, 4)) = 3/5", t -> t.call(rows(row(1, 0)), rows(row(3, 4))))
                .probe(
                        "two tokens, each has its own",
                        "1 + 1 = 2",
                        t -> t.call(rows(row(1, 0), row(0, 1)), rows(row(0, 7), row(5, 0))))
                .probe(
                        "a long document",
                        "the tokens that fit nothing do not matter: 1",
                        t -> t.call(rows(row(1, 0, 0)), rows(row(0, 1, 0), row(2, 0, 0), row(0, 0, 9), row(0, 4, 3))))
                .probe(
                        "two tokens choose the same",
                        "1 + 3/5: a token may be chosen twice",
                        t -> t.call(rows(row(1, 0), row(3, 4)), rows(row(2, 0), row(0, -1))))
                .probe(
                        "nothing fits",
                        "the best is below 0: −3/5",
                        t -> t.call(rows(row(1, 0)), rows(row(-3, 4), row(-4, 3))))
                .probe(
                        "more tokens than the document has",
                        "1 + 1 + 3/5",
                        t -> t.call(rows(row(1, 0), row(2, 0), row(3, 4)), rows(row(6, 0))))
                .probe(
                        "a long vector that fits badly",
                        "(100, 100) has the larger product, and the smaller cosine: 1",
                        t -> t.call(rows(row(1, 0)), rows(row(100, 100), row(0.01, 0))))
                .probe("five tokens and nine", "", t -> t.call(t.normals(5, 3), t.normals(9, 3)))
                .probe("nine and five", "", t -> t.call(t.normals(9, 4), t.normals(5, 4)))
                .probe("of unlike lengths", "", LateInteractionExercise::unlike)
                .bug(
                        "The best likeness begins at 0: what fits badly costs nothing",
                        "double best = Double.NEGATIVE_INFINITY;",
                        "double best = 0;")
                .bug(
                        "All pairs are summed, not the best of each",
                        "best = Math.max(best, dot / Math.sqrt(ours) / Math.sqrt(theirs));",
                        "best = (best == Double.NEGATIVE_INFINITY ? 0 : best) + dot / Math.sqrt(ours) / Math.sqrt(theirs);")
                .bug(Bug.of("Query and document are exchanged: each token of the document looks for one of the query")
                        .replacing("double[] asked : query", "double[] asked : document")
                        .replacing("double[] found : document", "double[] found : query"))
                .bug(
                        "The sum is divided by the number of the query's tokens",
                        "return score;",
                        "return score / query.length;")
                .bug(
                        "Products are taken for cosines: long vectors win",
                        "dot / Math.sqrt(ours) / Math.sqrt(theirs)",
                        "dot")
                .bug(
                        "Only the best of all pairs counts",
                        "score += best;",
                        "score = asked == query[0] ? best : Math.max(score, best);")
                .bug(
                        "The worst likeness is taken, not the best",
                        "Math.max(best, dot / Math.sqrt(ours) / Math.sqrt(theirs))",
                        "best == Double.NEGATIVE_INFINITY ? dot / Math.sqrt(ours * theirs) : Math.min(best, dot / Math.sqrt(ours * theirs))")
                .bug(
                        "Tokens are compared with the one at the same place only",
                        "for (double[] found : document) {",
                        "for (double[] found : new double[][] {document[Math.min(java.util.Arrays.asList(query).indexOf(asked), document.length - 1)]}) {")
                .bug(
                        "The product is divided by the squares of the lengths: the root is missing",
                        "dot / Math.sqrt(ours) / Math.sqrt(theirs)",
                        "dot / ours / theirs")
                .bug("Opposite vectors count as alike", "Math.max(best, dot", "Math.max(best, Math.abs(dot)")
                .variant("vectors of length 1 first", """
                        double[][][] unit = {query, document};
                        for (int side = 0; side < 2; side++) {
                            double[][] rows = new double[unit[side].length][];
                            for (int i = 0; i < rows.length; i++) {
                                double length = Math.sqrt(java.util.Arrays.stream(unit[side][i]).map(x -> x * x).sum());
                                rows[i] = java.util.Arrays.stream(unit[side][i]).map(x -> x / length).toArray();
                            }
                            unit[side] = rows;
                        }
                        double[] best = new double[query.length];
                        java.util.Arrays.fill(best, -2);
                        for (double[] found : unit[1]) {
                            for (int t = 0; t < best.length; t++) {
                                double cosine = 0;
                                for (int c = 0; c < found.length; c++) {
                                    cosine += unit[0][t][c] * found[c];
                                }
                                best[t] = cosine > best[t] ? cosine : best[t];
                            }
                        }
                        return java.util.Arrays.stream(best).sum();
                        """)
                .variant("by streams", """
                        return java.util.Arrays.stream(query)
                                .mapToDouble(q -> java.util.Arrays.stream(document)
                                        .mapToDouble(d -> {
                                            double dot = 0;
                                            double squares = 0;
                                            for (int c = 0; c < d.length; c++) {
                                                dot += q[c] * d[c];
                                                squares += d[c] * d[c];
                                            }
                                            return dot / Math.sqrt(squares);
                                        })
                                        .max()
                                        .getAsDouble()
                                        / Math.sqrt(java.util.Arrays.stream(q).map(x -> x * x).sum()))
                                .sum();
                        """)
                .hints(
                        "Two loops, one in the other, and a third for the cosine. Which is the outer one: over the query or"
                                + " over the document?",
                        "For each token of the query keep the best cosine so far. All cosines may lie below 0, so what"
                                + " must it begin with?",
                        "best = Double.NEGATIVE_INFINITY; best = Math.max(best, dot / (length · length)); after the inner"
                                + " loop score += best.")
                .reading("The section \"Late interaction\" of this lesson; Khattab & Zaharia 2020, section 3.3");
    }

    private static Object unlike(Trial t) {
        double[][] query = t.normals(4, 3);
        double[][] document = t.normals(6, 3);
        double[] lengths = t.normals(6);
        for (int s = 0; s < document.length; s++) {
            for (int c = 0; c < 3; c++) {
                document[s][c] *= Math.exp(2 * lengths[s]);
            }
        }
        return t.call(query, document);
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[][] rows(double[]... rows) {
        return rows;
    }
}
