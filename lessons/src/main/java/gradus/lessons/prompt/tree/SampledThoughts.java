package gradus.lessons.prompt.tree;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Steps;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// Draws n thoughts independently: good where there are many, such as paragraphs. The first is drawn with the
/// options' own seed.
///
/// @param n       how many
/// @param options how a thought is completed; its temperature should be above 0 if n is above 1
public record SampledThoughts(int n, CompletionOptions options) implements ThoughtSource {
    /// @throws gradus.error.ConfigException unless n ≥ 1
    public SampledThoughts {
        require(n >= 1, "n, the number of thoughts, must be at least 1; got %d", n);
    }

    @Override
    public List<String> next(TreeProblem problem, String state, Steps steps, String name) {
        List<String> states = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            String text = steps.ask(
                    n == 1 ? name : name + ", sample " + (i + 1),
                    problem.thoughtPrompt(state),
                    options.withSeed(seed(options.seed(), i)));
            states.addAll(problem.next(state, text));
        }
        return states;
    }

    static long seed(long own, int i) {
        return i == 0 ? own : Rng.of(own).at("thoughts").bits(i);
    }
}
