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
    /// @param name          of the model
    /// @param parameters    how many it has
    /// @param tokens        of a step
    /// @param sgemmGflops   the best product at the model's shapes
    /// @param millis        median of a step
    /// @param flopsPerToken see [Model#flopsPerToken]
    /// @param gflops        achieved
    /// @param utilisation   achieved over the best product
    /// @param peakBytes     most resident memory, 0 where unknown
    /// @param shares        of each kernel in the time spent in kernels
    public record Step(
            String name,
            long parameters,
            int tokens,
            double sgemmGflops,
            double millis,
            double flopsPerToken,
            double gflops,
            double utilisation,
            long peakBytes,
            Map<String, Double> shares) {}

    /// What an operation costs apart from its arithmetic, from the micro model at two batch sizes: a line through both
    /// step times, continued to a batch of nothing.
    ///
    /// @param millis      of a step at B = 8
    /// @param kernelCalls of a step
    /// @param wholeMicros microseconds per kernel call, arithmetic included
    /// @param fixedMicros microseconds per kernel call, arithmetic taken out
    public record Overhead(double millis, long kernelCalls, double wholeMicros, double fixedMicros) {}

    /// See [AttentionMemory].
    public record AttentionLength(int time, long bytes, double millis) {}
}
