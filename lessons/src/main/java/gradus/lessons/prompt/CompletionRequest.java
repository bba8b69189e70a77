package gradus.lessons.prompt;

/// A text that a model is to go on with, and how.
public record CompletionRequest(String prompt, CompletionOptions options) {}
