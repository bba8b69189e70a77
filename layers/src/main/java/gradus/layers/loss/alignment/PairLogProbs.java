package gradus.layers.loss.alignment;

import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;

/// What a policy and a reference say of N pairs of answers: their log-probabilities, each summed over the
/// tokens of an answer ([SequenceLogProbs]).
///
/// **Shapes** all (N)
///
/// @param chosen         ln π of the better answers
/// @param rejected       ln π of the worse ones
/// @param refChosen      ln ref of the better answers; used detached
/// @param refRejected    ln ref of the worse ones; used detached
/// @param chosenLength   how many tokens the better answers have, or null where no loss asks
/// @param rejectedLength how many the worse ones have, or null
public record PairLogProbs(
        Tensor chosen,
        Tensor rejected,
        Tensor refChosen,
        Tensor refRejected,
        Tensor chosenLength,
        Tensor rejectedLength) {

    /// @throws gradus.error.ShapeException if shapes differ, there is no pair, or only one length is given
    public PairLogProbs {
        TokenShapes.requireRows("pairLogProbs", "chosen", chosen, "rejected", rejected);
        TokenShapes.requireRows("pairLogProbs", "chosen", chosen, "refChosen", refChosen);
        TokenShapes.requireRows("pairLogProbs", "chosen", chosen, "refRejected", refRejected);
        require(
                (chosenLength == null) == (rejectedLength == null),
                "pairLogProbs: give the lengths of both chosen and rejected answers, or of none");
        if (chosenLength != null) {
            TokenShapes.requireRows("pairLogProbs", "chosen", chosen, "chosenLength", chosenLength);
            TokenShapes.requireRows("pairLogProbs", "chosen", chosen, "rejectedLength", rejectedLength);
        }
    }

    /// Without lengths.
    public static PairLogProbs of(Tensor chosen, Tensor rejected, Tensor refChosen, Tensor refRejected) {
        return new PairLogProbs(chosen, rejected, refChosen, refRejected, null, null);
    }

    /// `ln π(y_w) - ln ref(y_w)`. Times β it is the reward of the better answers that the policy implies.
    ///
    /// **Shapes** → (N)
    public Tensor chosenLogRatio() {
        return chosen.sub(refChosen.detach());
    }

    /// `ln π(y_l) - ln ref(y_l)`.
    ///
    /// **Shapes** → (N)
    public Tensor rejectedLogRatio() {
        return rejected.sub(refRejected.detach());
    }
}
