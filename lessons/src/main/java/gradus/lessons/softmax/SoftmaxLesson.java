package gradus.lessons.softmax;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What softmax does with scores, hot and cold, and what cross-entropy makes of it.
public final class SoftmaxLesson {
    private static final float[] SCORES = {2, 1, 0, -1};

    private SoftmaxLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Softmax and cross-entropy",
                SoftmaxLesson.class,
                SoftmaxExercise.exercise(),
                CrossEntropyExercise.exercise(),
                LogSoftmaxBackwardExercise.exercise());
    }

    public static void main(String[] arguments) {
        temperature();
        overflow();
        crossEntropy();
    }

    private static void temperature() {
        Tensor scores = Tensor.of(SCORES, 4);
        for (double temperature : new double[] {0.1, 1, 10}) {
            print("T = " + temperature + ": ", scores.div(temperature).softmax());
        }
        double[] temperatures = new double[60];
        double[][] probabilities = new double[4][60];
        for (int i = 0; i < 60; i++) {
            temperatures[i] = 0.1 * Math.pow(100, i / 59.0);
            double[] p = scores.div(temperatures[i]).softmax().toArray();
            for (int j = 0; j < 4; j++) {
                probabilities[j][i] = p[j];
            }
        }
        LinePlot plot = LinePlot.of("softmax of 2, 1, 0, -1", "temperature", "probability")
                .logarithmicX();
        for (int j = 0; j < 4; j++) {
            plot.line("score " + (int) SCORES[j], temperatures, probabilities[j]);
        }
        plot.save("softmax-temperature");
    }

    private static void overflow() {
        Tensor large = Tensor.of(new float[] {1000, 999}, 2);
        Tensor powers = large.exp();
        print("scores 1000 and 999, as the equation says:   ", powers.div(powers.sum()));
        print("scores 1000 and 999, less the largest first: ", large.softmax());
    }

    private static void crossEntropy() {
        double loss = Tensor.zeros(1, 65).crossEntropy(Indices.of(7)).item();
        System.out.printf(
                Locale.ROOT,
                "a model that has learnt nothing, 65 tokens: loss %.3f, and ln 65 = %.3f%n",
                loss,
                Math.log(65));
        Tensor scores = Tensor.of(SCORES, 1, 4).requireGrad();
        scores.crossEntropy(Indices.of(1)).backward();
        print("gradient of the scores 2, 1, 0, -1 where token 1 came: ", scores.grad());
    }

    private static void print(String what, Tensor numbers) {
        String text = Arrays.stream(numbers.toArray())
                .mapToObj(p -> String.format(Locale.ROOT, "%.3f", p))
                .collect(Collectors.joining(" "));
        System.out.printf("%-10s%s%n", what, text);
    }
}
