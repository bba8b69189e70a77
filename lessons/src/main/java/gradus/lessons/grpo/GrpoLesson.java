package gradus.lessons.grpo;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.lessons.sampling.Categorical;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a right answer is worth in its group, a token in its answer, and where a policy comes to rest.
public final class GrpoLesson {
    private static final double[] REFERENCE = {0.4, 0.3, 0.15, 0.1, 0.05};
    private static final double[] REWARDS = {0, 0.3, 0.5, 0.8, 1};

    private GrpoLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "GRPO: groups, lengths and the price of moving",
                GrpoLesson.class,
                GroupAdvantagesExercise.exercise(),
                TokenLossExercise.exercise(),
                KlEstimatesExercise.exercise(),
                BestPolicyExercise.exercise());
    }

    public static void main(String[] arguments) {
        groups();
        lengths();
        divergences();
        rest();
        prices();
    }

    /// Groups of eight answers of which some are right.
    private static void groups() {
        for (int right : new int[] {0, 1, 4, 7, 8}) {
            double[] rewards = new double[8];
            Arrays.fill(rewards, 0, right, 1);
            double[] scaled = GroupAdvantages.advantages(rewards, 8, true);
            double[] plain = GroupAdvantages.advantages(rewards, 8, false);
            System.out.printf(Locale.ROOT, "%d of 8 right:", right);
            if (right > 0) {
                System.out.printf(Locale.ROOT, "  a right answer %6.3f, unscaled %6.3f", scaled[0], plain[0]);
            }
            if (right < 8) {
                System.out.printf(Locale.ROOT, "  a wrong answer %6.3f, unscaled %6.3f", scaled[7], plain[7]);
            }
            System.out.println();
        }
    }

    /// How much one token weighs in an answer of 5 tokens and in one of 50.
    private static void lengths() {
        int time = 50;
        float[] real = new float[2 * time];
        for (int i = 0; i < real.length; i++) {
            real[i] = i % time < (i < time ? 5 : 50) ? 1 : 0;
        }
        Tensor mask = Tensor.of(real, 2, time);
        for (String type : List.of("grpo", "bnpo", "dr_grpo", "dapo")) {
            Tensor losses = Tensor.ones(2, time).requireGrad();
            TokenLoss.loss(losses, mask, type, 100, 220).backward();
            Tensor weights = losses.grad();
            System.out.printf(
                    Locale.ROOT,
                    "%-8s a token of the short answer %.4f, of the long one %.4f%n",
                    type,
                    weights.get(0, 0),
                    weights.get(1, 0));
        }
    }

    /// Means and deviations of the estimates over tokens drawn from a policy, near its reference and far from
    /// it.
    private static void divergences() {
        for (double beta : new double[] {2, 0.25}) {
            double[] policy = BestPolicy.policy(REFERENCE, REWARDS, beta);
            int count = 100_000;
            double[] logProbs = new double[count];
            double[] reference = new double[count];
            for (int i = 0; i < count; i++) {
                int drawn = Categorical.draw(policy, Rng.of(3).uniform(i));
                logProbs[i] = Math.log(policy[drawn]);
                reference[i] = Math.log(REFERENCE[drawn]);
            }
            double[][] estimates = KlEstimates.estimates(logProbs, reference);
            double kl = 0;
            for (int i = 0; i < policy.length; i++) {
                kl += policy[i] * Math.log(policy[i] / REFERENCE[i]);
            }
            System.out.printf(Locale.ROOT, "KL %.4f:", kl);
            for (int k = 0; k < 3; k++) {
                double mean = Arrays.stream(estimates[k]).average().orElse(0);
                double square =
                        Arrays.stream(estimates[k]).map(x -> x * x).average().orElse(0);
                System.out.printf(Locale.ROOT, "  k%d %.4f ± %.3f", k + 1, mean, Math.sqrt(square - mean * mean));
            }
            System.out.println();
        }
    }

    private static void print(String title, double[] numbers) {
        System.out.println(title
                + Arrays.stream(numbers)
                        .mapToObj(x -> String.format(Locale.ROOT, "%7.3f", x))
                        .collect(Collectors.joining()));
    }

    /// Where gradients lead with the divergence in the reward, and with k3 as a part of the loss. Expectations
    /// are sums over the five answers, with the policy's probabilities as weights, which have no gradient: as
    /// if each answer were drawn as often as it should be.
    private static void rest() {
        double beta = 0.25;
        print("reference:          ", REFERENCE);
        print("k1 in the reward:   ", learned(beta, false));
        print("by formula:         ", BestPolicy.policy(REFERENCE, REWARDS, beta));
        print("k3 in the loss:     ", learned(beta, true));
    }

    private static double[] learned(double beta, boolean k3) {
        Tensor reference = Tensor.of(REFERENCE, 5).log();
        Tensor rewards = Tensor.of(REWARDS, 5);
        Tensor logits = reference.clone().detach().requireGrad();
        AdamW adam = new AdamW(List.of(logits), AdamConfig.defaults().withWeightDecay(0));
        for (int step = 0; step < 500; step++) {
            adam.zeroGrad();
            Tensor policy = logits.logSoftmax();
            Tensor drawn = policy.exp().detach(); // how often
            Tensor x = reference.sub(policy);
            Tensor paid = k3 ? rewards : rewards.add(x.detach().mul(beta));
            Tensor baseline = drawn.mul(paid).sum();
            Tensor loss = paid.sub(baseline).mul(policy).neg(); // REINFORCE
            if (k3) {
                loss = loss.add(x.exp().sub(1).sub(x).mul(beta));
            }
            loss.mul(drawn).sum().backward();
            adam.step(step < 300 ? 0.05 : 0.005);
        }
        return logits.softmax().toArray();
    }

    private static void prices() {
        int count = 41;
        double[] betas = new double[count];
        double[][] curves = new double[REWARDS.length][count];
        for (int i = 0; i < count; i++) {
            betas[i] = Math.pow(10, -2 + i * 0.1);
            double[] policy = BestPolicy.policy(REFERENCE, REWARDS, betas[i]);
            for (int answer = 0; answer < policy.length; answer++) {
                curves[answer][i] = policy[answer];
            }
        }
        LinePlot plot = LinePlot.of("the best policy over five answers", "β", "probability")
                .logarithmicX();
        for (int answer = 0; answer < curves.length; answer++) {
            plot.line("reward " + REWARDS[answer], betas, curves[answer]);
        }
        plot.save("grpo-prices");
        for (double beta : new double[] {10, 1, 0.1, 0.01}) {
            print(
                    String.format(Locale.ROOT, "β = %5.2f:          ", beta),
                    BestPolicy.policy(REFERENCE, REWARDS, beta));
        }
    }
}
