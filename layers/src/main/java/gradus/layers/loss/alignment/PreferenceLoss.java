package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;
import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;

/// Losses that teach a policy from pairs of answers, without a reward model and without sampling. The names are TRL's
/// (`loss_type`). With the log-ratios `a = ln π(y_w) - ln ref(y_w)` of the chosen and `b` of the rejected answer, and
/// `h = a - b`.
///
/// Direct preference optimisation, Rafailov et al. 2023, arXiv:2305.18290, equation 7, is [#SIGMOID]: the policy that
/// is
/// best for a reward r at the price `β·KL(π‖ref)` is `π ∝ ref·exp(r/β)`; solved for r, `β·(ln π - ln ref)` is that
/// reward
/// up to a constant, so the loss of [RewardPairLoss] can be written with the policy in the place of the reward model.
/// Its gradient weighs a pair by `σ(-βh)`, the probability that the policy ranks it wrongly.
///
/// It is the difference that grows. The log-probability of the chosen answer often falls too.
public enum PreferenceLoss {
    /// `-(1-ε)·ln σ(βh) - ε·ln σ(-βh)`. With ε above 0 it is the conservative DPO (Mitchell 2023), for data in which a
    /// share ε of the pairs is swapped: it stops at `σ(βh) = 1 - ε`.
    SIGMOID(Lengths.SUM, Labels.MAY_BE_SWAPPED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return smoothed(a.sub(b).mul(beta), 1 - eps, eps); // (N)
        }
    },
    /// `(-(1-ε)·ln σ(βh) + ε·ln σ(-βh))/(1 - 2ε)`: on data in which a share ε of the pairs is swapped, its mean is that
    /// of [#SIGMOID] on the true pairs. Chowdhury et al. 2024, arXiv:2403.00409, equation 12.
    ROBUST(Lengths.SUM, Labels.MAY_BE_SWAPPED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return smoothed(a.sub(b).mul(beta), 1 - eps, -eps).div(1 - 2 * eps); // (N)
        }
    },
    /// `(h - 1/(2β))²`: the difference shall reach a margin and stay there, even where all people agree. Azar et al.
    /// 2023, arXiv:2310.12036, equation 17. **Departure**, as in TRL and on its authors' advice: a and b are means
    over
    /// tokens.
    IPO(Lengths.MEAN, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.sub(b).sub(1 / (2 * beta)).square(); // (N)
        }
    },
    /// `max(0, 1 - βh)`: a pair that is ranked right by a margin teaches nothing more. Zhao et al. 2023 (SLiC),
    /// arXiv:2305.10425, with the reference as in Liu et al. 2023 (RSO), arXiv:2309.06657, equation 10.
    HINGE(Lengths.SUM, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.sub(b).mul(-beta).add(1).relu(); // (N)
        }
    },
    /// [#SIGMOID] where a and b are means over tokens: long answers have larger sums, so without it the loss prefers
    /// length. Lambert et al. 2024 (Tülu 3), arXiv:2411.15124, equation 6.
    SIGMOID_NORM(Lengths.MEAN, Labels.MAY_BE_SWAPPED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return smoothed(a.sub(b).mul(beta), 1 - eps, eps); // (N)
        }
    },
    /// `KL(q‖p)` with `q = (σ(βh), σ(-βh))` and `p = (1-ε, ε)`: the other direction of the divergence than [#SIGMOID].
    /// Ji et al. 2024, arXiv:2402.00856, equation 16. It needs ε above 0; TRL's example has 1e-3.
    EXO_PAIR(Lengths.SUM, Labels.MUST_BE_SMOOTHED) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            Tensor x = a.sub(b).mul(beta); // (N)
            Tensor right = x.sigmoid().mul(x.logSigmoid().sub(Math.log1p(-eps))); // (N)
            Tensor wrong = x.neg().sigmoid().mul(x.neg().logSigmoid().sub(Math.log(eps))); // (N)
            return right.add(wrong);
        }
    },
    /// `-ln σ(βa) - ½·ln σ(-βa) - ½·ln σ(-βb)`: the chosen answer's own log-ratio counts, so its log-probability does
    /// not fall. Chen et al. 2024, arXiv:2402.05369, for pairs.
    NCA_PAIR(Lengths.SUM, Labels.CERTAIN) {
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
    /// `(a - 1/(2β))² + (b + 1/(2β))²`: a shall rise to a margin and b fall to it. Wu et al. 2024, arXiv:2405.00675,
    /// with
    /// the probability of winning taken to be 1.
    SPPO_HARD(Lengths.SUM, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            double margin = 1 / (2 * beta);
            return a.sub(margin).square().add(b.add(margin).square()); // (N)
        }
    },
    /// `1 - σ(βa) + σ(βb)`: the chosen answer becomes more probable and the rejected one less, for chosen answers that
    /// are better than what the policy writes. D'Oosterlinck et al. 2024, arXiv:2408.06266, equation 7.
    APO_ZERO(Lengths.SUM, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.mul(-beta).sigmoid().add(b.mul(beta).sigmoid()); // (N)
        }
    },
    /// `σ(βa) + 1 - σ(βh)`: both become less probable, the rejected one more so, for chosen answers that are worse than
    /// what the policy writes. The same paper, equation 8.
    APO_DOWN(Lengths.SUM, Labels.CERTAIN) {
        @Override
        Tensor loss(Tensor a, Tensor b, double beta, double eps) {
            return a.mul(beta).sigmoid().add(a.sub(b).mul(-beta).sigmoid()); // (N)
        }
    };

    private enum Lengths {
        SUM,
        MEAN
    }

    /// Which label smoothing a loss has.
    private enum Labels {
        CERTAIN,
        MAY_BE_SWAPPED,
        MUST_BE_SMOOTHED
    }

    private final Lengths lengths;
    private final Labels labels;

    PreferenceLoss(Lengths lengths, Labels labels) {
        this.lengths = lengths;
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
        return lengths == Lengths.MEAN;
    }

    /// The mean over pairs.
    ///
    /// **Shapes** → ()
    ///
    /// @param beta           β, above 0: the higher, the nearer the policy stays to the reference; 0.1 is usual
    /// @param labelSmoothing ε, the share of pairs taken to be swapped, from 0 to below ½
    /// @throws gradus.error.ConfigException if β or ε is out of range, or this loss has no ε
    /// @throws gradus.error.ShapeException  if lengths are needed and missing
    public Tensor of(PairLogProbs pairs, double beta, double labelSmoothing) {
        return each(pairs, beta, labelSmoothing).mean(); // ()
    }

    /// The loss of each pair.
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
        if (lengths == Lengths.MEAN) {
            given(pairs.chosenLength(), "preferenceLoss " + this, "the lengths of the answers");
            a = a.div(atLeastOne(pairs.chosenLength())); // (N)
            b = b.div(atLeastOne(pairs.rejectedLength())); // (N)
        }
        return loss(a, b, beta, labelSmoothing);
    }

    private static Tensor atLeastOne(Tensor length) {
        return length.detach().clamp(1, Double.POSITIVE_INFINITY); // (N)
    }
}
