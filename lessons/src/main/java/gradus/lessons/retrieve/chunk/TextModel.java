package gradus.lessons.retrieve.chunk;

/// A language model as prompts see it.
@FunctionalInterface
public interface TextModel {
    /// What the model writes behind the prompt.
    String complete(String prompt);
}
