package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.flat;
import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.GateKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import org.nd4j.linalg.api.ndarray.INDArray;

/// Gated units: the function, then the product.
final class Nd4jGates implements GateKernels {
    @Override
    public void gated(Gate gate, Buffer a, Buffer b, Buffer y) {
        y.changed();
        temporarily(
                () -> flat(y).assign(Nd4jUnary.value(gate.function(), flat(a)).mul(flat(b))));
    }

    @Override
    public void gatedBackward(Gate gate, Buffer a, Buffer b, Buffer dy, Destination da, Destination db) {
        temporarily(() -> {
            INDArray value = Nd4jUnary.value(gate.function(), flat(a));
            INDArray slope = Nd4jUnary.derivative(gate.function(), flat(a), value);
            put(slope.mul(flat(b)).muli(flat(dy)), da);
            put(value.mul(flat(dy)), db);
        });
    }
}
