package gradus.layers.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationTest {
    static java.util.stream.Stream<Arguments> all() {
        return java.util.stream.Stream.of(
                definition(new Relu(), x -> x > 0 ? x : 0),
                definition(new Gelu(), x -> x * normalDistribution(x)),
                definition(
                        new GeluTanh(),
                        x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
                definition(new SiLU(), x -> x / (1 + Math.exp(-x))),
                definition(new Tanh(), Math::tanh),
                definition(new Sigmoid(), x -> 1 / (1 + Math.exp(-x))));
    }

    private static Arguments definition(Activation activation, DoubleUnaryOperator equation) {
        return Arguments.of(activation, equation);
    }

    /// Φ(x) by Simpson's rule over the density: 1e-13 with 2,000 pieces up to |x| = 8.
    private static double normalDistribution(double x) {
        int pieces = 2000;
        double h = x / pieces;
        double sum = 0;
        for (int i = 0; i <= pieces; i++) {
            double weight = i == 0 || i == pieces ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.exp(-0.5 * (i * h) * (i * h));
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    @ParameterizedTest
    @MethodSource("all")
    void equalsItsEquation(Activation activation, DoubleUnaryOperator equation) {
        double[] xs = {-8, -3.3, -1, -0.7518, -1e-3, 0, 1e-3, 0.5, 1, 2.7, 8};
        double[] ys = activation.forward(Tensor.of(xs, xs.length)).toArray();
        for (int i = 0; i < xs.length; i++) {
            assertThat(ys[i]).as("at %s", xs[i]).isCloseTo(equation.applyAsDouble(xs[i]), within(1e-11));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void gradients(Activation activation, DoubleUnaryOperator equation) {
        Tensor x = Tensor.randn(Rng.of(7), 5, 7).to(DType.FLOAT64); // no element within 1e-3 of the kink of ReLU
        for (double value : x.toArray()) {
            assertThat(Math.abs(value)).isGreaterThan(1e-3);
        }
        GradientCheck.of(inputs -> activation.forward(inputs[0]), x).requirePass();
    }

    @Test
    void theKinkOfReluHasGradientZero() {
        Tensor x = Tensor.of(new double[] {-1, 0, 1}, 3).requireGrad();
        new Relu().forward(x).sum().backward();
        assertThat(x.grad().toArray()).containsExactly(0, 0, 1);
    }

    @Property(tries = 200)
    void theOddPartIsHalfOfX(@ForAll @DoubleRange(min = -9, max = 9) double x) {
        for (Activation activation : new Activation[] {new Gelu(), new GeluTanh(), new SiLU()}) {
            double[] y = activation.forward(Tensor.of(new double[] {x, -x}, 2)).toArray();
            assertThat(y[0] - y[1]).isCloseTo(x, within(1e-12));
        }
    }

    @Test
    void knownPointsOfGelu() {
        assertThat(new Gelu().forward(Tensor.of(new double[] {-0.7518}, 1)).item())
                .isCloseTo(-0.16997, within(1e-5)); // its minimum
        double widest = 0;
        for (double x = -5; x <= 5; x += 0.01) {
            Tensor at = Tensor.of(new double[] {x}, 1);
            widest = Math.max(
                    widest,
                    Math.abs(new Gelu().forward(at).item()
                            - new GeluTanh().forward(at).item()));
        }
        assertThat(widest).isCloseTo(4.73e-4, within(1e-6));
    }
}
