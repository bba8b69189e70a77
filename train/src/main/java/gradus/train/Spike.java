package gradus.train;

/// A loss far above those before it.
///
/// @param step  counted from 1
/// @param loss  of that step
/// @param usual the running mean before it
public record Spike(int step, double loss, double usual) {}
