package gradus.tensor;

import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.Destination;
import gradus.tensor.memory.HostMemory;
import java.util.function.Function;

/// Mistakes that a backward can make, put into one on purpose: what the check is there to catch.
public enum PlantedError {
    /// The gradient by an input has the wrong sign.
    SIGN,
    /// The gradient by an input is twice what it should be.
    FACTOR_2,
    /// One place of the result is forgotten in the sum over upstream gradients.
    DROPPED_TERM;

    /// The same function with this mistake in its gradient by input number k.
    public Function<Tensor[], Tensor> in(Function<Tensor[], Tensor> f, int k) {
        return inputs -> {
            Tensor[] passed = inputs.clone();
            if (this != DROPPED_TERM) {
                double factor = this == SIGN ? -1 : 2;
                passed[k] = identity(inputs[k], dy -> scaled(dy, factor, dy.length()));
                return f.apply(passed);
            }
            Tensor y = f.apply(passed);
            return identity(y, dy -> scaled(dy, 1, dy.length() - 1));
        };
    }

    /// The tensor itself, whose gradient goes through a function on its way back.
    static Tensor identity(Tensor x, Function<Buffer, Buffer> onGradient) {
        Tensor y = Tensor.over(x.buffer(), x.shape());
        return Autograd.record(y, dy -> x.addGradient(onGradient.apply(dy)), x);
    }

    /// The first elements times a factor, zeros behind.
    private static Buffer scaled(Buffer dy, double factor, int length) {
        Buffer changed = BufferPool.allocate(HostMemory.INSTANCE, dy.dtype(), dy.length());
        Kernels.of(dy).pointwise().affine(dy, factor, 0, new Destination(changed, false));
        double[] values = changed.toDoubles();
        java.util.Arrays.fill(values, length, values.length, 0);
        changed.set(values);
        return changed;
    }
}
