package gradus.train.checkpoint;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.SequencedSet;

/// Named tensors that lie in a file or several. Looking at names, shapes and types reads no elements.
///
/// Every method that takes a name throws [gradus.error.CheckpointMismatchException] if there is no such
/// tensor.
public interface TensorSource {
    /// What messages call it: the file.
    String origin();

    /// The names of the tensors, in the file's order.
    SequencedSet<String> names();

    /// The shape of a tensor.
    long[] shape(String name);

    /// The type that [#read] gives a tensor.
    ///
    /// @throws gradus.error.CheckpointMismatchException if it holds no real numbers
    DType dtype(String name);

    /// The elements of a tensor.
    ///
    /// @throws gradus.error.CheckpointMismatchException if it holds no real numbers, or is empty or too large
    Tensor read(String name);
}
