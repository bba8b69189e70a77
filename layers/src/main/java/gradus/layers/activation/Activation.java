package gradus.layers.activation;

import gradus.layers.Transform;

/// A function of each element by itself, without parameters.
///
/// **Shapes** x (...) → (...)
public interface Activation extends Transform {}
