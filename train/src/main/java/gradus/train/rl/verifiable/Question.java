package gradus.train.rl.verifiable;

/// A question and an answer to it that is right; others may be right too.
///
/// @param prompt what the model reads
/// @param answer what a supervised model learns to write
public record Question(String prompt, String answer) {}
