package gradus.lessons.adamw;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.Adam;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import gradus.train.optimizer.Optimizer;
import gradus.train.optimizer.Sgd;
import gradus.train.optimizer.SgdConfig;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Four optimisers in one narrow valley, the size of Adam's steps, and what decay does to a weight.
public final class AdamwLesson {
    private static final int STEPS = 100;

    private AdamwLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "From SGD to AdamW",
                AdamwLesson.class,
                SgdMomentumExercise.exercise(),
                DecoupledAdamExercise.exercise(),
                DecayGroupsExercise.exercise());
    }

    public static void main(String[] arguments) {
        valley();
        firstStep();
        decay();
    }

    private static void valley() {
        LinePlot plot = LinePlot.of("x² + 50·y², from (4, 1)", "step", "loss").logarithmicY();
        AdamConfig adam = AdamConfig.defaults().withWeightDecay(0);
        race(plot, "SGD", 0.018, weights -> new Sgd(weights, SgdConfig.defaults()));
        race(
                plot,
                "momentum",
                0.01,
                weights -> new Sgd(weights, SgdConfig.defaults().withMomentum(0.8, false)));
        race(
                plot,
                "Nesterov",
                0.01,
                weights -> new Sgd(weights, SgdConfig.defaults().withMomentum(0.8, true)));
        race(plot, "AdamW", 0.3, weights -> new AdamW(weights, adam));
        plot.save("adamw-valley");
    }

    private static void race(LinePlot plot, String name, double rate, Function<List<Tensor>, Optimizer> kind) {
        Tensor place = Tensor.of(new float[] {4, 1}, 2).requireGrad();
        Tensor steepness = Tensor.of(new float[] {1, 50}, 2);
        Optimizer optimizer = kind.apply(List.of(place));
        double[] losses = new double[STEPS];
        for (int step = 0; step < STEPS; step++) {
            optimizer.zeroGrad();
            Tensor loss = place.square().mul(steepness).sum();
            losses[step] = Math.max(1e-8, loss.item());
            loss.backward();
            optimizer.step(rate);
        }
        plot.line(name, losses);
        System.out.printf(Locale.ROOT, "%-9s loss %.2f after 10 steps, %.3f after 50%n", name, losses[10], losses[50]);
    }

    private static void firstStep() {
        for (float slope : new float[] {1e-4f, 1, 1e4f}) {
            Tensor weight = Tensor.of(new float[] {0}, 1).requireGrad();
            weight.mul(slope).sum().backward();
            new AdamW(List.of(weight), AdamConfig.defaults()).step(0.1);
            System.out.printf(Locale.ROOT, "gradient %10.4f: Adam's first step is %.4f%n", slope, -weight.item());
        }
    }

    /// Two weights that the loss does not need, under noise of two sizes.
    private static void decay() {
        System.out.println("a weight of 1 after 300 steps of noise and decay:");
        AdamConfig config = AdamConfig.defaults().withWeightDecay(0.5);
        for (float noise : new float[] {0.1f, 10}) {
            double coupled = shrunk(noise, weights -> new Adam(weights, config));
            double decoupled = shrunk(noise, weights -> new AdamW(weights, config));
            System.out.printf(Locale.ROOT, "noise %4.1f: Adam with L2 %.2f, AdamW %.2f%n", noise, coupled, decoupled);
        }
    }

    private static double shrunk(float noise, Function<List<Tensor>, Optimizer> kind) {
        Tensor weights = Tensor.ones(1, 200).requireGrad();
        Optimizer optimizer = kind.apply(List.of(weights));
        for (int step = 0; step < 300; step++) {
            optimizer.zeroGrad();
            weights.mul(Tensor.randn(Rng.of(step), 1, 200).mul(noise)).sum().backward();
            optimizer.step(0.005);
        }
        return weights.mean().item();
    }
}
