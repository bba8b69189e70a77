package gradus.lessons.prompt.tree;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Steps;
import java.util.List;

/// Asks for each state on its own how promising it is, n times, and adds what the answers are worth.
///
/// @param n       how often
/// @param options how an answer is completed
public record ValueScore(int n, CompletionOptions options) implements StateScore {
    /// @throws gradus.error.ConfigException unless n ≥ 1
    public ValueScore {
        require(n >= 1, "n, how often a state is valued, must be at least 1; got %d", n);
    }

    @Override
    public double[] of(TreeProblem problem, List<String> states, Steps steps, String name) {
        double[] scores = new double[states.size()];
        for (int s = 0; s < scores.length; s++) {
            String prompt = problem.valuePrompt(states.get(s));
            for (int i = 0; i < n; i++) {
                long seed = SampledThoughts.seed(options.seed(), i);
                scores[s] += problem.value(steps.ask(name + ", value of " + (s + 1), prompt, options.withSeed(seed)));
            }
        }
        return scores;
    }
}
