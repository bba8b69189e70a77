package gradus.bench;

import java.util.List;
import java.util.Map;

/// Everything one run of the benchmark measured.
///
/// @param machine   where it ran
/// @param models    the training steps
/// @param micro     the fixed cost of operations
/// @param attention memory by length
public record Report(Map<String, String> machine, List<Step> models, Overhead micro, List<AttentionLength> attention) {

    /// One model's training step.
    ///
    /// @param name              of the model
    /// @param parameters        how many it has
    /// @param tokens            of a step
    /// @param sgemmGflops       the best product at the model's shapes
    /// @param millis            median of a step
    /// @param flopsPerToken     see [Model#flopsPerToken]
    /// @param gflops            achieved, by that count
    /// @param utilisation       achieved over the best product
    /// @param causalUtilisation the same by [Model#causalFlopsPerToken]
    /// @param peakBytes         most resident memory, 0 where unknown
    /// @param shares            of each kernel in the time spent in kernels
    public record Step(
            String name,
            long parameters,
            int tokens,
            double sgemmGflops,
            double millis,
            double flopsPerToken,
            double gflops,
            double utilisation,
            double causalUtilisation,
            long peakBytes,
            Map<String, Double> shares) {}

    /// What an operation of the micro model costs: measured, and apart from its arithmetic. The latter is no
    /// measurement but an extrapolation: a line through the step's times at two batch sizes, continued to a batch
    /// of nothing.
    ///
    /// @param millis      of a step at B = 8, measured
    /// @param kernelCalls of a step, counted
    /// @param wholeMicros microseconds per kernel call, arithmetic included, measured
    /// @param fixedMicros microseconds per kernel call, extrapolated to no arithmetic
    public record Overhead(double millis, long kernelCalls, double wholeMicros, double fixedMicros) {}

    /// See [AttentionMemory].
    public record AttentionLength(int time, long bytes, double millis) {}
}
