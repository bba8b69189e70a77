package gradus.lessons.mlp;

import gradus.lessons.bigram.Lemmas;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.optimizer.Adam;
import gradus.train.optimizer.AdamConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A network that sees the last letters of a word at once learns to spell better than pairs do.
public final class MlpLesson {
    private static final int DIM = 10;
    private static final int HIDDEN = 64;
    private static final int BATCH = 128;
    private static final int STEPS = 600;

    private MlpLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "An MLP model of words", MlpLesson.class, ContextsExercise.exercise(), CharMlpExercise.exercise());
    }

    public static void main(String[] arguments) {
        List<String> words = Lemmas.words();
        List<String> heldOut = words.subList(words.size() - 2000, words.size());
        List<String> training = words.subList(0, words.size() - 2000);
        LinePlot plot = LinePlot.of("loss on the way, contexts of 1 and of 4 letters", "step", "loss per letter");
        List<Tensor> last = List.of();
        for (int block : new int[] {1, 2, 4}) {
            int[][] examples = Contexts.examples(training, block);
            double[] losses = new double[STEPS];
            last = train(examples, block, losses);
            System.out.printf(
                    Locale.ROOT,
                    "context of %d: %d examples, %d parameters, loss on words held out %.2f%n",
                    block,
                    examples.length,
                    last.stream().mapToInt(Tensor::size).sum(),
                    loss(last, Contexts.examples(heldOut, block)));
            if (block != 2) {
                smoothed(plot, block, losses);
            }
        }
        plot.save("mlp-loss");
        surprise(last, "nation");
        surprise(last, "xqjzk");
    }

    private static List<Tensor> train(int[][] examples, int block, double[] losses) {
        List<Tensor> parameters = start(block);
        Adam optimizer = new Adam(parameters, AdamConfig.defaults().withWeightDecay(0));
        Rng rng = Rng.of(2);
        for (int step = 0; step < losses.length; step++) {
            int[][] batch = new int[BATCH][];
            for (int i = 0; i < BATCH; i++) {
                batch[i] = examples[rng.index((long) step * BATCH + i, examples.length)];
            }
            try (var scope = Scope.open()) {
                Tensor loss = crossEntropy(parameters, batch);
                optimizer.zeroGrad();
                loss.backward();
                optimizer.step(step < STEPS * 2 / 3 ? 0.01 : 0.002);
                losses[step] = loss.item();
            }
        }
        return parameters;
    }

    /// The table, w1, b1, w2 and b2: small random numbers, so that tanh is not flat and no symbol is favoured.
    private static List<Tensor> start(int block) {
        Rng rng = Rng.of(1);
        int wide = block * DIM;
        return List.of(
                Tensor.randn(rng.at("table"), Lemmas.SYMBOLS, DIM).requireGrad(),
                Tensor.randn(rng.at("w1"), wide, HIDDEN)
                        .mul(1 / Math.sqrt(wide))
                        .requireGrad(),
                Tensor.zeros(HIDDEN).requireGrad(),
                Tensor.randn(rng.at("w2"), HIDDEN, Lemmas.SYMBOLS).mul(0.01).requireGrad(),
                Tensor.zeros(Lemmas.SYMBOLS).requireGrad());
    }

    private static Tensor crossEntropy(List<Tensor> p, int[][] examples) {
        int block = examples[0].length - 1;
        int[] contexts = Arrays.stream(examples)
                .flatMapToInt(row -> Arrays.stream(row, 0, block))
                .toArray();
        int[] targets = Arrays.stream(examples).mapToInt(row -> row[block]).toArray();
        Indices ids = Indices.of(Shape.of(examples.length, block), contexts);
        return CharMlp.logits(p.get(0), p.get(1), p.get(2), p.get(3), p.get(4), ids)
                .crossEntropy(Indices.of(targets));
    }

    private static double loss(List<Tensor> parameters, int[][] examples) {
        try (var scope = Scope.open();
                var none = Autograd.noGrad()) {
            return crossEntropy(parameters, examples).item();
        }
    }

    /// Each point is the mean of 50 steps.
    private static void smoothed(LinePlot plot, int block, double[] losses) {
        int points = losses.length / 50;
        double[] steps = new double[points];
        double[] means = new double[points];
        for (int i = 0; i < points; i++) {
            steps[i] = 50 * i + 25;
            means[i] = Arrays.stream(losses, 50 * i, 50 * i + 50).average().orElseThrow();
        }
        plot.line("context of " + block, steps, means);
    }

    /// How well a word is spelt, in the model's eyes.
    private static void surprise(List<Tensor> parameters, String word) {
        System.out.printf(
                Locale.ROOT,
                "\"%s\" costs %.1f per letter%n",
                word,
                loss(parameters, Contexts.examples(List.of(word), 4)));
    }
}
