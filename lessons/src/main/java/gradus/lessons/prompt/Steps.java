package gradus.lessons.prompt;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.ResourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks a model step by step and keeps the steps. An error of the model is thrown again with the name of the
/// step in front: a chain that grows longer than the model's context in its middle says where.
public final class Steps {
    private final TextModel model;
    private final List<Thought> thoughts = new ArrayList<>();

    public Steps(TextModel model) {
        this.model = model;
    }

    /// What the model writes behind a prompt.
    ///
    /// @param name of the step
    /// @throws gradus.error.GradusException naming the step, if the model refuses or does not answer
    public String ask(String name, String prompt, CompletionOptions options) {
        require(!prompt.isEmpty(), "step %s: the prompt is empty", name);
        String text;
        try {
            text = model.complete(prompt, options);
        } catch (ConfigException refused) {
            throw new ConfigException("step " + name + ": " + refused.getMessage(), refused);
        } catch (ResourceException silent) {
            throw new ResourceException("step " + name + ": " + silent.getMessage(), silent);
        }
        thoughts.add(new Thought(name, prompt, text));
        return text;
    }

    /// Keeps a step that no model was asked for.
    public void note(String name, String text) {
        thoughts.add(new Thought(name, "", text));
    }

    /// Keeps the steps of another program, under names that begin with a word.
    public void addAll(String prefix, List<Thought> others) {
        others.forEach(each -> thoughts.add(each.under(prefix)));
    }

    /// The steps so far.
    public List<Thought> thoughts() {
        return List.copyOf(thoughts);
    }

    /// The end of it.
    public Outcome outcome(Optional<String> answer) {
        return new Outcome(answer, thoughts);
    }
}
