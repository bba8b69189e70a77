package gradus.lessons.lab.prompt.addition;

import gradus.lessons.lab.material.ModelPlan;

/// Sizes of the experiment with addition.
///
/// @param model    of every recipe
/// @param digits   of a number
/// @param measures on the way
/// @param heldOut  sums to measure with
public record AdditionPlan(ModelPlan model, int digits, int measures, int heldOut) {
    /// Two layers of 64 channels, 20,480 examples: a training takes seconds.
    public static AdditionPlan standard() {
        return new AdditionPlan(new ModelPlan(2, 4, 64, 320, 64, 1e-2), 4, 8, 100);
    }

    AdditionRecipe of(AdditionFormat format) {
        return new AdditionRecipe(format, model, digits, measures, heldOut);
    }
}
