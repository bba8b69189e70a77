package gradus.layers.norm;

import gradus.layers.Layer;
import gradus.layers.Transform;

/// What keeps activations at one scale: any normalisation of the last axis that a block can use.
public abstract class Norm extends Layer implements Transform {}
