package gradus.layers.model.config;

import gradus.layers.norm.Norm;

/// The norm of a model's blocks. [Norms] lists those of this library.
@FunctionalInterface
public interface NormChoice {
    /// @param dim the size of the axis that is normalised
    Norm create(int dim);
}
