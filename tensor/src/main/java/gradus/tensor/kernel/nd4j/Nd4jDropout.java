package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.flat;
import static gradus.tensor.kernel.nd4j.Nd4jViews.numbers;
import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.DropoutKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.random.Rng;

/// Dropout: the factors are made on the heap, from the same generator as everywhere.
final class Nd4jDropout implements DropoutKernels {
    @Override
    public void dropout(Buffer x, Rng rng, double p, Destination y) {
        temporarily(() -> {
            double[] factors = new double[x.length()];
            for (int i = 0; i < factors.length; i++) {
                factors[i] = rng.uniform(i) >= p ? 1 / (1 - p) : 0;
            }
            put(flat(x).mul(numbers(factors, x.dtype())), y);
        });
    }
}
