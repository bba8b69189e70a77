package gradus.lessons.contrastive;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.optimizer.Adam;
import gradus.train.optimizer.AdamConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/// An encoder that has never been told what a word means learns from pairs of texts which of them belong
/// together, although they share no word.
public final class ContrastiveLesson {
    private static final int CONCEPTS = 30;
    private static final int FILLERS = 10;
    private static final int EACH = 3; // concepts of a text
    private static final int DIM = 16;
    private static final int BATCH = 32;
    private static final int STEPS = 200;
    private static final int HELD_OUT = 200;

    private ContrastiveLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Contrastive learning: vectors that answer",
                ContrastiveLesson.class,
                MeanPoolingExercise.exercise(),
                InBatchLossExercise.exercise(),
                LateInteractionExercise.exercise());
    }

    public static void main(String[] arguments) {
        Pairs held = Pairs.drawn(Rng.of(1).at("held out"), HELD_OUT);
        LinePlot plot =
                LinePlot.of("the right passage is the nearest of 200", "tenths of the training", "part of the queries");
        plot.line("pulled together only", trained("no negatives", (q, p) -> apart(q, p), held));
        for (int scale : new int[] {20, 5, 1}) {
            plot.line(
                    "in-batch negatives, scale " + scale,
                    trained("scale " + scale, (q, p) -> InBatchLoss.loss(q, p, scale), held));
        }
        plot.save("contrastive-negatives");
        diluted();
    }

    /// How far the right pairs are from pointing the same way, and nothing else: `mean of 1 − cos(qᵢ, pᵢ)`.
    private static Tensor apart(Tensor q, Tensor p) {
        Tensor lengths = q.norm(2, 1, false).mul(p.norm(2, 1, false)); // (N)
        return q.mul(p).sum(1).div(lengths).neg().add(1).mean();
    }

    /// Queries and passages that belong together: the same concepts in other words, in any order.
    private record Pairs(Indices queries, Indices passages) {
        private static final int WORDS = 2 * CONCEPTS + FILLERS;

        static Pairs drawn(Rng rng, int count) {
            int[] queries = new int[count * EACH];
            int[] passages = new int[count * (EACH + 2)];
            for (int i = 0; i < count; i++) {
                Rng one = rng.at(i);
                int[] drawn = IntStream.iterate(0, k -> k + 1)
                        .map(k -> one.index(k, CONCEPTS))
                        .distinct()
                        .limit(EACH)
                        .toArray();
                for (int j = 0; j < EACH; j++) {
                    queries[i * EACH + j] = drawn[j]; // the first word for a concept
                    passages[i * (EACH + 2) + EACH - 1 - j] = CONCEPTS + drawn[j]; // the second word for it
                }
                for (int j = EACH; j < EACH + 2; j++) {
                    passages[i * (EACH + 2) + j] = 2 * CONCEPTS + one.index(1_000 + j, FILLERS);
                }
            }
            return new Pairs(
                    Indices.of(queries).reshape(count, EACH),
                    Indices.of(passages).reshape(count, EACH + 2));
        }
    }

    /// The mean of its words' rows of a table.
    private static Tensor encoded(Tensor table, Indices texts) {
        Tensor words = table.embedding(texts); // (B, T, C)
        return MeanPooling.pool(words, Tensor.ones(words.dim(0), words.dim(1))); // (B, C)
    }

    /// Trains the table from pairs of texts.
    ///
    /// @return before, and ten times on the way, how many of the held-out queries find their passage
    private static double[] trained(String name, BinaryOperator<Tensor> loss, Pairs held) {
        Tensor table = Tensor.randn(Rng.of(2), Pairs.WORDS, DIM).requireGrad();
        Adam optimizer = new Adam(List.of(table), AdamConfig.defaults().withWeightDecay(0));
        double[] found = new double[11];
        found[0] = recall(table, held);
        for (int step = 1; step <= STEPS; step++) {
            try (var scope = Scope.open()) {
                Pairs pairs = Pairs.drawn(Rng.of(3).at(step), BATCH);
                optimizer.zeroGrad();
                loss.apply(encoded(table, pairs.queries()), encoded(table, pairs.passages()))
                        .backward();
                optimizer.step(0.01);
            }
            if (step % (STEPS / 10) == 0) {
                found[step / (STEPS / 10)] = recall(table, held);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-13s before %.1f, half way %.1f, at the end %.1f; cosine with wrong passages %.1f%n",
                name + ":",
                found[0],
                found[5],
                found[10],
                wrong(table, held));
        return found;
    }

    /// For how many queries the nearest of all passages is the right one.
    private static double recall(Tensor table, Pairs held) {
        int[] nearest = cosines(table, held).argmax(1).values();
        return IntStream.range(0, nearest.length).filter(i -> nearest[i] == i).count() / (double) nearest.length;
    }

    /// The mean cosine of a query with the passages of others.
    private static double wrong(Tensor table, Pairs held) {
        Tensor cosines = cosines(table, held);
        double all = cosines.sum().item();
        double right = cosines.mul(Tensor.eye(HELD_OUT)).sum().item();
        return (all - right) / (HELD_OUT * (HELD_OUT - 1));
    }

    private static Tensor cosines(Tensor table, Pairs held) {
        try (var pause = Autograd.noGrad()) {
            Tensor q = encoded(table, held.queries());
            Tensor p = encoded(table, held.passages());
            return q.div(q.norm(2, 1, true)).matmul(p.div(p.norm(2, 1, true)), false, true); // (N, N)
        }
    }

    /// One token of the passage answers the question; more and more others stand beside it.
    private static void diluted() {
        double[] asked = {1, 0, 0};
        for (int others : new int[] {0, 2, 8}) {
            double[][] passage = new double[1 + others][];
            Arrays.fill(passage, new double[] {0, 0.6, 0.8});
            passage[others / 2] = asked;
            double[] mean = new double[3];
            for (double[] token : passage) {
                for (int c = 0; c < 3; c++) {
                    mean[c] += token[c] / passage.length;
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d other tokens: MaxSim %.2f, cosine with the mean %.2f%n",
                    others,
                    LateInteraction.score(new double[][] {asked}, passage),
                    LateInteraction.score(new double[][] {asked}, new double[][] {mean}));
        }
    }
}
