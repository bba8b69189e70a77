package gradus.lessons.preferences;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Scores learnt from pairs, where a score stands, how long answers fare, and a policy that learns from pairs
/// itself.
public final class PreferencesLesson {
    private static final float[] WORTH = {2, 1, 0.5f, 0, -0.5f, -3}; // what people think of six answers
    private static final int ANSWERS = WORTH.length;
    private static final int PAIRS = 2000;
    private static final int STEPS = 150;

    private PreferencesLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Preferences: reward models and DPO",
                PreferencesLesson.class,
                RewardPairExercise.exercise(),
                LastScoreExercise.exercise(),
                AnswerLogProbExercise.exercise(),
                DpoLossExercise.exercise());
    }

    public static void main(String[] arguments) {
        leads();
        Tensor scores = scores();
        places();
        lengths();
        direct(scores);
        third();
    }

    private static void print(String title, Tensor numbers) {
        System.out.println(title
                + Arrays.stream(numbers.toArray())
                        .mapToObj(x -> String.format(Locale.ROOT, "%8.3f", x))
                        .collect(Collectors.joining()));
    }

    /// The loss of one pair, and how much it teaches, against the lead of the chosen answer.
    private static void leads() {
        for (double lead : new double[] {-4, -1, 0, 1, 4}) {
            Tensor chosen = Tensor.full(lead, 1).requireGrad();
            Tensor loss = RewardPair.loss(chosen, Tensor.zeros(1), Tensor.zeros(1));
            loss.backward();
            System.out.printf(
                    Locale.ROOT,
                    "ahead by %2.0f: loss %.3f, gradient %.3f%n",
                    lead,
                    loss.item(),
                    chosen.grad().item());
        }
    }

    /// Pairs of answers as people judge them who follow Bradley and Terry: the better one wins with the
    /// probability σ(difference of worth).
    ///
    /// @return the winners, then the losers
    private static int[][] judged(int count) {
        int[][] pairs = new int[2][count];
        for (int i = 0; i < count; i++) {
            int one = Rng.of(1).index(i, ANSWERS);
            int other = (one + 1 + Rng.of(2).index(i, ANSWERS - 1)) % ANSWERS;
            boolean first = Rng.of(3).uniform(i) < 1 / (1 + Math.exp(WORTH[other] - WORTH[one]));
            pairs[0][i] = first ? one : other;
            pairs[1][i] = first ? other : one;
        }
        return pairs;
    }

    private static Tensor scores() {
        int[][] pairs = judged(PAIRS);
        Tensor scores = Tensor.zeros(ANSWERS).requireGrad();
        AdamW adam = new AdamW(List.of(scores), AdamConfig.defaults().withWeightDecay(0));
        for (int step = 0; step < 100; step++) {
            adam.zeroGrad();
            Tensor chosen = scores.indexSelect(0, Indices.of(pairs[0]));
            Tensor rejected = scores.indexSelect(0, Indices.of(pairs[1]));
            RewardPair.loss(chosen, rejected, Tensor.zeros(PAIRS)).backward();
            adam.step(step < 70 ? 0.1 : 0.01);
        }
        Tensor worth = Tensor.of(WORTH, ANSWERS);
        print("worth, less its mean: ", worth.sub(worth.mean()));
        print("score, less its mean: ", scores.sub(scores.mean()));
        long upset = 0;
        for (int i = 0; i < PAIRS; i++) {
            upset += WORTH[pairs[0][i]] < WORTH[pairs[1][i]] ? 1 : 0;
        }
        System.out.printf(
                Locale.ROOT, "in %.1f %% of the pairs the worse answer was preferred%n", 100.0 * upset / PAIRS);
        return scores.detach();
    }

    private static void places() {
        Tensor values = Tensor.of(new float[] {0.1f, 0.4f, 0.9f, 0.2f, 0.3f, 0.7f, -0.8f, -0.8f}, 2, 4);
        Tensor mask = Tensor.of(new float[] {1, 1, 1, 1, 1, 1, 0, 0}, 2, 4);
        print("at the last place:    ", values.select(1, 3));
        print("at the last token:    ", LastScore.scores(values, mask));
    }

    /// A model without an opinion, which gives each of 50 tokens the same probability, and answers of two
    /// lengths.
    private static void lengths() {
        int[] length = {3, 12};
        float[] real = new float[2 * 16];
        for (int i = 0; i < real.length; i++) {
            int place = i % 16;
            real[i] = place >= 4 && place < 4 + length[i / 16] ? 1 : 0; // a prompt of 4
        }
        Tensor mask = Tensor.of(real, 2, 16);
        Indices ids = Indices.of(Shape.of(2, 16), new int[32]);
        Tensor sums = AnswerLogProb.logProbs(Tensor.zeros(2, 16, 50), ids, mask);
        print("ln π of 3 and of 12 tokens: ", sums);
        print("per token:                  ", sums.div(mask.sum(1)));
    }

    /// A policy over six answers, which begins as a reference that likes the worst one, and learns from all
    /// pairs.
    private static Tensor reference() {
        return Tensor.of(new float[] {0, 0.5f, 0, 0.5f, 0, 1.5f}, ANSWERS).logSoftmax();
    }

    private static void direct(Tensor scores) {
        Tensor reference = reference();
        print("reference:            ", reference.exp());
        int[][] pairs = judged(PAIRS);
        LinePlot plot = LinePlot.of("DPO: implicit rewards of six answers, β = 0.5", "step", "β·ln(π/ref)");
        for (double beta : new double[] {2, 0.5}) {
            double[][] curves = new double[ANSWERS][STEPS + 1];
            Tensor logits = reference.clone().detach().requireGrad();
            AdamW adam = new AdamW(List.of(logits), AdamConfig.defaults().withWeightDecay(0));
            for (int step = 0; step <= STEPS; step++) {
                adam.zeroGrad();
                Tensor policy = logits.logSoftmax();
                DpoLoss.loss(
                        policy.indexSelect(0, Indices.of(pairs[0])),
                        policy.indexSelect(0, Indices.of(pairs[1])),
                        reference.indexSelect(0, Indices.of(pairs[0])),
                        reference.indexSelect(0, Indices.of(pairs[1])),
                        beta)[0]
                        .backward();
                double[] implicit = policy.sub(reference).mul(beta).toArray();
                for (int i = 0; i < ANSWERS; i++) {
                    curves[i][step] = implicit[i];
                }
                adam.step(step < 100 ? 0.3 : 0.03);
            }
            String name = String.format(Locale.ROOT, "DPO, β = %.1f:         ", beta);
            print(name, logits.softmax());
            print(" ref·exp(score/β)/Z:  ", reference.add(scores.div(beta)).softmax());
            if (beta == 0.5) {
                for (int i = 0; i < ANSWERS; i++) {
                    plot.line("worth " + WORTH[i], curves[i]);
                }
            }
        }
        plot.save("preferences-dpo");
    }

    /// Three answers that share one weight, with the features 1/2, 0 and 1: who pushes the first up against the
    /// second, lifts the third still more.
    private static void third() {
        Tensor features = Tensor.of(new float[] {0.5f, 0, 1}, 3);
        Tensor weight = Tensor.zeros(1).requireGrad();
        Tensor reference = features.mul(0).logSoftmax();
        AdamW adam = new AdamW(List.of(weight), AdamConfig.defaults().withWeightDecay(0));
        for (int step = 0; step <= 60; step++) {
            adam.zeroGrad();
            Tensor policy = features.mul(weight).logSoftmax();
            Tensor[] dpo = DpoLoss.loss(
                    policy.slice(0, 0, 1),
                    policy.slice(0, 1, 2),
                    reference.slice(0, 0, 1),
                    reference.slice(0, 1, 2),
                    1);
            if (step % 20 == 0) {
                double[] p = policy.exp().toArray();
                System.out.printf(
                        Locale.ROOT,
                        "step %2d: loss %.3f, chosen %.3f, rejected %.3f, a third answer %.3f%n",
                        step,
                        dpo[0].item(),
                        p[0],
                        p[1],
                        p[2]);
            }
            dpo[0].backward();
            adam.step(0.1);
        }
    }
}
