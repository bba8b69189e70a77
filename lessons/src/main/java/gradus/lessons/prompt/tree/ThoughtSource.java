package gradus.lessons.prompt.tree;

import gradus.lessons.prompt.Steps;
import java.util.List;

/// Finds the states that may follow a state.
@FunctionalInterface
public interface ThoughtSource {
    /// @param steps asks the model, if one is needed
    /// @param name  of the step in the transcript
    List<String> next(TreeProblem problem, String state, Steps steps, String name);
}
