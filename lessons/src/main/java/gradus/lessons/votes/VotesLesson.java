package gradus.lessons.votes;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Several chains of thought, and one answer.
public final class VotesLesson {
    private VotesLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Chains of thought and their votes",
                VotesLesson.class,
                LastNumberExercise.exercise(),
                MajorityVoteExercise.exercise(),
                WeightedVotesExercise.exercise(),
                MajorityOddsExercise.exercise());
    }

    public static void main(String[] arguments) {
        reading();
        voting();
        weighing();
        limit();
    }

    private static void reading() {
        for (String chain : List.of(
                "5 boxes of 250 nails are 1,250 nails. 1,250 less 50 is 1,200.",
                "250-50 is 200, and 5 boxes have 200.",
                "He buys 5 boxes, so he has 5 * 250 = 1,250.",
                "That depends on the nails.")) {
            OptionalDouble answer = LastNumber.last(chain);
            System.out.println(
                    (answer.isPresent() ? Math.round(answer.getAsDouble()) : "no answer") + "  <-  " + chain);
        }
    }

    /// How often the vote of n chains is right, in 4,000 votes; the first of the answers is the right one.
    private static void voting() {
        Map<String, double[]> questions = new java.util.TreeMap<>(Map.of(
                "easy:  50 %, and wrong answers with 30 and 20 %", new double[] {0.5, 0.3, 0.2},
                "hard:  30 %, and wrong answers with 40 and 30 %", new double[] {0.3, 0.4, 0.3},
                "wide:  20 %, and eight wrong answers with 10 %", new double[] {0.2, .1, .1, .1, .1, .1, .1, .1, .1}));
        for (Map.Entry<String, double[]> question : questions.entrySet()) {
            StringBuilder line = new StringBuilder();
            for (int n : new int[] {1, 2, 5, 11, 41}) {
                int right = 0;
                for (int i = 0; i < 4000; i++) {
                    Rng rng = Rng.of(7).at(n).at(i);
                    List<Optional<String>> answers = new ArrayList<>();
                    for (int c = 0; c < n; c++) {
                        answers.add(Optional.of("answer " + drawn(question.getValue(), rng.uniform(c))));
                    }
                    right += MajorityVote.winner(answers).equals(Optional.of("answer 0")) ? 1 : 0;
                }
                line.append(String.format(Locale.ROOT, "  n = %d: %.0f %%", n, right / 40.0));
            }
            System.out.println(question.getKey() + "\n" + line);
        }
    }

    private static int drawn(double[] p, double u) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += p[i];
            if (u < sum) {
                return i;
            }
        }
        return p.length - 1;
    }

    /// Half of the chains are right. Their tokens have probabilities of about 0.8, those of wrong chains of
    /// 0.75.
    private static void weighing() {
        weighing("all chains have 30 tokens", 30, 30);
        weighing("wrong chains leave steps out: 20 tokens, right ones 40", 40, 20);
    }

    private static void weighing(String name, int ofRight, int ofWrong) {
        System.out.println(name);
        int[] right = new int[3];
        int votes = 4000;
        for (int i = 0; i < votes; i++) {
            Rng rng = Rng.of(9).at(i);
            List<Optional<String>> answers = new ArrayList<>();
            double[][] logs = new double[11][];
            double[] products = new double[2];
            for (int c = 0; c < logs.length; c++) {
                boolean isRight = rng.at("right").uniform(c) < 0.5;
                answers.add(Optional.of(isRight ? "right" : "wrong"));
                logs[c] = new double[isRight ? ofRight : ofWrong];
                double level = Math.clamp(
                        (isRight ? 0.8 : 0.75) + 0.07 * rng.at("level").gaussian(c), 0.3, 0.89);
                double sum = 0;
                for (int k = 0; k < logs[c].length; k++) {
                    logs[c][k] = Math.log(level + 0.2 * (rng.at("token").at(c).uniform(k) - 0.5));
                    sum += logs[c][k];
                }
                products[isRight ? 0 : 1] += Math.exp(sum);
            }
            Map<String, Double> totals = WeightedVotes.totals(answers, logs);
            right[0] += MajorityVote.winner(answers).equals(Optional.of("right")) ? 1 : 0;
            right[1] += totals.getOrDefault("right", 0.0) > totals.getOrDefault("wrong", 0.0) ? 1 : 0;
            right[2] += products[0] > products[1] ? 1 : 0;
        }
        String[] names = {"counted", "weighed by the mean", "weighed by the product"};
        for (int way = 0; way < names.length; way++) {
            System.out.printf(Locale.ROOT, "  %-23s right %.0f %%%n", names[way] + ":", 100.0 * right[way] / votes);
        }
    }

    private static void limit() {
        LinePlot plot = LinePlot.of("how often the vote is right", "chains", "probability");
        for (double p : new double[] {0.7, 0.6, 0.55, 0.5, 0.4}) {
            double[] chains = new double[51];
            double[] odds = new double[51];
            for (int i = 0; i < chains.length; i++) {
                chains[i] = 2 * i + 1;
                odds[i] = MajorityOdds.right(p, 2 * i + 1);
            }
            plot.line("p = " + p, chains, odds);
            System.out.printf(
                    Locale.ROOT,
                    "p = %.2f:  3 chains %.3f  11 chains %.3f  101 chains %.3f  1001 chains %.3f%n",
                    p,
                    odds[1],
                    odds[5],
                    odds[50],
                    MajorityOdds.right(p, 1001));
        }
        plot.save("votes-odds");
    }
}
