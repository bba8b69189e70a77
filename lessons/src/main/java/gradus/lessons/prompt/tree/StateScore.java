package gradus.lessons.prompt.tree;

import gradus.lessons.prompt.Steps;
import java.util.List;

/// Says how promising states are.
@FunctionalInterface
public interface StateScore {
    /// One number of at least 0 for each state, more is better.
    ///
    /// @param states different ones
    /// @param steps  asks the model, if one is needed
    /// @param name   of the step in the transcript
    double[] of(TreeProblem problem, List<String> states, Steps steps, String name);
}
