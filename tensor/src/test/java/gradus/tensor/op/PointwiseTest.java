package gradus.tensor.op;

import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.DType;
import gradus.tensor.Draw;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.UnaryFunction;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PointwiseTest extends OpTest {
    @Override
    List<Example> examples() {
        Stream<Example> functions = Stream.of(UnaryFunction.values())
                .map(f -> new Example(f.name(), x -> Pointwise.apply(f, x[0]), domain(f, 3, 3, 7)));
        Stream<Example> affine = Stream.of(
                new Example("affine", x -> Pointwise.affine(x[0], -1.5, 0.25), Draw.normal(1, 2, 9)),
                new Example("scalar", x -> x[0].tanh(), Draw.normal(2)));
        return Stream.concat(functions, affine).toList();
    }

    @Property
    void isTheEquationOfEachElement(@ForAll UnaryFunction f, @ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = domain(f, seed, shape.dims());
        double[] expected = Arrays.stream(x.toArray()).map(oracle(f)).toArray();
        // Where Φ is small the oracle's series cancels to 1e-16/1e-3.
        assertEachNear(Pointwise.apply(f, x).toArray(), expected, 1e-12);
        Tensor narrow = Pointwise.apply(f, x.to(DType.FLOAT32));
        assertNear(narrow.toArray(), expected, 1e-5);
    }

    @ParameterizedTest
    @EnumSource
    void eachFunctionBehavesAtTheEdges(UnaryFunction f) {
        double[] edges = {0, -0.0, 30, -30, 87, -87, 100, -100, 1e4, -1e4};
        for (DType dtype : DType.values()) {
            double[] y =
                    Pointwise.apply(f, Tensor.of(edges, edges.length).to(dtype)).toArray();
            for (int i = 0; i < edges.length; i++) {
                boolean defined = f != UnaryFunction.LOG && f != UnaryFunction.SQRT || edges[i] >= 0;
                assertThat(Double.isNaN(y[i])).as("%s(%s)", f, edges[i]).isEqualTo(!defined);
            }
            assertThat(Pointwise.apply(
                                    f, Tensor.of(new double[] {Double.NaN}, 1).to(dtype))
                            .item())
                    .as("NaN goes through")
                    .isNaN();
        }
    }

    /// Derivatives stay finite where the function saturates.
    @ParameterizedTest
    @EnumSource(names = {"TANH", "SIGMOID", "RELU", "GELU", "GELU_TANH", "SILU", "ABS"})
    void derivativesAreFiniteFarOut(UnaryFunction f) { // BAD-INPUT 185
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.of(new double[] {-1e4, -100, -30, 30, 100, 1e4}, 6)
                    .to(dtype)
                    .requireGrad();
            Pointwise.apply(f, x).sum().backward();
            for (double d : x.grad().toArray()) {
                assertThat(d).isFinite();
                assertThat(Math.abs(d)).isLessThanOrEqualTo(1.0001);
            }
        }
    }

    @Property
    void obeysTheLawsOfItsFunctions(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        double tolerance = 1e-13;
        assertNear(x.exp().log(), x, tolerance);
        assertNear(x.square().sqrt(), x.abs(), tolerance);
        assertNear(x.sigmoid().add(x.neg().sigmoid()), x.mul(0).add(1), tolerance);
        assertNear(x.tanh(), x.mul(2).sigmoid().mul(2).sub(1), tolerance);
        assertNear(x.gelu().sub(x.neg().gelu()), x, tolerance); // x·Φ(x) + x·Φ(-x) = x
        assertNear(x.geluTanh().sub(x.neg().geluTanh()), x, tolerance);
        assertNear(x.silu().sub(x.neg().silu()), x, tolerance);
        assertNear(x.relu().add(x.neg().relu()), x.abs(), 0);
        assertNear(x.reciprocal().reciprocal(), x, tolerance);
    }

    @Test
    void geluHasItsPublishedMinimumAndGap() {
        assertThat(Tensor.of(new double[] {-0.751791524693564}, 1).gelu().item())
                .isCloseTo(-0.169971, org.assertj.core.api.Assertions.within(1e-6));
        Tensor x = Draw.tensor(i -> -6 + i * 0.01, 1201);
        double gap = x.gelu().sub(x.geluTanh()).abs().max(0).item();
        assertThat(gap).isBetween(4.7e-4, 4.8e-4);
    }

    @Test
    void kinksHaveTheDerivativeThatTheDocumentationSays() {
        Tensor x = Tensor.of(new double[] {-1, 0, 1}, 3).requireGrad();
        x.relu().sum().backward();
        assertThat(x.grad().toArray()).containsExactly(0, 0, 1);
        x.zeroGrad();
        x.abs().sum().backward();
        assertThat(x.grad().toArray()).containsExactly(-1, 0, 1);
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }

    private static Tensor domain(UnaryFunction f, long seed, int... dims) {
        return switch (f) {
            case LOG, SQRT -> Draw.positive(seed, dims);
            case RECIPROCAL, ABS, RELU -> Draw.awayFromZero(seed, dims);
            default -> Draw.normal(seed, dims);
        };
    }

    private static DoubleUnaryOperator oracle(UnaryFunction f) {
        return switch (f) {
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SQRT -> Math::sqrt;
            case SQUARE -> x -> x * x;
            case RECIPROCAL -> x -> 1 / x;
            case ABS -> Math::abs;
            case TANH -> Math::tanh;
            case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
            case RELU -> x -> Math.max(x, 0);
            case GELU -> x -> x * normalDistribution(x);
            case GELU_TANH -> x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x -> x / (1 + Math.exp(-x));
        };
    }

    /// Φ(x) by its power series near 0 and by its continued fraction in the tails (Abramowitz & Stegun 26.2.11,
    /// 26.2.14).
    static double normalDistribution(double x) {
        double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        if (Math.abs(x) < 3) {
            double sum = 0;
            double term = x;
            for (int k = 1; k < 120; k++) {
                sum += term;
                term *= x * x / (2 * k + 1);
            }
            return 0.5 + density * sum;
        }
        double fraction = Math.abs(x);
        for (int k = 200; k > 0; k--) {
            fraction = Math.abs(x) + k / fraction;
        }
        return x < 0 ? density / fraction : 1 - density / fraction;
    }
}
