package gradus.lessons.gpt;

import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;

final class TiedLogitsExercise {
    private static final Part SAME = new Part("x → x", x -> x);
    private static final Part DOUBLED = new Part("x → 2x", x -> x.mul(2));
    private static final Part PLUS_ONE = new Part("x → x + 1", x -> x.add(1));
    private static final Part SQUARED = new Part("x → x²", Tensor::square);
    private static final Part SINE = new Part("x → x + sin x", x -> x.add(x.sin()));
    private static final Part LONG =
            new Part("x → x/√mean(x²)", x -> x.div(x.square().mean(-1, true).sqrt()));

    private TiedLogitsExercise() {}

    static Exercise exercise() {
        return Exercise.of(TiedLogits.class, "From tokens to logits with a tied head")
                .probe(
                        "one token, nothing between table and head",
                        "E[1] + P[0] = (0, 2) + (1, 0) = (1, 2); times the rows (1, 0), (0, 2), (1, 1): 1, 4, 3",
                        t -> t.call(
                                Indices.of(Shape.of(1, 1), new int[] {1}),
                                t.matrix(new double[] {1, 0}, new double[] {0, 2}, new double[] {1, 1}),
                                t.matrix(new double[] {1, 0}, new double[] {7, 7}),
                                List.of(),
                                SAME))
                .probe(
                        "the same token twice",
                        "one channel, E = (1, 2), P = (10, 20): x = 11 and 21 for token 0, so 11·(1, 2) and 21·(1, 2)",
                        t -> t.call(
                                Indices.of(Shape.of(1, 2), new int[] {0, 0}),
                                t.matrix(new double[] {1}, new double[] {2}),
                                t.matrix(new double[] {10}, new double[] {20}, new double[] {30}),
                                List.of(),
                                SAME))
                .probe(
                        "two blocks and a norm",
                        "x = 1 + 1 = 2; doubled 4, squared 16, plus one 17: logits 17·1 and 17·3",
                        t -> t.call(
                                Indices.of(Shape.of(1, 1), new int[] {0}),
                                t.matrix(new double[] {1}, new double[] {3}),
                                t.matrix(new double[] {1}),
                                List.of(DOUBLED, SQUARED),
                                PLUS_ONE))
                .probe("two sequences, and gradients", "E gets one from the head and one from the embedding", t -> {
                    Indices ids = t.indices(7, 2, 3);
                    t.callWithGradients(ids, t.normal(7, 4), t.normal(5, 4), List.of(SINE), LONG);
                    return null;
                })
                .probe("sequences as long as there are positions", "", t -> {
                    Indices ids = t.indices(5, 3, 4);
                    t.callWithGradients(ids, t.normal(5, 3), t.normal(4, 3), List.of(SINE, LONG, SQUARED), PLUS_ONE);
                    return null;
                })
                .bug("The positions are left out", ".add(positions.slice(0, 0, time))", "")
                .bug(
                        "The positions count from 1, not from 0",
                        "positions.slice(0, 0, time)",
                        "positions.roll(-1, 0).slice(0, 0, time)")
                .bug(
                        "Every position gets the first row of P",
                        "positions.slice(0, 0, time)",
                        "positions.slice(0, 0, 1)")
                .bug(
                        "Positions are looked up by the token's number, not by its place",
                        "positions.slice(0, 0, time)",
                        "Tensor.concat(0, positions, positions.mul(0), positions.mul(0)).embedding(ids)")
                .bug("The last norm is left out", "norm.apply(x)", "x")
                .bug(
                        "The last norm stands before the blocks",
                        "table.embedding(ids).add(positions.slice(0, 0, time)); // (B, T, C)",
                        "norm.apply(table.embedding(ids).add(positions.slice(0, 0, time)));\nnorm = each -> each;")
                .bug(
                        "Only the last block is applied to the embeddings: each block starts anew",
                        "x = block.apply(x);",
                        "x = block.apply(table.embedding(ids).add(positions.slice(0, 0, time)) );")
                .bug(
                        "The head's table is detached: E gets no gradient from the logits",
                        "table.transpose(0, 1)",
                        "table.detach().transpose(0, 1)")
                .bug(
                        "The embedding's table is detached: E gets no gradient from the blocks",
                        "table.embedding(ids)",
                        "table.detach().embedding(ids)")
                .bug("The blocks are left out", "x = block.apply(x);", "")
                .bug(
                        "The logits are made probabilities already",
                        "table.transpose(0, 1))",
                        "table.transpose(0, 1)).softmax()")
                .variant("sequence by sequence, rows by number", """
                        int batch = ids.shape().dim(0);
                        int time = ids.shape().dim(1);
                        int[] places = new int[batch * time];
                        for (int i = 0; i < places.length; i++) {
                            places[i] = i % time;
                        }
                        Tensor x = table.indexSelect(0, Indices.of(ids.values()))
                                .add(positions.indexSelect(0, Indices.of(places)))
                                .reshape(batch, time, table.dim(1));
                        for (int i = 0; i < blocks.size(); i++) {
                            x = blocks.get(i).apply(x);
                        }
                        return norm.apply(x).reshape(batch * time, table.dim(1)).matmul(table, false, true)
                                .reshape(batch, time, table.dim(0));
                        """)
                .variant("as a linear layer", """
                        int[] dims = ids.shape().dims();
                        Tensor onehot = Tensor.oneHot(ids, table.dim(0));
                        Tensor x = onehot.matmul(table).add(Tensor.eye(dims[1], positions.dim(0)).matmul(positions));
                        java.util.function.Function<Tensor, Tensor> all = each -> each;
                        for (UnaryOperator<Tensor> block : blocks) {
                            all = all.andThen(block);
                        }
                        return all.andThen(norm).apply(x).linear(table, null);
                        """)
                .hints(
                        "Which rows of P does a sequence of T tokens need, and how do they get to every sequence of the"
                                + " batch?",
                        "table.embedding(ids) is (B, T, C), positions.slice(0, 0, T) is (T, C) and broadcasts.",
                        "After the blocks: norm.apply(x).matmul(table.transpose(0, 1)).")
                .reading("The section \"From tokens to logits\" of this lesson");
    }
}
