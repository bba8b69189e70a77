package gradus.lessons.prompt.tree;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Steps;
import java.util.List;

/// Asks for several thoughts in one prompt, so that none comes twice: good where there are few, such as the
/// steps of a calculation.
public record ProposedThoughts(CompletionOptions options) implements ThoughtSource {
    @Override
    public List<String> next(TreeProblem problem, String state, Steps steps, String name) {
        return problem.next(state, steps.ask(name, problem.proposalPrompt(state), options));
    }
}
