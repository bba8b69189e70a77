package gradus.layers.loss.alignment;

import gradus.layers.Golden;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The losses as TRL computes them: values and gradients on what `trl_golden.py` holds.
class TrlGoldenTest {
    /// For which TRL has `label_smoothing`.
    private static final Set<PreferenceLoss> SMOOTHED =
            EnumSet.of(PreferenceLoss.ROBUST, PreferenceLoss.EXO_PAIR, PreferenceLoss.AOT, PreferenceLoss.AOT_UNPAIRED);

    private static String name(Object loss, ImportanceRatio level) {
        return (loss + "_" + level).toLowerCase(Locale.ROOT);
    }

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
                double eps = SMOOTHED.contains(loss) ? golden.number("label_smoothing") : 0;
                losses.put(loss.name().toLowerCase(Locale.ROOT), loss.of(pairs, golden.number("beta"), eps));
            }
            losses.put("sft", AnswerNll.of(pairs.chosen(), pairs.chosenLength()));
            golden.check(losses);
        });
    }

    @TestFactory
    Stream<DynamicTest> kto() {
        return Golden.each("trl_kto", golden -> {
            Tensor logits = golden.input("logits");
            Tensor mask = numbers(golden.indices("mask"), logits);
            Tensor baseline = KtoLoss.baseline(golden.input("mismatched"), golden.input("mismatched_ref"));
            Map<String, Tensor> losses = new LinkedHashMap<>();
            for (UnpairedLoss loss : UnpairedLoss.values()) {
                losses.put(
                        loss.name().toLowerCase(Locale.ROOT),
                        loss.of(
                                sequences(logits, golden.indices("ids"), mask),
                                golden.input("ref"),
                                numbers(golden.indices("label"), logits),
                                loss.needsBaseline() ? baseline : null,
                                golden.number("beta"),
                                golden.number("desirable"),
                                golden.number("undesirable")));
            }
            golden.check(losses);
        });
    }

    /// Every `loss_type` with ratios of tokens and of answers; those that clip, also with `delta`. In some draws an
    /// answer has no token: what `mask_truncated_completions` leaves of one without an end.
    @TestFactory
    Stream<DynamicTest> grpo() {
        return Golden.each("trl_grpo", golden -> {
            Tensor logProbs = golden.input("logprobs");
            Tensor mask = numbers(golden.indices("mask"), logProbs);
            Tensor advantages = golden.input("advantages").unsqueeze(1);
            Tensor old = golden.input("old");
            Tensor divergence = KlEstimator.K3.of(logProbs, golden.input("ref")).mul(golden.number("beta")); // (N, T)
            double tokens = golden.number("num_items_in_batch");
            int longest = golden.whole("max_completion_length");
            Map<String, Tensor> losses = new LinkedHashMap<>();
            for (ImportanceRatio level : ImportanceRatio.values()) {
                Tensor ratio = level.logRatio(logProbs, old, mask);
                for (double delta : new double[] {golden.number("delta"), Double.POSITIVE_INFINITY}) {
                    Tensor perToken = ClippedSurrogate.ofLogRatio(
                                    ratio,
                                    advantages,
                                    golden.number("epsilon_low"),
                                    golden.number("epsilon_high"),
                                    delta)
                            .add(divergence);
                    for (Aggregation aggregation : Aggregation.values()) {
                        losses.put(
                                name(aggregation, level) + (delta > 2 ? "" : "_delta"),
                                aggregation.of(perToken, mask, longest, tokens));
                    }
                }
                Tensor cispo = Cispo.of(logProbs, ratio, advantages, golden.number("epsilon_max"));
                losses.put(name("cispo", level), Aggregation.DAPO.of(cispo.add(divergence), mask, longest, tokens));
                Tensor sapo = Sapo.of(ratio, advantages, 1, 1.05);
                losses.put(name("sapo", level), Aggregation.GRPO.of(sapo.add(divergence), mask, longest, tokens));
            }
            Tensor vespo = Vespo.defaults().of(logProbs, old, mask, advantages);
            losses.put("vespo", Aggregation.DAPO.of(vespo.add(divergence), mask, longest, tokens));
            golden.check(losses);
        });
    }

    @TestFactory
    Stream<DynamicTest> ppo() {
        return Golden.each("trl_ppo", golden -> {
            Tensor logProbs = golden.input("logprobs");
            Tensor mask = numbers(golden.indices("mask"), logProbs);
            double clip = golden.number("cliprange");
            Tensor policy = ClippedSurrogate.of(logProbs, golden.input("old"), golden.input("advantages"), clip, clip);
            golden.check(Map.of(
                    "policy", Aggregation.BNPO.of(policy, mask),
                    "value",
                            ValueLoss.of(
                                    golden.input("values"),
                                    golden.input("old_values"),
                                    golden.input("returns"),
                                    mask,
                                    golden.number("cliprange_value"))));
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
