package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;
import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;

/// Learning from answers of which each was found good or bad by itself, without pairs: the mean of `w·(1 -
/// σ(β·s·(x - z)))`, with the log-ratio `x = ln π(y) - ln ref(y)`, the sign s = 1 and the weight `w_D` for
/// desirable answers, s = -1 and `w_U` for undesirable ones. The baseline z estimates `KL(π‖ref)`: an answer
/// is a gain only if it is more probable than the policy has made answers in general. Ethayarajh et al. 2024,
/// arXiv:2402.01306, equations 7 and 8.
///
/// With `w_D·n_D` between 1 and 4/3 of `w_U·n_U` for n_D and n_U answers of each kind, none drowns the other
/// (section 4.2 of the paper).
///
/// Departures: as in TRL, the loss is `w·(1 - v)` where the paper has `λ - v`, which has the same gradient.
public final class KtoLoss {
    private KtoLoss() {}

    /// The baseline `z = max(0, mean(ln π(y') - ln ref(y')))` of answers y' put beside prompts that they do
    /// not belong to. It has no gradient: it says where the policy stands, and shall not be moved.
    ///
    /// **Shapes** policy (M), reference (M) → ()
    ///
    /// @param policy    ln π of the mismatched answers
    /// @param reference ln ref of the same answers
    /// @throws gradus.error.ShapeException if the shapes differ or there is none
    public static Tensor baseline(Tensor policy, Tensor reference) {
        TokenShapes.requireRows("ktoLoss", "policy", policy, "reference", reference);
        return policy.detach().sub(reference.detach()).mean().relu(); // ()
    }

    /// **Shapes** policy (N), reference (N), desirable (N), baseline () → ()
    ///
    /// @param policy            ln π of the answers, summed over tokens
    /// @param reference         ln ref of the same answers; used detached
    /// @param desirable         1 where an answer is desirable, 0 where it is not
    /// @param baseline          z, from [#baseline]; used detached
    /// @param beta              β, above 0
    /// @param desirableWeight   w_D, at least 0
    /// @param undesirableWeight w_U, at least 0
    /// @throws gradus.error.ConfigException if β or a weight is out of range
    /// @throws gradus.error.ShapeException  if the shapes do not fit
    public static Tensor of(
            Tensor policy,
            Tensor reference,
            Tensor desirable,
            Tensor baseline,
            double beta,
            double desirableWeight,
            double undesirableWeight) {
        require(beta > 0 && Double.isFinite(beta), "ktoLoss: beta must be above 0; got %s", beta);
        require(
                desirableWeight >= 0
                        && undesirableWeight >= 0
                        && Double.isFinite(desirableWeight)
                        && Double.isFinite(undesirableWeight),
                "ktoLoss: weights must be at least 0; got %s and %s",
                desirableWeight,
                undesirableWeight);
        TokenShapes.requireRows("ktoLoss", "policy", policy, "reference", reference);
        TokenShapes.requireRows("ktoLoss", "policy", policy, "desirable", desirable);
        given(baseline, "ktoLoss", "the baseline");
        gradus.error.ShapeException.require(
                baseline.rank() == 0, "ktoLoss: the baseline must be a scalar; got %s", baseline.shape());
        Tensor good = desirable.detach(); // (N)
        Tensor gain = policy.sub(reference.detach()).sub(baseline.detach()); // (N)
        Tensor signed = gain.mul(good.mul(2).sub(1)); // (N)
        Tensor weights = good.mul(desirableWeight - undesirableWeight).add(undesirableWeight); // (N)
        return weights.mul(signed.mul(-beta).sigmoid()).mean(); // (), 1 - σ(x) = σ(-x)
    }
}
