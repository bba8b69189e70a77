package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Rotations of pairs of channels, as RoPE needs them.
public interface RopeKernels {

    /// `y (+)= R·x`: every pair of channels of every head rotated by the angle of its row's position, see
    /// [Rotation].
    void rotate(Buffer x, Rotation rotation, Destination y);
}
