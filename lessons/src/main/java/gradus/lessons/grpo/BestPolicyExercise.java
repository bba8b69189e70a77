package gradus.lessons.grpo;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class BestPolicyExercise {
    private static final String SCORE = "Math.log(reference[i]) + rewards[i] / beta";

    private BestPolicyExercise() {}

    static Exercise exercise() {
        return Exercise.of(BestPolicy.class, "The best policy at a price")
                .tolerance(1e-9)
                .probe(
                        "two answers, a reference without an opinion",
                        "e^(ln 3) = 3 to 1: 3/4 and 1/4",
                        t -> t.call(new double[] {0.5, 0.5}, new double[] {Math.log(3), 0}, 1.0))
                .probe(
                        "a price of one half",
                        "r/β = 2·ln 3, so it is 9 to 1: 0.9 and 0.1",
                        t -> t.call(new double[] {0.5, 0.5}, new double[] {Math.log(3), 0}, 0.5))
                .probe(
                        "a reference with an opinion",
                        "0.1·9 = 0.9 to 0.9·1: 1/2 each",
                        t -> t.call(new double[] {0.1, 0.9}, new double[] {Math.log(3), 0}, 0.5))
                .probe(
                        "equal rewards",
                        "nothing is worth leaving the reference: 0.2, 0.3, 0.5",
                        t -> t.call(new double[] {0.2, 0.3, 0.5}, new double[] {7, 7, 7}, 0.1))
                .probe(
                        "a very small price",
                        "e^1000 is infinite, but only differences count: the best answer gets all",
                        t -> t.call(new double[] {0.2, 0.3, 0.5}, new double[] {1, 0.5, 0}, 0.001))
                .probe(
                        "large rewards that are nearly equal",
                        "1000 and 1000 + ln 3: 1/4 and 3/4",
                        t -> t.call(new double[] {0.5, 0.5}, new double[] {1000, 1000 + Math.log(3)}, 1.0))
                .probe(
                        "large negative rewards",
                        "e^-2000 is 0, but only differences count: 1/4 and 3/4",
                        t -> t.call(new double[] {0.5, 0.5}, new double[] {-2000, -2000 + Math.log(3)}, 1.0))
                .probe(
                        "the best answer is never given",
                        "the reference has 0 for it, so the others share as if it were not there: 1/4 and 3/4",
                        t -> t.call(new double[] {0, 0.5, 0.5}, new double[] {9, 0, 0.01 * Math.log(3)}, 0.01))
                .probe("a large price", "", t -> t.call(new double[] {0.7, 0.2, 0.1}, new double[] {0, 1, 2}, 50.0))
                .probe("nine answers", "", t -> of(t, 9, 0.7))
                .probe("five answers", "", t -> of(t, 5, 2.5))
                .bug("The reference is missing: β only decides how sharp the choice is", SCORE, "rewards[i] / beta")
                .bug(
                        "Rewards are multiplied by β, not divided: a higher price leads further away",
                        "rewards[i] / beta",
                        "rewards[i] * beta")
                .bug("There is no β", "rewards[i] / beta", "rewards[i]")
                .bug("The reference is divided by β as well", SCORE, "(Math.log(reference[i]) + rewards[i]) / beta")
                .bug(
                        "The reference's probability is added as it is, without its logarithm",
                        SCORE,
                        "reference[i] + rewards[i] / beta")
                .bug("The sign is changed: the worst answer wins", "rewards[i] / beta", "-rewards[i] / beta")
                .bug("It is not divided by Z: probabilities must add up to 1", "policy[i] /= sum;", "")
                .bug("The largest score is not subtracted: exp overflows", "scores[i] - highest", "scores[i]")
                .bug(
                        "The largest reward is subtracted though its answer is never given: all others become 0",
                        "highest = Math.max(highest, scores[i]);",
                        "highest = Math.max(highest, rewards[i] / beta);")
                .bug(
                        "It is the best answer alone, as without a price",
                        "Math.exp(scores[i] - highest)",
                        "scores[i] == highest ? 1 : 0")
                .bug(
                        "It is the answer with the highest reward, even where the reference never gives it",
                        "Math.exp(scores[i] - highest)",
                        "rewards[i] == java.util.Arrays.stream(rewards).max().orElse(0) ? 1 : 0")
                .bug(Bug.of("Rewards multiply the reference, without exp")
                        .replacing("Math.exp(scores[i] - highest)", "reference[i] * rewards[i]"))
                .bug(
                        "It is the optimum of the other direction, E_π[r] - β·KL(ref‖π): β·ref/(λ - r)",
                        "return policy;",
                        """
                        double low = java.util.Arrays.stream(rewards).max().orElse(0);
                        double high = low + beta;
                        for (int halving = 0; halving < 100; halving++) {
                            double middle = (low + high) / 2;
                            double all = 0;
                            for (int i = 0; i < policy.length; i++) {
                                all += beta * reference[i] / (middle - rewards[i]);
                            }
                            low = all > 1 ? middle : low;
                            high = all > 1 ? high : middle;
                        }
                        for (int i = 0; i < policy.length; i++) {
                            policy[i] = beta * reference[i] / (high - rewards[i]);
                        }
                        return policy;""")
                .variant("against each other answer", """
                        double[] policy = new double[reference.length];
                        for (int i = 0; i < policy.length; i++) {
                            double z = 0;
                            for (int j = 0; j < policy.length && reference[i] > 0; j++) {
                                if (reference[j] > 0) {
                                    z += reference[j] / reference[i] * Math.exp((rewards[j] - rewards[i]) / beta);
                                }
                            }
                            policy[i] = reference[i] == 0 ? 0 : 1 / z;
                        }
                        return policy;
                        """)
                .variant("the largest reward among those that are given", """
                        double best = -1e300;
                        for (int i = 0; i < rewards.length; i++) {
                            best = reference[i] > 0 && rewards[i] > best ? rewards[i] : best;
                        }
                        double shift = best;
                        double[] weights = new double[rewards.length];
                        java.util.Arrays.setAll(
                                weights,
                                i -> reference[i] == 0 ? 0 : reference[i] * Math.exp((rewards[i] - shift) / beta));
                        double z = java.util.Arrays.stream(weights).sum();
                        return java.util.Arrays.stream(weights).map(w -> w / z).toArray();
                        """)
                .hints(
                        "With β = 1/2, how many times as much as before does a reward that is higher by ln 3 count?",
                        "Add ln ref and r/β; then it is a softmax, from whose scores the largest is subtracted first.",
                        "scores = Math.log(reference[i]) + rewards[i] / beta; Math.exp(scores[i] - highest), divided by"
                                + " the sum.")
                .reading("The section \"Where it comes to rest\" of this lesson; Rafailov et al. 2023, equation 4");
    }

    private static Object of(Trial t, int answers, double beta) {
        double[] reference = t.uniform(answers).add(0.1).toArray();
        double sum = java.util.Arrays.stream(reference).sum();
        for (int i = 0; i < answers; i++) {
            reference[i] /= sum;
        }
        return t.call(reference, t.normals(answers), beta);
    }
}
