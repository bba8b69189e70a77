package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Gated units such as SwiGLU: one half of the channels, passed through a function, scales the other.
public interface GateKernels {

    /// `y = f(a)·b`, f being the gate's function; all of one length
    void gated(Gate gate, Buffer a, Buffer b, Buffer y);

    /// `da (+)= dy·b·f′(a)`, `db (+)= dy·f(a)`; da is written before db, as they may be one
    void gatedBackward(Gate gate, Buffer a, Buffer b, Buffer dy, Destination da, Destination db);
}
