package gradus.lessons.lora;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.List;
import java.util.Locale;

/// What the start of A and B decides, how high a rank must be, what the scale does, and what merging leaves.
public final class LoraLesson {
    private static final int IN = 24;
    private static final int OUT = 16;
    private static final int STEPS = 200;

    private static final Tensor X = Tensor.randn(Rng.of(1), 64, IN);
    private static final Tensor BASE = Tensor.randn(Rng.of(2), OUT, IN).mul(0.2);

    private LoraLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "LoRA: learning beside a frozen weight",
                LoraLesson.class,
                LoraForwardExercise.exercise(),
                StartPairExercise.exercise(),
                MergeAdaptersExercise.exercise(),
                DoraForwardExercise.exercise());
    }

    public static void main(String[] arguments) {
        sizes();
        starts();
        ranks();
        scales();
        merging();
        lengths();
    }

    private static void sizes() {
        for (int rank : new int[] {1, 8, 64}) {
            int count = rank * (4096 + 4096);
            System.out.printf(
                    Locale.ROOT,
                    "rank %2d: %,7d numbers to learn, %.2f %% of 4096 × 4096%n",
                    rank,
                    count,
                    100.0 * count / 4096 / 4096);
        }
    }

    /// The size of the first gradients, and how far the first output is from the base's.
    private static void starts() {
        Tensor random = Tensor.randn(Rng.of(3), 4, IN).mul(0.2);
        Tensor other = Tensor.randn(Rng.of(4), OUT, 4).mul(0.2);
        start("A random, B zero ", random, Tensor.zeros(OUT, 4));
        start("both zero        ", Tensor.zeros(4, IN), Tensor.zeros(OUT, 4));
        start("both random      ", random, other);
    }

    private static void start(String name, Tensor a, Tensor b) {
        Tensor aCopy = a.clone().detach().requireGrad();
        Tensor bCopy = b.clone().detach().requireGrad();
        Tensor y = adapted(X, aCopy, bCopy, 1);
        Tensor before = X.matmul(BASE, false, true);
        System.out.printf(
                Locale.ROOT,
                "%s: first output off by %.3f, ",
                name,
                y.sub(before).abs().mean().item());
        y.sub(target(4)).square().mean().backward();
        System.out.printf(
                Locale.ROOT,
                "gradient of A %.3f, of B %.3f%n",
                aCopy.grad().norm().item(),
                bCopy.grad().norm().item());
    }

    private static Tensor adapted(Tensor x, Tensor a, Tensor b, double scale) {
        Tensor base = x.matmul(BASE, false, true);
        return base.add(x.matmul(a, false, true).matmul(b, false, true).mul(scale));
    }

    /// What the base would give if a matrix of that rank were added to its weight.
    private static Tensor target(int rank) {
        Tensor change = Tensor.randn(Rng.of(5), OUT, rank)
                .matmul(Tensor.randn(Rng.of(6), rank, IN))
                .mul(0.2);
        return X.matmul(BASE.add(change), false, true);
    }

    private static void ranks() {
        System.out.println("the base's weight must change by a matrix of rank 4:");
        LinePlot plot =
                LinePlot.of("learning a change of rank 4", "step", "loss").logarithmicY();
        for (int rank : new int[] {1, 2, 4, 8}) {
            double[] losses = train(rank, 1.0, 0.03);
            plot.line("rank " + rank, losses);
            System.out.printf(
                    Locale.ROOT,
                    "rank %d: loss %.2f at the start, %.3f at the end%n",
                    rank,
                    losses[0],
                    losses[STEPS - 1]);
        }
        plot.save("lora-ranks");
    }

    private static double[] train(int rank, double scale, double rate) {
        Tensor a = Tensor.rand(Rng.of(7), rank, IN)
                .mul(2)
                .sub(1)
                .div(Math.sqrt(IN))
                .requireGrad();
        Tensor b = Tensor.zeros(OUT, rank).requireGrad();
        Tensor wanted = target(4);
        AdamW adam = new AdamW(List.of(a, b), AdamConfig.defaults().withWeightDecay(0));
        double[] losses = new double[STEPS];
        for (int step = 0; step < STEPS; step++) {
            adam.zeroGrad();
            Tensor loss = adapted(X, a, b, scale).sub(wanted).square().mean();
            losses[step] = Math.max(1e-6, loss.item());
            loss.backward();
            adam.step(rate);
        }
        return losses;
    }

    /// How far three steps of Adam move the output, at equal rates.
    private static void scales() {
        System.out.println("the output after 3 equal steps has moved by");
        for (int rank : new int[] {4, 16, 64, 256}) {
            System.out.printf(
                    Locale.ROOT,
                    "rank %3d: %.4f with α/r, %.4f with α/√r%n",
                    rank,
                    moved(rank, 8.0 / rank),
                    moved(rank, 8 / Math.sqrt(rank)));
        }
    }

    private static double moved(int rank, double scale) {
        Tensor a = Tensor.rand(Rng.of(8), rank, IN)
                .mul(2)
                .sub(1)
                .div(Math.sqrt(IN))
                .requireGrad();
        Tensor b = Tensor.zeros(OUT, rank).requireGrad();
        AdamW adam = new AdamW(List.of(a, b), AdamConfig.defaults().withWeightDecay(0));
        for (int step = 0; step < 3; step++) {
            adam.zeroGrad();
            adapted(X, a, b, scale).sub(target(4)).square().mean().backward();
            adam.step(0.001);
        }
        return adapted(X, a, b, scale)
                .sub(X.matmul(BASE, false, true))
                .abs()
                .mean()
                .item();
    }

    private static void merging() {
        Tensor[] a = {Tensor.randn(Rng.of(9), 2, IN).mul(0.3)};
        Tensor[] b = {Tensor.randn(Rng.of(10), OUT, 2).mul(0.3)};
        double[] scale = {8.0 / 2};
        double[] one = {1};
        Tensor beside = adapted(X, a[0], b[0], scale[0]);
        Tensor merged = MergeAdapters.merge(BASE, a, b, scale, one, false);
        off("merged", merged, beside);
        off("merged without the scale", MergeAdapters.merge(BASE, a, b, one, one, false), beside);
        off("merged twice", MergeAdapters.merge(merged, a, b, scale, one, false), beside);
    }

    private static void off(String what, Tensor weight, Tensor beside) {
        double off = X.matmul(weight, false, true).sub(beside).abs().mean().item();
        System.out.printf(Locale.ROOT, "%s: off by %.3f%n", what, off);
    }

    private static void lengths() {
        Tensor magnitude = BASE.square().sum(1).sqrt();
        Tensor a = Tensor.randn(Rng.of(11), 2, IN);
        Tensor b = Tensor.randn(Rng.of(12), OUT, 2).mul(0.2);
        double plain = rowLength(BASE);
        double lora = rowLength(BASE.add(b.matmul(a)));
        Tensor y = DoraForward.forward(Tensor.eye(IN), BASE, a, b, magnitude, Tensor.zeros(OUT), 1);
        double dora = rowLength(y.transpose(0, 1));
        System.out.printf(Locale.ROOT, "mean length of a row: base %.3f, LoRA %.3f, DoRA %.3f%n", plain, lora, dora);
    }

    private static double rowLength(Tensor weight) {
        return weight.square().sum(1).sqrt().mean().item();
    }
}
