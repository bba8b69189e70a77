package gradus.lessons.policygradients;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.lessons.sampling.Categorical;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a baseline does to the noise, a critic to a reward that comes at the end, and clipping to a policy that
/// learns from the same samples again and again.
public final class PolicyGradientsLesson {
    private static final int GROUP = 4;
    private static final int ANSWERS = 20;
    private static final int DRAWN = 40;
    private static final int ROUNDS = 20;
    private static final int RUNS = 8;
    private static final double RATE = 3;

    private PolicyGradientsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Policy gradients: baselines, critics and PPO",
                PolicyGradientsLesson.class,
                LeaveOneOutExercise.exercise(),
                GaeEstimateExercise.exercise(),
                WhitenTokensExercise.exercise(),
                ClippedLossExercise.exercise());
    }

    public static void main(String[] arguments) {
        baselines();
        critic();
        sizes();
        clipping();
        rounds();
    }

    private static void print(String title, double... numbers) {
        System.out.println(title
                + Arrays.stream(numbers)
                        .mapToObj(x -> String.format(Locale.ROOT, "%8.3f", x))
                        .collect(Collectors.joining()));
    }

    /// The gradient of the expected reward with respect to the best answer's logit: as it is, and as groups of
    /// four answers to two prompts estimate it, one of which is easier by 5.
    private static void baselines() {
        double[] p = {0.4, 0.3, 0.2, 0.1};
        double[] worth = {0, 0.5, 0, 1};
        double expected = 0;
        for (int i = 0; i < p.length; i++) {
            expected += p[i] * worth[i];
        }
        System.out.printf(Locale.ROOT, "%-28s gradient %.4f%n", "exact:", p[3] * (worth[3] - expected));
        estimate("no baseline:", p, worth, rewards -> rewards);
        estimate("the mean of the batch:", p, worth, rewards -> less(rewards, rewards.length));
        estimate("the mean of the group:", p, worth, rewards -> less(rewards, GROUP));
        estimate("the mean of the others:", p, worth, rewards -> LeaveOneOut.advantages(rewards, GROUP));
    }

    private static double[] less(double[] rewards, int group) {
        double[] advantages = rewards.clone();
        for (int i = 0; i < rewards.length; i++) {
            int from = i - i % group;
            advantages[i] -=
                    Arrays.stream(rewards, from, from + group).average().orElse(0);
        }
        return advantages;
    }

    private static void estimate(String name, double[] p, double[] worth, UnaryOperator<double[]> advantages) {
        int trials = 100_000;
        double sum = 0;
        double squares = 0;
        for (int trial = 0; trial < trials; trial++) {
            int[] drawn = new int[2 * GROUP];
            double[] rewards = new double[2 * GROUP];
            for (int k = 0; k < drawn.length; k++) {
                drawn[k] = Categorical.draw(p, Rng.of(1).uniform((long) trial * drawn.length + k));
                rewards[k] = worth[drawn[k]] + (k < GROUP ? 0 : 5);
            }
            double[] a = advantages.apply(rewards);
            double gradient = 0;
            for (int k = 0; k < drawn.length; k++) {
                gradient += a[k] * ((drawn[k] == 3 ? 1 : 0) - p[3]) / drawn.length; // d ln π / d logit
            }
            sum += gradient;
            squares += gradient * gradient;
        }
        double mean = sum / trials;
        System.out.printf(
                Locale.ROOT,
                "%-28s gradient %.4f, noise %.2f%n",
                name,
                mean,
                Math.sqrt(squares / trials - mean * mean));
    }

    /// An answer of five tokens, the reward 1 at its end, and what a critic expects before each token.
    private static void critic() {
        double[] rewards = {0, 0, 0, 0, 1};
        double[] values = {0.5, 0.6, 0.2, 0.4, 0.8};
        boolean[] done = {false, false, false, false, true};
        print("expected:          ", values);
        for (double lambda : new double[] {0, 0.5, 0.95, 1}) {
            String title = String.format(Locale.ROOT, "advantages, λ %.2f:", lambda);
            print(title, GaeEstimate.estimate(rewards, values, done, 0, 1, lambda)[0]);
        }
    }

    private static void sizes() {
        double[][] euros = {{0.5, 0.2, -0.3}, {0.1, -0.4, 0}};
        double[][] cents = Arrays.stream(euros)
                .map(row -> Arrays.stream(row).map(x -> 100 * x).toArray())
                .toArray(double[][]::new);
        int[] lengths = {3, 2};
        print("euros, first answer:         ", euros[0]);
        print("whitened:                    ", WhitenTokens.whiten(euros, lengths)[0]);
        print("cents, first answer:         ", cents[0]);
        print("whitened:                    ", WhitenTokens.whiten(cents, lengths)[0]);
    }

    private static void clipping() {
        for (double advantage : new double[] {1, -1}) {
            for (double ratio : new double[] {0.5, 1, 1.5}) {
                Tensor logProbs = Tensor.full(Math.log(ratio), 1, 1).requireGrad();
                Tensor zero = Tensor.zeros(1, 1);
                Tensor one = Tensor.ones(1, 1);
                Tensor loss = ClippedLoss.loss(logProbs, zero, one.mul(advantage), one, 0.2, 0.2);
                loss.backward();
                System.out.printf(
                        Locale.ROOT,
                        "A = %2.0f, ratio %.1f: loss %5.2f, gradient %5.2f%n",
                        advantage,
                        ratio,
                        loss.item(),
                        logProbs.grad().item());
            }
        }
    }

    /// Twenty rounds, in each of which forty answers are drawn and learnt from in thirty steps.
    private static void rounds() {
        LinePlot plot =
                LinePlot.of("thirty steps from the same forty answers, again and again", "round", "expected reward");
        plot.line("clipped at 0.2", rounds("clipped at 0.2:", 0.2, 1));
        plot.line("not clipped", rounds("not clipped:", Double.POSITIVE_INFINITY, 1));
        plot.line("not clipped, one step", rounds("one step each:", Double.POSITIVE_INFINITY, 30));
        plot.save("policygradients-rounds");
    }

    /// @param bound of the ratio, above and below 1
    /// @param parts the thirty steps are divided by it
    private static double[] rounds(String name, double bound, int parts) {
        double[] reward = new double[ROUNDS + 1];
        double worst = 1;
        double surest = 0;
        for (int run = 0; run < RUNS; run++) {
            Tensor logits = Tensor.zeros(ANSWERS);
            double last = 0;
            for (int round = 0; round <= ROUNDS; round++) {
                double[] p = logits.softmax().toArray();
                last = IntStream.range(0, ANSWERS)
                        .mapToDouble(i -> p[i] * worth(i))
                        .sum();
                reward[round] += last / RUNS;
                surest += round == 1 ? Arrays.stream(p).max().orElse(0) / RUNS : 0;
                logits = learned(logits, p, bound, 30 / parts, Rng.of(run).at(round));
            }
            worst = Math.min(worst, last);
        }
        System.out.printf(
                Locale.ROOT,
                "%-15s the likeliest answer has %2.0f %% after one round; reward %.2f after %d, in the worst run %.2f%n",
                name,
                100 * surest,
                reward[ROUNDS],
                ROUNDS,
                worst);
        return reward;
    }

    private static double worth(int answer) {
        return answer / (ANSWERS - 1.0);
    }

    /// Draws answers, pays what they are worth and a good deal of chance, and learns from them.
    private static Tensor learned(Tensor start, double[] p, double bound, int steps, Rng rng) {
        int[] drawn = new int[DRAWN];
        double[][] rewards = new double[1][DRAWN];
        float[] before = new float[DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            drawn[i] = Categorical.draw(p, rng.at("answer").uniform(i));
            rewards[0][i] = worth(drawn[i]) + rng.at("chance").gaussian(i);
            before[i] = (float) Math.log(p[drawn[i]]);
        }
        double[][] white = WhitenTokens.whiten(rewards, new int[] {DRAWN});
        Tensor advantages = Tensor.of(white).to(DType.FLOAT32); // (1, N)
        Tensor old = Tensor.of(before, 1, DRAWN);
        Tensor logits = start;
        for (int step = 0; step < steps; step++) {
            logits = logits.detach().requireGrad();
            Tensor logProbs =
                    logits.logSoftmax().indexSelect(0, Indices.of(drawn)).reshape(1, DRAWN);
            ClippedLoss.loss(logProbs, old, advantages, Tensor.onesLike(old), Math.min(1, bound), bound)
                    .backward();
            logits = logits.detach().sub(logits.grad().mul(RATE));
        }
        return logits.detach();
    }
}
