package gradus.layers.loss.alignment;

import gradus.layers.Golden;
import gradus.tensor.Indices;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The losses as TRL computes them: values and gradients on what `trl_golden.py` holds.
class TrlGoldenTest {
    private static Tensor numbers(Indices indices, Tensor like) {
        double[] values = Arrays.stream(indices.values()).asDoubleStream().toArray();
        return Tensor.of(values, indices.shape().dims()).to(like.dtype());
    }

    /// ln π of the answers of logits that predict the next token each.
    ///
    /// **Shapes** logits (N, T, V), ids (N, T), mask (N, T) → (N)
    private static Tensor sequences(Tensor logits, Indices ids, Tensor mask) {
        int n = logits.dim(0);
        int t = logits.dim(1);
        int[] next = new int[n * (t - 1)];
        for (int i = 0; i < next.length; i++) {
            next[i] = ids.values()[i / (t - 1) * t + i % (t - 1) + 1];
        }
        Tensor perToken = logits.slice(1, 0, t - 1) // (N, T-1, V)
                .logSoftmax()
                .gather(2, Indices.of(next).reshape(n, t - 1, 1))
                .squeeze(2); // (N, T-1)
        return SequenceLogProbs.of(perToken, mask.slice(1, 1, t));
    }

    @TestFactory
    Stream<DynamicTest> reward() {
        return Golden.each("trl_reward", golden -> {
            Tensor chosen = golden.input("chosen");
            Tensor rejected = golden.input("rejected");
            double centring = golden.number("centring");
            golden.check(Map.of(
                    "plain", RewardPairLoss.of(chosen, rejected, null, centring),
                    "margin", RewardPairLoss.of(chosen, rejected, golden.input("margin"), centring)));
        });
    }

    @TestFactory
    Stream<DynamicTest> preferences() {
        return Golden.each("trl_dpo", golden -> {
            Tensor logits = golden.input("logits");
            Tensor mask = numbers(golden.indices("mask"), logits);
            Tensor own = sequences(logits, golden.indices("ids"), mask);
            Tensor ref = golden.input("ref");
            Tensor lengths = mask.sum(-1);
            int n = own.dim(0) / 2;
            PairLogProbs pairs = new PairLogProbs(
                    own.slice(0, 0, n),
                    own.slice(0, n),
                    ref.slice(0, 0, n),
                    ref.slice(0, n),
                    lengths.slice(0, 0, n),
                    lengths.slice(0, n));
            Map<String, Tensor> losses = new LinkedHashMap<>();
            for (PreferenceLoss loss : PreferenceLoss.values()) {
                boolean smoothed = loss == PreferenceLoss.ROBUST || loss == PreferenceLoss.EXO_PAIR;
                double eps = smoothed ? golden.number("label_smoothing") : 0;
                losses.put(loss.name().toLowerCase(Locale.ROOT), loss.of(pairs, golden.number("beta"), eps));
            }
            golden.check(losses);
        });
    }

    @TestFactory
    Stream<DynamicTest> kto() {
        return Golden.each("trl_kto", golden -> {
            Tensor logits = golden.input("logits");
            Tensor mask = numbers(golden.indices("mask"), logits);
            golden.check(KtoLoss.of(
                    sequences(logits, golden.indices("ids"), mask),
                    golden.input("ref"),
                    numbers(golden.indices("label"), logits),
                    KtoLoss.baseline(golden.input("mismatched"), golden.input("mismatched_ref")),
                    golden.number("beta"),
                    golden.number("desirable"),
                    golden.number("undesirable")));
        });
    }

    @TestFactory
    Stream<DynamicTest> grpo() {
        return Golden.each("trl_grpo", golden -> {
            Tensor logProbs = golden.input("logprobs");
            Tensor mask = numbers(golden.indices("mask"), logProbs);
            Tensor advantages = golden.input("advantages").unsqueeze(1);
            Tensor divergence = KlEstimator.K3.of(logProbs, golden.input("ref"));
            Map<String, Tensor> losses = new LinkedHashMap<>();
            for (ImportanceRatio ratio : ImportanceRatio.values()) {
                Tensor surrogate = ClippedSurrogate.ofLogRatio(
                        ratio.logRatio(logProbs, golden.input("old"), mask),
                        advantages,
                        golden.number("epsilon_low"),
                        golden.number("epsilon_high"));
                Tensor perToken = surrogate.add(divergence.mul(golden.number("beta")));
                for (Aggregation aggregation : Aggregation.values()) {
                    String name = (aggregation + "_" + ratio).toLowerCase(Locale.ROOT);
                    losses.put(
                            name,
                            aggregation.of(
                                    perToken,
                                    mask,
                                    golden.whole("max_completion_length"),
                                    golden.number("num_items_in_batch")));
                }
            }
            golden.check(losses);
        });
    }

    /// The ratio of the whole answer, not its mean over tokens: an answer is one token of [ClippedSurrogate].
    @TestFactory
    Stream<DynamicTest> rloo() {
        return Golden.each("trl_rloo", golden -> {
            Tensor logProbs = golden.input("logprobs");
            Tensor own = SequenceLogProbs.of(logProbs, numbers(golden.indices("mask"), logProbs));
            golden.check(ClippedSurrogate.of(
                            own.unsqueeze(1),
                            golden.input("old").unsqueeze(1),
                            golden.input("advantages").unsqueeze(1),
                            golden.number("epsilon_low"),
                            golden.number("epsilon_high"))
                    .mean());
        });
    }
}
