package gradus.lessons.embeddings;

import gradus.lessons.learn.exercise.Exercise;

final class EmbeddingGradientExercise {
    private EmbeddingGradientExercise() {}

    static Exercise exercise() {
        return Exercise.of(EmbeddingGradient.class, "The gradient of a lookup")
                .tolerance(1e-9)
                .probe(
                        "one position",
                        "row 1 gets (5, 6), row 0 and row 2 nothing",
                        t -> t.call(3, ints(1), rows(row(5, 6)), -1))
                .probe(
                        "a token that occurs twice",
                        "row 1 gets 5 + 7 = 12",
                        t -> t.call(2, ints(1, 1), rows(row(5), row(7)), -1))
                .probe(
                        "two tokens, one of them three times",
                        "row 0 gets 1 + 3 + 4, row 2 gets 2",
                        t -> t.call(3, ints(0, 2, 0, 0), rows(row(1), row(2), row(3), row(4)), -1))
                .probe(
                        "padding",
                        "token 0 is padding: it gets nothing, token 1 gets 2",
                        t -> t.call(2, ints(0, 1, 0), rows(row(1), row(2), row(3)), 0))
                .probe(
                        "padding in the middle of the vocabulary",
                        "tokens 0 and 2 get theirs",
                        t -> t.call(4, ints(2, 1, 0, 1), rows(row(1, 2), row(3, 4), row(5, 6), row(7, 8)), 1))
                .probe(
                        "token 0 without padding",
                        "it is a token like any other",
                        t -> t.call(2, ints(0, 0), rows(row(1, 2), row(3, -4)), -1))
                .probe("many positions", "", t -> t.call(5, t.ints(5, 23), t.normals(23, 3), -1))
                .probe("many positions with padding", "", t -> t.call(6, t.ints(6, 40), t.normals(40, 4), 3))
                .bug("The last occurrence of a token replaces the others", "+= g[n][c]", "= g[n][c]")
                .bug(
                        "Only the first occurrence of a token counts",
                        "gradient[ids[n]][c] += g[n][c];",
                        "if (gradient[ids[n]][c] == 0) {\n    gradient[ids[n]][c] = g[n][c];\n}")
                .bug(
                        "The gradient is averaged over all positions; the loss has done so already if it is a mean",
                        "+= g[n][c]",
                        "+= g[n][c] / ids.length")
                .bug(
                        "The gradients of a token are averaged over its occurrences, not added up",
                        "gradient[ids[n]][c] += g[n][c];",
                        "int of = ids[n];\ngradient[of][c] += g[n][c] /"
                                + " java.util.Arrays.stream(ids).filter(id -> id == of).count();")
                .bug("Padding gets a gradient", "ids[n] != padding", "ids[n] >= 0")
                .bug("Token 0 is taken for padding, whatever padding is", "ids[n] != padding", "ids[n] != 0")
                .bug(
                        "The gradient stands at the position, not at the token that was taken",
                        "gradient[ids[n]][c]",
                        "gradient[n % vocabulary][c]")
                .variant("token by token", """
                        double[][] d = new double[vocabulary][];
                        for (int token = 0; token < vocabulary; token++) {
                            d[token] = new double[g[0].length];
                            for (int n = ids.length - 1; n >= 0; n--) {
                                for (int c = 0; c < d[token].length; c++) {
                                    d[token][c] += ids[n] == token && token != padding ? g[n][c] : 0;
                                }
                            }
                        }
                        return d;
                        """)
                .variant("all rows, and padding's emptied", """
                        int dim = g[0].length;
                        double[][] sums = new double[vocabulary][dim];
                        int n = 0;
                        for (int id : ids) {
                            double[] row = g[n++];
                            java.util.Arrays.setAll(sums[id], c -> sums[id][c] + row[c]);
                        }
                        if (padding >= 0 && padding < vocabulary) {
                            java.util.Arrays.fill(sums[padding], 0);
                        }
                        return sums;
                        """)
                .hints(
                        "A lookup copies a row. What is the gradient of something that was copied to two places?",
                        "Go over the positions, and add g[n] to the row of the token at n.",
                        "gradient[ids[n]][c] += g[n][c], unless ids[n] is padding.")
                .reading("The section \"Forward a lookup, backward a sum\" of this lesson");
    }

    private static int[] ints(int... values) {
        return values;
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[][] rows(double[]... rows) {
        return rows;
    }
}
