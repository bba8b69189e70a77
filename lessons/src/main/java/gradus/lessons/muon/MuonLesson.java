package gradus.lessons.muon;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import gradus.train.optimizer.Muon;
import gradus.train.optimizer.MuonConfig;
import gradus.train.optimizer.Optimizer;
import gradus.train.optimizer.Sgd;
import gradus.train.optimizer.SgdConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;

/// What five rounds do to singular values, and what that is good for.
public final class MuonLesson {
    private static final int CHANNELS = 16;
    private static final int STEPS = 120;

    private MuonLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Muon: an orthogonal step",
                MuonLesson.class,
                OrthogonaliserExercise.exercise(),
                MuonStepExercise.exercise());
    }

    public static void main(String[] arguments) {
        singularValues();
        race();
    }

    /// One round, as it acts on a singular value.
    private static double round(double s) {
        return 3.4445 * s - 4.7750 * Math.pow(s, 3) + 2.0315 * Math.pow(s, 5);
    }

    private static void singularValues() {
        System.out.println("rounds:       0      1      2      3      4      5");
        for (double start : new double[] {1, 0.3, 0.1, 0.01, 0.001}) {
            StringBuilder line = new StringBuilder("          ");
            double s = start;
            for (int i = 0; i <= 5; i++) {
                line.append(String.format(Locale.ROOT, "%7.3f", s));
                s = round(s);
            }
            System.out.println(line);
        }
        double[] from = new double[300];
        double[] to = new double[300];
        for (int i = 0; i < from.length; i++) {
            from[i] = Math.pow(10, -4 + 4.0 * i / 299);
            double s = from[i];
            for (int k = 0; k < 5; k++) {
                s = round(s);
            }
            to[i] = s;
        }
        LinePlot.of("five rounds of Newton and Schulz", "singular value before", "after")
                .logarithmicX()
                .line("after five rounds", from, to)
                .line("unchanged", from, from)
                .save("muon-singular-values");
    }

    /// Learns a matrix from inputs whose channels are of very different sizes, so that few directions
    /// dominate the gradient.
    private static void race() {
        System.out.println("the best of three rates, after 120 steps:");
        race(
                "SGD with momentum",
                all -> new Sgd(values(all), SgdConfig.defaults().withMomentum(0.9, false)));
        race("AdamW", all -> new AdamW(values(all), plain()));
        race("Muon", all -> new Muon(all, MuonConfig.defaults().withOthers(plain())));
    }

    private static void race(String name, Function<SequencedMap<String, Tensor>, Optimizer> kind) {
        double[] best = {Double.POSITIVE_INFINITY, 0};
        for (double rate : new double[] {0.03, 0.1, 0.3}) {
            double[] found = train(rate, kind);
            best = found[1] < best[0] || best[1] == 0 ? new double[] {found[1], rate} : best;
        }
        System.out.printf(
                Locale.ROOT, "%-18s rate %.3f: %2.0f %% of the matrix not found%n", name, best[1], 100 * best[0]);
    }

    private static AdamConfig plain() {
        return AdamConfig.defaults().withWeightDecay(0);
    }

    private static List<Tensor> values(SequencedMap<String, Tensor> parameters) {
        return List.copyOf(parameters.values());
    }

    /// Loss and distance of one run.
    private static double[] train(double rate, Function<SequencedMap<String, Tensor>, Optimizer> kind) {
        Tensor target = Tensor.randn(Rng.of(1), CHANNELS, CHANNELS).mul(0.25);
        Tensor sizes = Tensor.linspace(0, 2, CHANNELS).mul(-Math.log(10)).exp(); // from 1 down to 0.01
        Tensor turn = Tensor.randn(Rng.of(2), CHANNELS, CHANNELS).mul(0.25);
        Tensor inputs = Tensor.randn(Rng.of(3), 256, CHANNELS).mul(sizes).matmul(turn);
        Tensor wanted = inputs.matmul(target);
        Tensor weight = Tensor.zeros(CHANNELS, CHANNELS).requireGrad();
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("h.0.weight", weight);
        Optimizer optimizer = kind.apply(parameters);
        for (int step = 0; step < STEPS; step++) {
            optimizer.zeroGrad();
            inputs.matmul(weight).sub(wanted).square().sum().div(256).backward();
            optimizer.step(rate * (1 - (double) step / STEPS));
        }
        double left = weight.sub(target).norm().item() / target.norm().item();
        double loss = inputs.matmul(weight).sub(wanted).square().sum().div(256).item();
        return new double[] {loss, left};
    }
}
