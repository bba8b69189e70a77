package gradus.train;

/// A training loss far above the losses before it.
///
/// @param step  counted from 1
/// @param loss  the loss of that step
/// @param usual the running mean of the losses before it
public record Spike(int step, double loss, double usual) {}
