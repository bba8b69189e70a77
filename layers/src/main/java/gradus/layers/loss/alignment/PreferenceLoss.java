package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;
import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Losses that teach a policy from pairs of answers, without a reward model and without sampling. The names
/// are TRL's (`loss_type`). With the log-ratios `a = ln π(y_w) - ln ref(y_w)` of the chosen and `b` of the
/// rejected answer, and `h = a - b`.
///
/// Direct preference optimisation, Rafailov et al. 2023, arXiv:2305.18290, equation 7, is [#SIGMOID]: the
/// policy that is best for a reward r at the price `β·KL(π‖ref)` is `π ∝ ref·exp(r/β)`. Solved for r, that
/// reward is `β·ln(π/ref)` up to a constant, so the loss of [RewardPairLoss] can be written with the policy in
/// the place of the reward model. Its gradient weighs a pair by `σ(-βh)`, the probability that the policy ranks
/// it wrongly.
///
/// It is the difference that grows. The log-probability of the chosen answer often falls too.
public enum PreferenceLoss {
    /// `-(1-ε)·ln σ(βh) - ε·ln σ(-βh)`. With ε above 0 it is the conservative DPO (Mitchell 2023), for data in
    /// which a share ε of the pairs is swapped: it stops at `σ(βh) = 1 - ε`.
    SIGMOID(Compared.RATIOS, Labels.MAY_BE_SWAPPED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return smoothed(a.sub(b).mul(beta), 1 - eps, eps); // (N)
        }
    },
    /// `(-(1-ε)·ln σ(βh) + ε·ln σ(-βh))/(1 - 2ε)`: on data in which a share ε of the pairs is swapped, its
    /// mean is that of [#SIGMOID] on the true pairs. Chowdhury et al. 2024, arXiv:2403.00409, equation 12.
    ROBUST(Compared.RATIOS, Labels.MAY_BE_SWAPPED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return smoothed(a.sub(b).mul(beta), 1 - eps, -eps).div(1 - 2 * eps); // (N)
        }
    },
    /// `(h - 1/(2β))²`: the difference shall reach a margin and stay there, even where all people agree. Azar
    /// et al. 2023, arXiv:2310.12036, equation 17. **Departure**, as in TRL and on its authors' advice: a and
    /// b are means over tokens.
    IPO(Compared.MEAN_RATIOS, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.sub(b).sub(1 / (2 * beta)).square(); // (N)
        }
    },
    /// `max(0, 1 - βh)`: a pair that is ranked right by a margin teaches nothing more. Zhao et al. 2023
    /// (SLiC), arXiv:2305.10425, with the reference as in Liu et al. 2023 (RSO), arXiv:2309.06657, equation
    /// 10.
    HINGE(Compared.RATIOS, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.sub(b).mul(-beta).add(1).relu(); // (N)
        }
    },
    /// [#SIGMOID] where a and b are means over tokens: long answers have larger sums, so without it the loss
    /// prefers length. Lambert et al. 2024 (Tülu 3), arXiv:2411.15124, equation 6.
    SIGMOID_NORM(Compared.MEAN_RATIOS, Labels.MAY_BE_SWAPPED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return smoothed(a.sub(b).mul(beta), 1 - eps, eps); // (N)
        }
    },
    /// `KL(q‖p)` with `q = (σ(βh), σ(-βh))` and `p = (1-ε, ε)`: the other direction of the divergence than
    /// [#SIGMOID]. Ji et al. 2024, arXiv:2402.00856, equation 16. It needs ε above 0; TRL's example has 1e-3.
    EXO_PAIR(Compared.RATIOS, Labels.MUST_BE_SMOOTHED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            Tensor x = a.sub(b).mul(beta); // (N)
            Tensor right = x.sigmoid().mul(x.logSigmoid().sub(Math.log1p(-eps))); // (N)
            Tensor wrong = x.neg().sigmoid().mul(x.neg().logSigmoid().sub(Math.log(eps))); // (N)
            return right.add(wrong);
        }
    },
    /// `-ln σ(βa) - ½·ln σ(-βa) - ½·ln σ(-βb)`: the chosen answer's own log-ratio counts, so its
    /// log-probability does not fall. Chen et al. 2024, arXiv:2402.05369, for pairs.
    NCA_PAIR(Compared.RATIOS, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            Tensor x = a.mul(beta); // (N)
            Tensor y = b.mul(beta); // (N)
            return x.logSigmoid()
                    .add(x.neg().logSigmoid().mul(0.5))
                    .add(y.neg().logSigmoid().mul(0.5))
                    .neg();
        }
    },
    /// `(a - 1/(2β))² + (b + 1/(2β))²`: a shall rise to a margin and b fall to it. Wu et al. 2024,
    /// arXiv:2405.00675, with the probability of winning taken to be 1.
    SPPO_HARD(Compared.RATIOS, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            double margin = 1 / (2 * beta);
            return a.sub(margin).square().add(b.add(margin).square()); // (N)
        }
    },
    /// `1 - σ(βa) + σ(βb)`: the chosen answer becomes more probable and the rejected one less, for chosen
    /// answers that are better than what the policy writes. D'Oosterlinck et al. 2024, arXiv:2408.06266,
    /// equation 7.
    APO_ZERO(Compared.RATIOS, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.mul(-beta).sigmoid().add(b.mul(beta).sigmoid()); // (N)
        }
    },
    /// `σ(βa) + 1 - σ(βh)`: both become less probable, the rejected one more so, for chosen answers that are
    /// worse than what the policy writes. The same paper, equation 8.
    APO_DOWN(Compared.RATIOS, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.mul(beta).sigmoid().add(a.sub(b).mul(-beta).sigmoid()); // (N)
        }
    },
    /// `-ln σ(βa) - ln σ(-βb)`: a classifier that tells chosen from rejected answers one by one, with βa and βb
    /// as its logits. Jung et al. 2024 (BCO), arXiv:2404.04656, for pairs. **Departure**, as in TRL's
    /// `bco_pair`: nothing is subtracted from the logits, where the paper has a moving mean of both (δ).
    BCO_PAIR(Compared.RATIOS, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.mul(beta).logSigmoid().add(b.mul(-beta).logSigmoid()).neg(); // (N)
        }
    },
    /// [#SIGMOID] of `ln π(y_w) - ln π(y_l)` less `ln ref(y_w) - ln ref(y_l)` where both are sorted over the
    /// batch, the smallest against the smallest: not each pair is to be told better than the reference tells
    /// it, but the distribution of margins is to lie above the reference's (dominance of the first order).
    /// Melnyk et al. 2024, arXiv:2406.05882, "paired". Of one pair it is [#SIGMOID].
    AOT(Compared.RANKED_MARGINS, Labels.MAY_BE_SWAPPED) {
        @Override
        Tensor loss(Tensor margins, Tensor reference, double beta, double eps) {
            return smoothed(margins.sub(reference).mul(beta), 1 - eps, eps); // (N)
        }
    },
    /// [#SIGMOID] with all a and all b sorted over the batch: the rewards of chosen answers are to lie above
    /// those of rejected ones as distributions, so answers need not be to the same prompt. The same paper,
    /// "unpaired".
    AOT_UNPAIRED(Compared.RANKED_RATIOS, Labels.MAY_BE_SWAPPED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return smoothed(a.sub(b).mul(beta), 1 - eps, eps); // (N)
        }
    },
    /// `(1 - s)·(-ln σ(x)) + s·exp(-x)` with `x = βh` and `s = σ(x/τ)`, τ = 0.05: logistic where the pair is
    /// ranked wrongly, exponential where rightly. Lu et al. 2024 (DiscoPOP, found by a language model),
    /// arXiv:2406.08414, equation 5. It is not convex: near 0 it has a bump.
    DISCOPOP(Compared.RATIOS, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            Tensor x = a.sub(b).mul(beta); // (N)
            Tensor scaled = x.div(DISCOPOP_TAU); // (N)
            Tensor exponential = scaled.logSigmoid().sub(x).exp(); // (N), as s·exp(-x) is 0·∞ far below 0
            return exponential.sub(scaled.neg().sigmoid().mul(x.logSigmoid())); // (N)
        }
    };

    private static final double DISCOPOP_TAU = 0.05;

    /// What a loss sees of the pairs, as a and b.
    private enum Compared {
        /// The log-ratios of chosen and of rejected answers.
        RATIOS,
        /// The same as means over tokens.
        MEAN_RATIOS,
        /// The same, each sorted.
        RANKED_RATIOS,
        /// The policy's margins and the reference's, each sorted.
        RANKED_MARGINS
    }

    /// Which label smoothing a loss has.
    private enum Labels {
        CERTAIN,
        MAY_BE_SWAPPED,
        MUST_BE_SMOOTHED
    }

    private final Compared compared;
    private final Labels labels;

    PreferenceLoss(Compared compared, Labels labels) {
        this.compared = compared;
        this.labels = labels;
    }

    /// @param a (N)
    /// @param b (N)
    abstract Tensor loss(Tensor a, Tensor b, double beta, double eps);

    /// `-(own·ln σ(x) + other·ln σ(-x))`
    private static Tensor smoothed(Tensor x, double own, double other) {
        Tensor right = x.logSigmoid().mul(-own); // (N)
        return other == 0 ? right : right.sub(x.neg().logSigmoid().mul(other)); // (N)
    }

    /// Whether the log-ratios are means over tokens, so that [PairLogProbs] must have lengths.
    public boolean needsLengths() {
        return compared == Compared.MEAN_RATIOS;
    }

    /// The mean over pairs.
    ///
    /// **Shapes** → ()
    ///
    /// @param beta           β, above 0: the higher, the nearer the policy stays to the reference; 0.1 is
    ///     usual
    /// @param labelSmoothing ε, the share of pairs taken to be swapped, from 0 to below ½
    /// @throws gradus.error.ConfigException if β or ε is out of range, or this loss has no ε
    /// @throws gradus.error.ShapeException  if lengths are needed and missing
    public Tensor of(PairLogProbs pairs, double beta, double labelSmoothing) {
        return each(pairs, beta, labelSmoothing).mean(); // ()
    }

    /// The loss of each pair; of [#AOT] and [#AOT_UNPAIRED], of each rank.
    ///
    /// **Shapes** → (N)
    public Tensor each(PairLogProbs pairs, double beta, double labelSmoothing) {
        given(pairs, "preferenceLoss", "pairs");
        require(
                beta > 0 && Double.isFinite(beta),
                "preferenceLoss: beta must be above 0; got %s (with 0 the policy would not be learned at all)",
                beta);
        require(
                labelSmoothing >= 0 && labelSmoothing < 0.5,
                "preferenceLoss: labelSmoothing must be from 0 to below 0.5; got %s",
                labelSmoothing);
        require(
                labels != Labels.CERTAIN || labelSmoothing == 0,
                "preferenceLoss: %s has no label smoothing; got %s",
                this,
                labelSmoothing);
        require(
                labels != Labels.MUST_BE_SMOOTHED || labelSmoothing > 0,
                "preferenceLoss: %s needs a labelSmoothing above 0; got %s",
                this,
                labelSmoothing);
        Tensor a = pairs.chosenLogRatio(); // (N)
        Tensor b = pairs.rejectedLogRatio(); // (N)
        return switch (compared) {
            case RATIOS -> loss(a, b, beta, labelSmoothing);
            case MEAN_RATIOS -> {
                given(pairs.chosenLength(), "preferenceLoss " + this, "the lengths of the answers");
                Tensor chosen = a.div(atLeastOne(pairs.chosenLength())); // (N)
                yield loss(chosen, b.div(atLeastOne(pairs.rejectedLength())), beta, labelSmoothing);
            }
            case RANKED_RATIOS -> loss(sorted(a), sorted(b), beta, labelSmoothing);
            case RANKED_MARGINS -> {
                Tensor margins = pairs.chosen().sub(pairs.rejected()); // (N)
                Tensor reference = pairs.refChosen().sub(pairs.refRejected()).detach(); // (N)
                yield loss(sorted(margins), sorted(reference), beta, labelSmoothing);
            }
        };
    }

    /// From the smallest to the largest; of equal ones the first stays first.
    private static Tensor sorted(Tensor x) {
        double[] values = x.toArray();
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(i -> i)
                .toArray();
        return x.indexSelect(0, Indices.of(order)); // (N)
    }

    private static Tensor atLeastOne(Tensor length) {
        return length.detach().clamp(1, Double.POSITIVE_INFINITY); // (N)
    }
}
