package gradus.lessons.accumulation;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.optimizer.Clip;
import java.util.List;
import java.util.Locale;

/// One large batch in parts, and one bad batch among good ones.
public final class AccumulationLesson {
    private AccumulationLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Clipping and accumulation",
                AccumulationLesson.class,
                ClippedGradientsExercise.exercise(),
                AccumulatedLossExercise.exercise(),
                AccumulatedStepExercise.exercise());
    }

    public static void main(String[] arguments) {
        accumulation();
        clipping();
    }

    /// Twelve tokens as one batch, and as batches of 2 and 10.
    private static void accumulation() {
        Tensor inputs = Tensor.randn(Rng.of(1), 12, 3);
        Indices targets = Indices.of(0, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1);
        Tensor weight = Tensor.zeros(3, 4).requireGrad();
        inputs.matmul(weight).crossEntropy(targets).backward();
        print("one batch of 12:               ", weight);
        for (boolean byTokens : new boolean[] {true, false}) {
            weight.zeroGrad();
            for (int[] part : new int[][] {{0, 2}, {2, 12}}) {
                int[] some = java.util.Arrays.copyOfRange(targets.values(), part[0], part[1]);
                Tensor loss = inputs.slice(0, part[0], part[1]).matmul(weight).crossEntropy(Indices.of(some));
                loss.mul(byTokens ? some.length / 12.0 : 0.5).backward();
            }
            print(byTokens ? "2 and 10, mean over tokens:    " : "2 and 10, mean of the two means:", weight);
        }
    }

    private static void print(String what, Tensor weight) {
        double[] g = weight.grad().toArray();
        System.out.printf(Locale.ROOT, "%-33s %.3f %.3f %.3f %.3f%n", what, g[0], g[1], g[2], g[3]);
    }

    /// A line through noisy points; batch 30 has a target that is a thousand times too large.
    private static void clipping() {
        LinePlot plot = LinePlot.of("one bad batch, at step 30", "step", "loss").logarithmicY();
        for (boolean clipped : new boolean[] {false, true}) {
            Tensor weight = Tensor.zeros(4, 1).requireGrad();
            Tensor truth = Tensor.of(new float[] {1, -2, 3, 0.5f}, 4, 1);
            Tensor all = Tensor.randn(Rng.of(7), 256, 4);
            double[] losses = new double[80];
            double norm = 0;
            double largest = 0;
            for (int step = 0; step < losses.length; step++) {
                losses[step] = all.matmul(weight.sub(truth)).square().mean().item() + 1e-4;
                Tensor x = Tensor.randn(Rng.of(100 + step), 16, 4);
                Tensor y = x.matmul(truth).mul(step == 30 ? 1000 : 1);
                weight.zeroGrad();
                x.matmul(weight).sub(y).square().mean().backward();
                norm = clipped ? Clip.clipGradNorm(List.of(weight), 2) : Clip.gradNorm(List.of(weight));
                largest = Math.max(largest, norm);
                weight.copyFrom(weight.detach().sub(weight.grad().mul(0.05)));
            }
            plot.line(clipped ? "clipped at 2" : "as it is", losses);
            System.out.printf(
                    Locale.ROOT,
                    "%-13s largest norm %.0f; loss before the bad batch %.3f, after it %.3f, at the end %.3f%n",
                    clipped ? "clipped at 2:" : "as it is:",
                    largest,
                    losses[30],
                    losses[31],
                    losses[79]);
        }
        plot.save("accumulation-bad-batch");
    }
}
