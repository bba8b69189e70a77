package gradus.lessons.prompt.method;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.PromptMethod;

/// A way of prompting that lets the model write how it gets to the answer before it writes the answer. Wei et
/// al. 2022, *Chain-of-Thought Prompting Elicits Reasoning in Large Language Models*, arXiv:2201.11903. Its
/// first thought is the rationale.
public interface ChainOfThought extends PromptMethod {
    /// How the rationale is completed.
    CompletionOptions options();

    /// The same with other options, as [SelfConsistency] draws it several times.
    ChainOfThought withOptions(CompletionOptions other);
}
