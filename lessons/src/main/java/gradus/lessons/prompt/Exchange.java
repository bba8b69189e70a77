package gradus.lessons.prompt;

/// A prompt and what a model wrote behind it.
public record Exchange(String prompt, CompletionOptions options, String answer) {}
