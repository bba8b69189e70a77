package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Elements move and stay what they are.
public interface MovementKernels {

    /// `y[walkY(i)] (+)= scale·x[walkX(i)]`; no two i may lead to the same place of y.
    void copy(Buffer x, Strided walkX, double scale, Strided walkY, Destination y);

    /// Rows by number: x is (outer, n, inner), y is (outer, indices.length, inner).
    void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y);

    /// The transpose of gather: `dx[:, indices[j], :] (+)= dy[:, j, :]`, adding where an index repeats.
    void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx);
}
