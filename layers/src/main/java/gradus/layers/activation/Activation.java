package gradus.layers.activation;

import gradus.layers.Transform;

/// A function of each element by itself, without parameters.
///
/// **Shapes** x (...) → (...)
public sealed interface Activation extends Transform permits Relu, Gelu, GeluTanh, SiLU, Tanh, Sigmoid {}
