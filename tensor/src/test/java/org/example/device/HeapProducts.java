package org.example.device;

import static org.example.device.Heap.get;
import static org.example.device.Heap.put;

import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels;
import gradus.tensor.memory.Buffer;

final class HeapProducts implements ProductKernels {
    @Override
    public void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        for (int n = 0; n < batch; n++) {
            double kept = n > 0 && c.batchStride() == 0 ? 1 : beta; // a shared result sums over the batch
            for (int i = 0; i < c.rows(); i++) {
                for (int j = 0; j < c.columns(); j++) {
                    double sum = 0;
                    for (int k = 0; k < a.columns(); k++) {
                        sum += get(a.buffer(), place(a, n, i, k)) * get(b.buffer(), place(b, n, k, j));
                    }
                    int at = place(c, n, i, j);
                    put(c.buffer(), at, alpha * sum + (kept == 0 ? 0 : kept * get(c.buffer(), at)));
                }
            }
        }
    }

    @Override
    public void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        matmul(1, 1, x, w.transpose(), 0, y);
        for (int i = 0; bias != null && i < y.rows(); i++) {
            for (int j = 0; j < y.columns(); j++) {
                int at = place(y, 0, i, j);
                put(y.buffer(), at, get(y.buffer(), at) + get(bias, j));
            }
        }
    }

    private static int place(Matrix m, int n, int i, int j) {
        int inside = m.transposed() ? j * m.stride() + i : i * m.stride() + j;
        return m.offset() + n * m.batchStride() + inside;
    }
}
