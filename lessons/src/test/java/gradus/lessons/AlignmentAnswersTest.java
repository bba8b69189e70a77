package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.loss.alignment.Aggregation;
import gradus.layers.loss.alignment.ClippedSurrogate;
import gradus.layers.loss.alignment.KlEstimator;
import gradus.layers.loss.alignment.PairLogProbs;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.layers.loss.alignment.RewardPairLoss;
import gradus.layers.loss.alignment.Rloo;
import gradus.lessons.grpo.BestPolicy;
import gradus.lessons.grpo.GroupAdvantages;
import gradus.lessons.grpo.KlEstimates;
import gradus.lessons.grpo.TokenLoss;
import gradus.lessons.lab.align.ClosedForm;
import gradus.lessons.policygradients.ClippedLoss;
import gradus.lessons.policygradients.GaeEstimate;
import gradus.lessons.policygradients.LeaveOneOut;
import gradus.lessons.policygradients.WhitenTokens;
import gradus.lessons.preferences.AnswerLogProb;
import gradus.lessons.preferences.DpoLoss;
import gradus.lessons.preferences.LastScore;
import gradus.lessons.preferences.RewardPair;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.rl.Gae;
import gradus.train.rl.GroupAdvantage;
import gradus.train.rl.Whitening;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// The answers of the lessons on alignment are what the library computes, whose values are those of TRL: so an
/// answer and its grader cannot share a mistake. In float64, where both differ by rounding only.
class AlignmentAnswersTest {
    /// Sums of at most 100 numbers below 100 are off by 100·100·2⁻⁵² = 2e-12; those of rewards below 20, divided by a
    /// deviation that may be near 0 and 1e-4, by 20·2⁻⁵²/1e-4 = 4e-11.
    private static final double ROUNDING = 1e-10;

    private static Tensor normal(Rng rng, int... dims) {
        return Tensor.randn(rng, dims).to(DType.FLOAT64);
    }

    /// Rows that begin with 1s, at least so many.
    private static Tensor mask(Rng rng, int least, int rows, int time) {
        double[] mask = new double[rows * time];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % time < least + rng.index(i / time, time - least + 1) ? 1 : 0;
        }
        return Tensor.of(mask, rows, time);
    }

    private static void same(Tensor actual, Tensor expected) {
        same(actual.toArray(), expected.toArray());
    }

    private static void same(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, within(ROUNDING));
    }

    @Property(tries = 200)
    void rewardPair(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        Rng rng = Rng.of(seed);
        Tensor chosen = normal(rng.at(1), n).mul(5);
        Tensor rejected = normal(rng.at(2), n).mul(5);
        Tensor margin = normal(rng.at(3), n).abs();
        same(RewardPair.loss(chosen, rejected, margin), RewardPairLoss.of(chosen, rejected, margin, 0));
    }

    @Property(tries = 200)
    void dpo(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        Tensor[] p = new Tensor[4];
        Arrays.setAll(p, i -> normal(Rng.of(seed).at(i), n).mul(3).sub(9));
        Tensor[] dpo = DpoLoss.loss(p[0], p[1], p[2], p[3], 0.3);
        PairLogProbs pairs = PairLogProbs.of(p[0], p[1], p[2], p[3]);
        same(dpo[0], PreferenceLoss.SIGMOID.of(pairs, 0.3, 0));
        same(dpo[1], pairs.chosenLogRatio().mul(0.3));
        same(dpo[2], pairs.rejectedLogRatio().mul(0.3));
    }

    @Property(tries = 200)
    void scoresAndLogProbs(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int n) {
        Rng rng = Rng.of(seed);
        int time = 6;
        Tensor real = mask(rng, 1, n, time);
        Tensor values = normal(rng.at(1), n, time);
        double[] last = LastScore.scores(values, real).toArray();
        Tensor logits = normal(rng.at(2), n, time, 4).mul(4);
        int[] ids = new int[n * time];
        Arrays.setAll(ids, i -> rng.at(3).index(i, 4));
        Tensor answer = real.mul(Tensor.of(new double[] {0, 1, 1, 1, 1, 1}, 1, time)); // not the first
        double[] flat = logits.toArray();
        double[] sums = AnswerLogProb.logProbs(logits, Indices.of(Shape.of(n, time), ids), answer)
                .toArray();
        for (int row = 0; row < n; row++) {
            int length = (int) real.select(0, row).sum().item();
            assertThat(last[row]).isEqualTo(values.get(row, length - 1));
            double sum = 0;
            for (int t = 1; t < length; t++) {
                int at = (row * time + t - 1) * 4;
                double z = Arrays.stream(flat, at, at + 4).map(Math::exp).sum();
                sum += flat[at + ids[row * time + t]] - Math.log(z);
            }
            assertThat(sums[row]).isCloseTo(sum, within(ROUNDING));
        }
    }

    @Property(tries = 200)
    void groups(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int prompts,
            @ForAll @IntRange(min = 2, max = 7) int k) {
        Tensor rewards = normal(Rng.of(seed), prompts * k).mul(3);
        double[] paid = rewards.toArray();
        same(LeaveOneOut.advantages(paid, k), Rloo.advantages(rewards, k).toArray());
        same(GroupAdvantages.advantages(paid, k, true), GroupAdvantage.NORMALISED.of(paid, k));
        same(GroupAdvantages.advantages(paid, k, false), GroupAdvantage.CENTRED.of(paid, k));
        same(GroupAdvantages.advantages(paid, 1, true), new double[paid.length]);
    }

    @Property(tries = 200)
    void advantages(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int first,
            @ForAll @IntRange(min = 1, max = 9) int n) {
        double[] rewards = normal(Rng.of(seed).at(1), first + n).toArray();
        double[] values = normal(Rng.of(seed).at(2), first + n).toArray();
        boolean[] done = new boolean[first + n];
        done[first - 1] = true; // an episode, and another one that ends too
        done[first + n - 1] = true;
        double[][] both = GaeEstimate.estimate(rewards, values, done, 7, 0.9, 0.8);
        double[][] white = new double[2][];
        for (int part = 0; part < 2; part++) {
            int from = part * first;
            int to = part == 0 ? first : first + n;
            Gae.Estimate expected =
                    new Gae(0.9, 0.8).of(Arrays.copyOfRange(rewards, from, to), Arrays.copyOfRange(values, from, to));
            same(Arrays.copyOfRange(both[0], from, to), expected.advantages());
            same(Arrays.copyOfRange(both[1], from, to), expected.returns());
            white[part] = expected.advantages();
        }
        double[][] expected = Whitening.of(white);
        double[][] padded = {Arrays.copyOf(white[0], 9), Arrays.copyOf(white[1], 9)};
        double[][] actual = WhitenTokens.whiten(padded, new int[] {first, n});
        same(actual[0], Arrays.copyOf(expected[0], 9));
        same(actual[1], Arrays.copyOf(expected[1], 9));
    }

    @Property(tries = 200)
    void losses(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int n) {
        Rng rng = Rng.of(seed);
        int time = 7;
        Tensor mask = mask(rng, 1, n, time);
        Tensor old = normal(rng.at(1), n, time);
        Tensor logProbs = old.add(normal(rng.at(2), n, time).mul(0.4));
        Tensor advantages = normal(rng.at(3), n, time);
        Tensor each = ClippedSurrogate.of(logProbs, old, advantages, 0.2, 0.3);
        same(ClippedLoss.loss(logProbs, old, advantages, mask, 0.2, 0.3), Aggregation.BNPO.of(each, mask));
        Tensor some = mask(rng.at(4), 0, n, time);
        for (Aggregation way : EnumSet.range(Aggregation.GRPO, Aggregation.DAPO)) { // those of the exercise
            String type = way.name().toLowerCase(Locale.ROOT);
            same(TokenLoss.loss(each, some, type, 10, 50), way.of(each, some, 10, 50));
        }
        double[][] k = KlEstimates.estimates(logProbs.toArray(), old.toArray());
        for (KlEstimator estimator : KlEstimator.values()) {
            same(k[estimator.ordinal()], estimator.of(logProbs, old).toArray());
        }
    }

    @Property(tries = 200)
    void bestPolicy(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        double[] reference = normal(Rng.of(seed).at(1), n).softmax().toArray();
        double[] rewards = normal(Rng.of(seed).at(2), n).toArray();
        same(BestPolicy.policy(reference, rewards, 0.3), ClosedForm.gibbs(reference, rewards, 0.3));
    }
}
