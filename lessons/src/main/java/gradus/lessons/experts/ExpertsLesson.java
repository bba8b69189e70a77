package gradus.lessons.experts;

import gradus.layers.feedforward.BalanceLoss;
import gradus.layers.feedforward.Capacity;
import gradus.layers.feedforward.MixtralRouter;
import gradus.layers.feedforward.Routing;
import gradus.layers.feedforward.SwitchRouter;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How a router shares tokens out, how a skewed one is balanced, and who is dropped.
public final class ExpertsLesson {
    private static final int TOKENS = 512;
    private static final int CHANNELS = 16;
    private static final int EXPERTS = 4;

    private ExpertsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Mixture of experts",
                ExpertsLesson.class,
                TopKWeightsExercise.exercise(),
                SwitchBalanceExercise.exercise(),
                ExpertCapacityExercise.exercise());
    }

    public static void main(String[] arguments) {
        choice();
        balance();
        capacity();
    }

    private static void choice() {
        Tensor scores = Tensor.of(new float[] {2, 1, 0, -1}, 1, 4);
        print("softmax over all four:   ", scores.softmax());
        print("the two best, as is:     ", scores.softmax().slice(1, 0, 2));
        print("the two best, rescaled:  ", scores.slice(1, 0, 2).softmax());
        Routing routing = new MixtralRouter(CHANNELS, EXPERTS, 2, Rng.of(1)).route(tokens());
        System.out.println("512 tokens, two experts each: "
                + Arrays.toString(routing.utilisation().tokens()));
    }

    /// Tokens that have much in common, so that a fresh router sends most of them to one expert.
    private static Tensor tokens() {
        return Tensor.randn(Rng.of(2), TOKENS, CHANNELS).add(Tensor.randn(Rng.of(3), 1, CHANNELS));
    }

    private static void balance() {
        Tensor x = tokens();
        SwitchRouter router = new SwitchRouter(CHANNELS, EXPERTS, Capacity.UNBOUNDED, Rng.of(4));
        int steps = 60;
        double[] losses = new double[steps];
        double[][] parts = new double[EXPERTS][steps];
        for (int step = 0; step < steps; step++) {
            Routing routing = router.route(x);
            Tensor loss = BalanceLoss.of(routing);
            losses[step] = loss.item();
            for (int e = 0; e < EXPERTS; e++) {
                parts[e][step] = (double) routing.demand()[e] / TOKENS;
            }
            if (step == 0 || step == 5 || step == 10 || step == steps - 1) {
                System.out.printf(Locale.ROOT, "step %d: balance loss %.2f%n", step, losses[step]);
            }
            loss.backward();
            router.parameters().forEach(weight -> {
                weight.copyFrom(weight.detach().sub(weight.grad().mul(0.05)));
                weight.zeroGrad();
            });
        }
        LinePlot plot = LinePlot.of("training the balance loss alone", "step", "part of the tokens");
        for (int e = 0; e < EXPERTS; e++) {
            plot.line("expert " + e, parts[e]);
        }
        plot.save("experts-balance");
    }

    private static void capacity() {
        for (double factor : new double[] {1, 1.25, 2}) {
            Routing routing = new SwitchRouter(CHANNELS, EXPERTS, new Capacity(factor), Rng.of(1)).route(tokens());
            System.out.printf(
                    Locale.ROOT,
                    "capacity factor %.2f: room for %d, %d of 512 dropped%n",
                    factor,
                    new Capacity(factor).of(TOKENS, EXPERTS),
                    routing.utilisation().dropped());
        }
    }

    private static void print(String what, Tensor numbers) {
        String text = Arrays.stream(numbers.toArray())
                .mapToObj(p -> String.format(Locale.ROOT, "%.3f", p))
                .collect(Collectors.joining(" "));
        System.out.println(what + text);
    }
}
