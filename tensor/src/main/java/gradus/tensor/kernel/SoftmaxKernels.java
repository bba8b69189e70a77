package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Softmax of rows and its logarithm; x is (rows, columns).
public interface SoftmaxKernels {

    /// `y = exp(x - max)/Σ exp(x - max)` of each row. A row of -∞ only gives zeros.
    void softmax(Buffer x, int rows, int columns, Buffer y);

    /// `dx (+)= y(dy - Σ y·dy)`
    void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx);

    /// `y = x - logsumexp(x)` of each row. A row of -∞ only gives -∞, the logarithm of its softmax.
    void logSoftmax(Buffer x, int rows, int columns, Buffer y);

    /// `dx (+)= dy - exp(y)·Σ dy`
    void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx);
}
