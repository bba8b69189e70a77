package gradus.bench;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Device;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.random.Rng;

/// What causal attention of one sequence takes, forwards and backwards, as the sequence grows.
///
/// @param time   T
/// @param bytes  pooled memory taken for inputs, result, gradients and log-sum-exps
/// @param millis of one forward and backward
record AttentionMemory(int time, long bytes, double millis) {
    private static final int HEADS = 12;
    private static final int CHANNELS = 768;

    static AttentionMemory measure(int time) {
        System.gc();
        BufferPool.trim();
        long before = StepTiming.poolBytes();
        Tensor qkv = Tensor.rand(Rng.of(1), 1, time, 3 * CHANNELS).requireGrad(); // (B, T, 3C)
        double best = Double.MAX_VALUE;
        for (int run = 0; run < 6; run++) {
            try (var scope = Scope.open()) {
                Tensor upstream = Tensor.ones(1, time, CHANNELS); // (B, T, C)
                Device.current().synchronize();
                long start = System.nanoTime();
                qkv.selfAttention(HEADS, KeyMask.causal()).backward(upstream);
                Device.current().synchronize();
                best = Math.min(best, (System.nanoTime() - start) / 1e6);
            }
        }
        return new AttentionMemory(time, StepTiming.poolBytes() - before, best);
    }
}
