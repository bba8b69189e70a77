package gradus.train.cli.machine;

import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;

/// Measures what training lives on: matrix products and memory.
public final class Speed {
    private static final double SECONDS = 1.0;
    private static final int M = 4096;
    private static final int N = 1536;
    private static final int K = 384;
    private static final int COPIED = 32 << 20; // floats, 128 MiB: more than caches hold

    private Speed() {}

    /// Billions of multiplications and additions a second, of the best product within a second.
    public static double sgemmGflops() {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Tensor a = Tensor.ones(M, K);
            Tensor b = Tensor.ones(K, N);
            return 2.0 * M * N * K * 1e-9 / best(() -> a.matmul(b).close());
        }
    }

    /// Billions of bytes read and written a second.
    public static double copyGigabytes() {
        try (var scope = Scope.open()) {
            Tensor from = Tensor.ones(COPIED);
            Tensor to = Tensor.zeros(COPIED);
            return 2.0 * Float.BYTES * COPIED * 1e-9 / best(() -> to.copyFrom(from));
        }
    }

    /// Seconds of the fastest run.
    private static double best(Runnable work) {
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        do {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        } while (System.nanoTime() < end);
        return best;
    }
}
