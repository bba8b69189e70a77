package gradus.lessons.lab.hallucination;

import gradus.lessons.lab.knowledge.World;

/// What is wrong with an answer. A *factual* error contradicts the world; a *faithfulness* error contradicts
/// the text that the answer was to come from. Huang et al. 2023, *A Survey on Hallucination in Large Language
/// Models*, arXiv:2311.05232. They are independent: what is read may be false.
///
/// @param factual   it is not what is the case
/// @param unfaithful it is not what the text says; without a text, never
/// @param abstained it says that nothing is known: no error of either kind
public record Judgement(boolean factual, boolean unfaithful, boolean abstained) {

    /// @param truth what is the case
    /// @param read  what the text says, or null where none was read
    public static Judgement of(String answer, String truth, String read) {
        if (answer.equals(World.UNKNOWN)) {
            return new Judgement(false, false, true);
        }
        return new Judgement(!answer.equals(truth), read != null && !answer.equals(read), false);
    }

    /// Whether it is a right answer in the world.
    public boolean right() {
        return !factual && !abstained;
    }
}
