package gradus.lessons.sinusoidal;

import gradus.lessons.learn.exercise.Exercise;

final class AddPositionsExercise {
    private AddPositionsExercise() {}

    static Exercise exercise() {
        return Exercise.of(AddPositions.class, "Add positions to embeddings")
                .forbid("embed")
                .probe(
                        "one token of four channels",
                        "√4 = 2: 2·1 + 10, 2·2 + 20, 2·3 + 30, 2·4 + 40",
                        t -> t.call(
                                t.tensor(new double[] {1, 2, 3, 4}, 1, 1, 4),
                                t.matrix(new double[] {10, 20, 30, 40}, new double[] {50, 60, 70, 80}),
                                0))
                .probe(
                        "two tokens from position 1 on",
                        "rows 1 and 2 of the table; one channel, so √C = 1",
                        t -> t.call(
                                t.tensor(new double[] {1, 2}, 1, 2, 1),
                                t.matrix(new double[] {10}, new double[] {20}, new double[] {30}),
                                1))
                .probe(
                        "a table that is just long enough",
                        "first + T = P",
                        t -> t.call(t.normal(2, 3, 5), t.normal(7, 5), 4))
                .probe(
                        "a table that is one row too short",
                        "the last token stands at first + T - 1 = 7, and the last row is for 6",
                        t -> {
                            t.refuses("positions 5 to 7 of 7", () -> t.call(t.normal(2, 3, 5), t.normal(7, 5), 5));
                            t.refuses("four of three", () -> t.call(t.normal(1, 4, 2), t.normal(3, 2), 0));
                            return null;
                        })
                .probe(
                        "several rows, and gradients",
                        "the gradient of the table adds up over the batch; other rows get 0",
                        t -> t.callWithGradients(t.normal(3, 4, 6), t.normal(9, 6), 2))
                .probe(
                        "from the beginning, with gradients",
                        "",
                        t -> t.callWithGradients(t.normal(2, 7, 3), t.normal(7, 3), 0))
                .bug("The embeddings are not multiplied by √C", "x.mul(Math.sqrt(x.dim(2)))", "x")
                .bug("The embeddings are divided by √C and should be multiplied", "x.mul(", "x.div(")
                .bug("The embeddings are multiplied by C and should be by √C", "Math.sqrt(x.dim(2))", "x.dim(2)")
                .bug(
                        "The positions are multiplied by √C too",
                        "x.mul(Math.sqrt(x.dim(2))).add(positions)",
                        "x.add(positions).mul(Math.sqrt(x.dim(2)))")
                .bug("The root is taken of the number of tokens, not of channels", "x.dim(2)", "x.dim(1)")
                .bug(
                        "The first token's position is forgotten: the rows are always the first ones",
                        "table.slice(0, first, first + time)",
                        "table.slice(0, 0, time)")
                .bug(
                        "The last rows of the table are taken, wherever the tokens stand",
                        "table.slice(0, first, first + time)",
                        "table.slice(0, table.dim(0) - time)")
                .bug(
                        "All tokens get the first one's row",
                        "table.slice(0, first, first + time)",
                        "table.slice(0, first, first + 1)")
                .bug(
                        "The table is cut off from the gradient, so that it cannot be learned",
                        "add(positions)",
                        "add(positions.detach())")
                .bug(
                        "A table that is just long enough is refused",
                        "first + time > table.dim(0)",
                        "first + time >= table.dim(0)")
                .variant("rows picked by number", """
                        int[] rows = new int[x.dim(1)];
                        for (int t = 0; t < rows.length; t++) {
                            rows[t] = first + t;
                            if (rows[t] >= table.dim(0)) {
                                throw new IllegalArgumentException("no row " + rows[t]);
                            }
                        }
                        Tensor picked = table.indexSelect(0, gradus.tensor.type.Indices.of(rows));
                        return picked.add(x.mul(Math.pow(x.dim(2), 0.5)));
                        """)
                .variant("token by token", """
                        if (x.dim(1) > table.dim(0) - first) {
                            throw new IllegalArgumentException("too long");
                        }
                        Tensor[] tokens = new Tensor[x.dim(1)];
                        for (int t = 0; t < tokens.length; t++) {
                            tokens[t] = x.select(1, t).mul(Math.sqrt(x.dim(2))).add(table.select(0, t + first));
                        }
                        return Tensor.stack(1, tokens);
                        """)
                .hints(
                        "Which rows of the table do the T tokens stand at?",
                        "table.slice(0, first, first + T) has the shape (T, C), and broadcasts over the batch.",
                        "x.mul(Math.sqrt(C)).add(table.slice(0, first, first + T)), after a check that the table"
                                + " is long"
                                + " enough.")
                .reading("The section \"Learned positions\" of this lesson");
    }
}
