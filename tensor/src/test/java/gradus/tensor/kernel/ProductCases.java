package gradus.tensor.kernel;

import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.KernelCases.Output;
import gradus.tensor.kernel.ProductKernels.LowRank;
import gradus.tensor.memory.Buffer;
import java.util.stream.Stream;

/// Products of matrices.
final class ProductCases {
    private ProductCases() {}

    static Stream<Case> products() {
        return Stream.of(
                new Case("matmul", c -> matmul(c, false)),
                new Case("matmul, result shared by the batch", c -> matmul(c, true)),
                new Case("linear", c -> {
                    int rows = c.rows();
                    int in = c.size();
                    int out = c.size();
                    Buffer x = c.input(rows * in);
                    Buffer w = c.input(out * in);
                    Buffer bias = c.flag() ? c.input(out) : null;
                    Buffer y = c.output("y", rows * out, Math.sqrt(in));
                    return () -> c.kernels
                            .products()
                            .linear(Matrix.of(x, rows, in), Matrix.of(w, out, in), bias, Matrix.of(y, rows, out));
                }),
                new Case("low-rank addition backward", c -> lowRank(c, true)),
                new Case("low-rank addition backward, H computed", c -> lowRank(c, false)));
    }

    private static Runnable lowRank(Call c, boolean kept) {
        int rows = c.rows();
        int in = c.size();
        int out = c.size();
        int rank = c.small();
        Matrix a = Matrix.of(c.input(rank * in), rank, in);
        Matrix b = Matrix.of(c.input(out * rank), out, rank);
        Matrix x = Matrix.of(c.input(rows * in), rows, in);
        Matrix h = kept ? Matrix.of(c.input(rows * rank), rows, rank) : null;
        Matrix dy = Matrix.of(c.input(rows * out), rows, out);
        LowRank of = new LowRank(x, a, b, h, 0.5);
        LowRank.Gradients to = new LowRank.Gradients(
                c.maybe("dx", rows * in, Math.sqrt(out * rank)),
                c.maybe("da", rank * in, Math.sqrt(rows * out)),
                c.maybe("db", out * rank, Math.sqrt(kept ? rows : rows * in)));
        return () -> c.kernels.products().lowRankBackward(of, dy, to);
    }

    private static Runnable matmul(Call c, boolean sharedResult) {
        int batch = c.small();
        int m = c.rows();
        int k = c.size();
        int n = c.size();
        Matrix a = matrix(c, c.input(batch * m * k), m, k, c.flag(), c.flag());
        Matrix b = matrix(c, c.input(batch * k * n), k, n, c.flag(), c.flag());
        boolean transposed = c.flag();
        double beta = c.pick(new Double[] {0.0, 1.0, 0.5});
        Buffer result;
        double magnitude = Math.sqrt((sharedResult ? batch : 1) * k);
        int length = (sharedResult ? 1 : batch) * m * n;
        if (beta == 0) {
            result = c.output("c", length, magnitude);
        } else {
            result = c.input(length);
            c.outputs.add(new Output("c", result, magnitude));
        }
        Matrix product = transposed ? Matrix.of(result, n, m).transpose() : Matrix.of(result, m, n);
        Matrix target = product.apart(sharedResult ? 0 : m * n);
        return () -> c.kernels.products().matmul(batch, 1.5, a, b, beta, target);
    }

    private static Matrix matrix(Call c, Buffer buffer, int rows, int columns, boolean transposed, boolean shared) {
        Matrix matrix = transposed ? Matrix.of(buffer, columns, rows).transpose() : Matrix.of(buffer, rows, columns);
        return matrix.apart(shared ? 0 : rows * columns);
    }
}
