package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.random.Rng;

/// Dropout, whose choices come from a counter-based generator.
public interface DropoutKernels {

    /// Drops elements with probability p and divides the others by 1 - p: `y (+)= x·keep/(1 - p)`, where
    /// element i is kept iff `rng.uniform(i) ≥ p`. The backward is the same function on dy.
    void dropout(Buffer x, Rng rng, double p, Destination y);
}
