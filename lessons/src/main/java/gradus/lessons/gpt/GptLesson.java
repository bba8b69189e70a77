package gradus.lessons.gpt;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Locale;

/// A small GPT taken apart: its tensors, its logits, its cost.
public final class GptLesson {
    private GptLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "The whole GPT",
                GptLesson.class,
                GptBlockExercise.exercise(),
                TiedLogitsExercise.exercise(),
                GptSizeExercise.exercise(),
                TrainingCostExercise.exercise());
    }

    public static void main(String[] arguments) {
        Gpt gpt = new Gpt(new GptConfig(65, 16, 1, 2, 8, 0.0), Rng.of(1)).eval();
        gpt.namedParameters().forEach(GptLesson::print);
        System.out.println("together " + gpt.parameterCount());
        Indices ids = Indices.of(Shape.of(1, 3), new int[] {7, 1, 2});
        Tensor logits = gpt.forward(ids);
        System.out.println("3 tokens give logits " + logits.shape());
        double loss = logits.reshape(3, 65).crossEntropy(Indices.of(1, 2, 3)).item();
        System.out.printf(Locale.ROOT, "loss before any training %.2f, ln 65 = %.2f%n", loss, Math.log(65));
        sizes();
        cost();
    }

    private static void print(String name, Tensor parameter) {
        System.out.printf("%-22s %s%n", name, parameter.shape());
    }

    private static void sizes() {
        System.out.println("GPT-2's sizes, 50257 tokens and 1024 positions:");
        int[][] sizes = {{12, 768}, {24, 1024}, {36, 1280}, {48, 1600}};
        for (int[] size : sizes) {
            long count = new GptConfig(50257, 1024, size[0], size[1] / 64, size[1], 0.0).gpt2ParameterCount();
            double table = 100.0 * 50257 * size[1] / count;
            System.out.printf(
                    Locale.ROOT,
                    "%d layers, %4d channels: %,d parameters, %.0f %% of them the table%n",
                    size[0],
                    size[1],
                    count,
                    table);
        }
    }

    /// The part of attention's own products in what a token costs, for the smallest GPT-2.
    private static void cost() {
        double[] times = new double[60];
        double[] parts = new double[60];
        for (int i = 0; i < times.length; i++) {
            times[i] = 128 * Math.pow(2, i / 59.0 * 9);
            double attention = 12.0 * 12 * 768 * times[i];
            parts[i] = attention / (attention + 6.0 * (124_439_808 - 786_432));
        }
        LinePlot.of("attention's part in a token's cost, GPT-2 small", "tokens in the sequence", "part")
                .logarithmicX()
                .line("scores and weighted sums", times, parts)
                .save("gpt-cost");
    }
}
