package gradus.bench.gpu;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Locale;

/// GFLOP/s of matrix products on the current device, at the shapes that a training step of the medium model multiplies.
/// ```
/// java … gradus.bench.gpu.GpuProducts COLUMN [samples] [rows] [side of the square product]
/// ```
public final class GpuProducts {
    private static final int[][] IN_OUT = {{384, 1152}, {384, 384}, {384, 1536}, {1536, 384}, {384, 65}};

    private final String column;
    private final Clock clock;
    private final ProductKernels products = Kernels.of(DType.FLOAT32).products();

    private GpuProducts(String column, Clock clock) {
        this.column = column;
        this.clock = clock;
    }

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT);
        int samples = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 25;
        int rows = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 16384;
        int side = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 4096;
        GpuProducts run = new GpuProducts(arguments[0], new Clock(samples, 5, 200));
        for (int[] inOut : IN_OUT) {
            int in = inOut[0];
            int out = inOut[1];
            String name = in + "→" + out;
            run.measure(name + " Y = X·Wᵀ", rows, out, in, false, true);
            run.measure(name + " dX = dY·W", rows, in, out, false, false);
            run.measure(name + " dW = dYᵀ·X", out, in, rows, true, false);
        }
        run.measure(side + "³", side, side, side, false, false);
    }

    /// `(m, k)·(k, n)`.
    private void measure(String name, int m, int n, int k, boolean transposeA, boolean transposeB) {
        Tensor a = Tensor.rand(Rng.of(1), m * k);
        Tensor b = Tensor.rand(Rng.of(2), k * n);
        Tensor c = Tensor.zeros(m, n);
        Matrix left = transposeA ? Matrix.of(a.buffer(), k, m).transpose() : Matrix.of(a.buffer(), m, k);
        Matrix right = transposeB ? Matrix.of(b.buffer(), n, k).transpose() : Matrix.of(b.buffer(), k, n);
        Matrix result = Matrix.of(c.buffer(), m, n);
        double millis = clock.millis(
                () -> products.matmul(1, 1, left, right, 0, result),
                () -> c.buffer().get(0));
        Clock.result("gemm", name, column, 2.0 * m * n * k / millis / 1e6);
        a.close();
        b.close();
        c.close();
    }
}
