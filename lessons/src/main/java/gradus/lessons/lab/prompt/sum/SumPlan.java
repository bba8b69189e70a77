package gradus.lessons.lab.prompt.sum;

import gradus.lessons.lab.material.ModelPlan;
import java.util.Locale;

/// Sizes of the experiments with [DigitSum].
///
/// @param model    of every recipe
/// @param digits   of a question
/// @param heldOut  questions to measure with
/// @param goal     where the half-taught model stops learning
public record SumPlan(ModelPlan model, int digits, int heldOut, double goal) {
    /// Two layers of 64 channels: a training takes seconds.
    public static SumPlan standard() {
        return new SumPlan(new ModelPlan(2, 2, 64, 300, 32, 1e-2), 5, 150, 0.6);
    }

    SumRecipe of(Rationale rationale) {
        return new SumRecipe("sum-" + rationale.name().toLowerCase(Locale.ROOT), model, digits, rationale, 1);
    }

    /// Knows the steps by half.
    SumRecipe half() {
        return new SumRecipe("sum-half", model, digits, Rationale.STEPS, goal);
    }
}
