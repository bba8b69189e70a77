package gradus.layers.feedforward;

import gradus.layers.Layer;
import gradus.layers.Transform;

/// The half of a block that works on each position by itself, (B, T, C) → (B, T, C).
public abstract class FeedForward extends Layer implements Transform {}
