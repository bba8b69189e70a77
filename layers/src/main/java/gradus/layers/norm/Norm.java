package gradus.layers.norm;

import gradus.layers.Layer;
import gradus.layers.Transform;

/// A normalisation of the last axis, which keeps activations at one scale. A block can use any of them.
public abstract class Norm extends Layer implements Transform {}
