package gradus.layers.attention;

import gradus.layers.Layer;
import gradus.layers.Transform;

/// A layer in which the positions of a sequence look at each other, (B, T, C) → (B, T, C).
public abstract class SelfAttention extends Layer implements Transform {}
