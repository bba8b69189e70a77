package gradus.layers.loss.alignment;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// Random numbers and masks for the tests of losses, in float64.
final class Drawn {
    private Drawn() {}

    static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    /// Answers of 0 to T tokens, padded behind.
    static Tensor mask(long seed, int n, int t) {
        double[] mask = new double[n * t];
        for (int i = 0; i < n; i++) {
            int length = Rng.of(seed).at("length").index(i, t + 1);
            for (int at = 0; at < length; at++) {
                mask[i * t + at] = 1;
            }
        }
        return Tensor.of(mask, n, t);
    }

    /// The gradient of the sum of a function's elements.
    static double[] gradient(Tensor x, java.util.function.UnaryOperator<Tensor> f) {
        x.requireGrad().zeroGrad();
        Tensor y = f.apply(x).sum();
        if (y.requiresGrad()) {
            y.backward();
        }
        double[] gradient = x.grad() == null ? new double[x.size()] : x.grad().toArray();
        x.zeroGrad();
        x.freeze();
        return gradient;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// ln σ(x), good for the |x| below 30 of these tests.
    static double logSigmoid(double x) {
        return -Math.log1p(Math.exp(-x));
    }
}
