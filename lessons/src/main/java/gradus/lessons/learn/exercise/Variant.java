package gradus.lessons.learn.exercise;

/// Another right answer.
///
/// @param name what is different about it
/// @param body what stands in the gap
public record Variant(String name, String body) {}
