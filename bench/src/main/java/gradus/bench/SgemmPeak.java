package gradus.bench;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// The machine's own speed at matrix products, at the shapes that a model's layers multiply: the bound that a
/// training step is held against.
final class SgemmPeak {
    private static final double SECONDS_EACH = 0.15;

    private SgemmPeak() {}

    /// The best GFLOP/s over the model's shapes, forwards and backwards.
    static double of(Model model) {
        int m = model.tokens();
        int c = model.config().dim();
        double best = 0;
        for (int[] inOut : new int[][] {{c, 3 * c}, {c, c}, {c, 4 * c}, {4 * c, c}}) {
            int in = inOut[0];
            int out = inOut[1];
            best = Math.max(best, product(m, out, in, false, true)); // Y = X·Wᵀ
            best = Math.max(best, product(m, in, out, false, false)); // dX = dY·W
            best = Math.max(best, product(out, in, m, true, false)); // dW = dYᵀ·X
        }
        return best;
    }

    /// GFLOP/s of `(m, k)·(k, n)`, the fastest of several runs.
    static double product(int m, int n, int k, boolean transposeA, boolean transposeB) {
        Tensor a = Tensor.rand(Rng.of(1), m * k);
        Tensor b = Tensor.rand(Rng.of(2), k * n);
        Tensor c = Tensor.zeros(m, n);
        Matrix left = transposeA ? Matrix.of(a.buffer(), k, m).transpose() : Matrix.of(a.buffer(), m, k);
        Matrix right = transposeB ? Matrix.of(b.buffer(), n, k).transpose() : Matrix.of(b.buffer(), k, n);
        Matrix result = Matrix.of(c.buffer(), m, n);
        Kernels kernels = Kernels.of(DType.FLOAT32);
        double flops = 2.0 * m * n * k;
        double best = 0;
        Device.current().synchronize();
        long end = System.nanoTime() + (long) (SECONDS_EACH * 1e9);
        do {
            int repeats = (int) Math.max(1, 2e8 / flops);
            long start = System.nanoTime();
            for (int i = 0; i < repeats; i++) {
                kernels.products().matmul(1, 1, left, right, 0, result);
            }
            Device.current().synchronize();
            best = Math.max(best, flops * repeats / (System.nanoTime() - start));
        } while (System.nanoTime() < end);
        a.close();
        b.close();
        c.close();
        return best;
    }
}
