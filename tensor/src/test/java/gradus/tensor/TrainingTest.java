package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The operations together: small models that must learn.
class TrainingTest {
    private final List<Tensor> parameters = new ArrayList<>();
    private final List<Tensor[]> moments = new ArrayList<>();
    private final Rng rng = Rng.of(1);

    @Test
    void aPerceptronWithOneHiddenLayerLearnsXor() {
        Tensor x = Tensor.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
        Indices y = Indices.of(0, 1, 1, 0);
        Tensor w1 = parameter(1, 16, 2);
        Tensor b1 = parameter(0, 16);
        Tensor w2 = parameter(0.25, 2, 16);
        double loss =
                train(200, 0.03, () -> x.linear(w1, b1).tanh().linear(w2, null).crossEntropy(y));
        assertThat(loss).isLessThan(0.01);
    }

    /// The next token repeats the one two places before, which only attention can see.
    @Test
    void oneAttentionBlockLearnsToCopyFromTwoPlacesBefore() {
        int channels = 16;
        Indices tokens = Indices.of(Shape.of(2, 6), new int[] {0, 1, 2, 3, 1, 0, 3, 2, 1, 0, 2, 1});
        Indices targets = Indices.of(Shape.of(2, 6), new int[] {-100, -100, 0, 1, 2, 3, -100, -100, 3, 2, 1, 0});
        Tensor table = parameter(0.5, 4, channels);
        Tensor positions = parameter(0.5, 6, channels);
        Tensor gain = parameter(0, channels);
        Tensor bias = parameter(0, channels);
        Tensor qkv = parameter(0.25, 3 * channels, channels);
        Tensor head = parameter(0.25, 4, channels);
        double loss = train(150, 0.02, () -> {
            Tensor x = table.embedding(tokens).add(positions); // (B, T, C)
            Tensor normal = x.layerNorm(gain.add(1), bias, 1e-5); // (B, T, C)
            x = x.add(normal.linear(qkv, null).selfAttention(2, KeyMask.causal())); // (B, T, C)
            return x.linear(head, null).crossEntropy(targets);
        });
        assertThat(loss).isLessThan(0.01);
    }

    private Tensor parameter(double scale, int... dims) {
        Tensor parameter = Tensor.randn(rng.at(parameters.size()), dims)
                .mul(scale)
                .detach()
                .keep()
                .requireGrad();
        parameters.add(parameter);
        moments.add(new Tensor[] {Tensor.zeros(dims), Tensor.zeros(dims)});
        return parameter;
    }

    private double train(int steps, double learningRate, java.util.function.Supplier<Tensor> model) {
        double last = Double.NaN;
        for (int step = 1; step <= steps; step++) {
            try (var scope = Scope.open()) {
                Tensor loss = model.get();
                parameters.forEach(Tensor::zeroGrad);
                loss.backward();
                AdamWStep numbers = new AdamWStep(learningRate, 0.9, 0.99, 1e-8, 0, step);
                for (int i = 0; i < parameters.size(); i++) {
                    Tensor p = parameters.get(i);
                    Kernels.of(p.buffer())
                            .optimizers()
                            .adamW(List.of(new AdamWUpdate(
                                    numbers,
                                    p.buffer(),
                                    p.grad().buffer(),
                                    moments.get(i)[0].buffer(),
                                    moments.get(i)[1].buffer())));
                    p.buffer().changed();
                }
                last = loss.item();
            }
        }
        return last;
    }
}
