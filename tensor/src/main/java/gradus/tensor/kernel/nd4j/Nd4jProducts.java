package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.flat;
import static gradus.tensor.kernel.nd4j.Nd4jViews.matrix;
import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels;
import gradus.tensor.memory.Buffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// Products of matrices, one matrix of a batch after the other.
final class Nd4jProducts implements ProductKernels {
    @Override
    public void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        c.buffer().changed();
        temporarily(() -> {
            for (int i = 0; i < batch; i++) {
                INDArray product = Nd4j.matmul(matrix(a, i), matrix(b, i)).muli(alpha);
                INDArray result = matrix(c, i);
                double factor = i > 0 && c.batchStride() == 0 ? 1 : beta; // a shared result sums over the batch
                put(factor == 0 ? product : product.addi(result.mul(factor)), result, false);
            }
        });
    }

    @Override
    public void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        y.buffer().changed();
        matmul(1, 1, x, w.transpose(), 0, y);
        if (bias != null) {
            temporarily(() -> matrix(y, 0).addiRowVector(flat(bias)));
        }
    }
}
