package gradus.lessons.lab.reasoning;

/// What a model is to write behind a prompt.
///
/// @param prompt is read
/// @param answer is learned
public record Lesson(String prompt, String answer) {}
