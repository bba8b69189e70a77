package gradus.lessons.embeddings;

import gradus.lessons.bigram.BigramCounts;
import gradus.lessons.bigram.Lemmas;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.train.optimizer.Adam;
import gradus.train.optimizer.AdamConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Letters as points: learnt from nothing but their neighbours in words, letters that behave alike come to
/// lie together.
public final class EmbeddingsLesson {
    private static final int STEPS = 400;

    private EmbeddingsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Embeddings",
                EmbeddingsLesson.class,
                EmbeddingGradientExercise.exercise(),
                NeighboursExercise.exercise());
    }

    public static void main(String[] arguments) {
        twice();
        Tensor counts = Tensor.of(BigramCounts.counts(Lemmas.words())).to(DType.FLOAT32);
        Tensor wide = learn(counts, 8);
        double[][] table = rows(wide);
        for (char letter : new char[] {'a', 'i', 'n'}) {
            String nearest = Arrays.stream(Neighbours.nearest(table, letter - 'a' + 1, 3))
                    .mapToObj(i -> String.valueOf(Lemmas.letter(i)))
                    .sorted()
                    .collect(Collectors.joining(" "));
            System.out.println("nearest to " + letter + ": " + nearest);
        }
        picture(rows(learn(counts, 2)));
    }

    private static void twice() {
        Tensor table = Tensor.zeros(4, 2).requireGrad();
        Tensor rows = table.embedding(Indices.of(1, 3, 1));
        rows.backward(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
        for (int i = 0; i < 4; i++) {
            double[] row = table.grad().select(0, i).toArray();
            System.out.printf(Locale.ROOT, "gradient of row %d: %.0f %.0f%n", i, row[0], row[1]);
        }
    }

    /// A table of letters from which the letter after and the letter before are predicted. All pairs are one
    /// batch: the loss is the mean surprise, weighted by how often a pair occurs.
    private static Tensor learn(Tensor counts, int dim) {
        Rng rng = Rng.of(4);
        Tensor table =
                Tensor.randn(rng.at("table"), Lemmas.SYMBOLS, dim).mul(0.3).requireGrad();
        Tensor after =
                Tensor.randn(rng.at("after"), dim, Lemmas.SYMBOLS).mul(0.3).requireGrad();
        Tensor before =
                Tensor.randn(rng.at("before"), dim, Lemmas.SYMBOLS).mul(0.3).requireGrad();
        Tensor afterBias = Tensor.zeros(Lemmas.SYMBOLS).requireGrad();
        Tensor beforeBias = Tensor.zeros(Lemmas.SYMBOLS).requireGrad();
        Tensor forward = counts.div(counts.sum()); // (27, 27)
        Tensor backward = forward.transpose(0, 1);
        Adam optimizer = new Adam(
                List.of(table, after, before, afterBias, beforeBias),
                AdamConfig.defaults().withWeightDecay(0));
        double loss = 0;
        for (int step = 0; step < STEPS; step++) {
            try (var scope = Scope.open()) {
                Tensor next = table.matmul(after)
                        .add(afterBias)
                        .logSoftmax()
                        .mul(forward)
                        .sum();
                Tensor last = table.matmul(before)
                        .add(beforeBias)
                        .logSoftmax()
                        .mul(backward)
                        .sum();
                Tensor surprise = next.add(last).div(-2);
                optimizer.zeroGrad();
                surprise.backward();
                optimizer.step(0.03);
                loss = surprise.item();
            }
        }
        System.out.printf(Locale.ROOT, "%d numbers a letter: loss %.2f after %d steps%n", dim, loss, STEPS);
        return table.detach();
    }

    private static double[][] rows(Tensor table) {
        return table.unbind(0).stream().map(Tensor::toArray).toArray(double[][]::new);
    }

    private static void picture(double[][] table) {
        LinePlot plot = LinePlot.of("27 symbols as points of a plane", "first number", "second number");
        String[] groups = {"vowels: a e i o u", "consonants and y", "edge of a word"};
        for (int group = 0; group < 3; group++) {
            int wanted = group;
            double[][] points = IntStream.range(0, table.length)
                    .filter(i -> (i == 0 ? 2 : "aeiou".indexOf(Lemmas.letter(i)) >= 0 ? 0 : 1) == wanted)
                    .mapToObj(i -> table[i])
                    .toArray(double[][]::new);
            plot.points(
                    groups[group],
                    Arrays.stream(points).mapToDouble(p -> p[0]).toArray(),
                    Arrays.stream(points).mapToDouble(p -> p[1]).toArray());
        }
        plot.save("letters");
    }
}
