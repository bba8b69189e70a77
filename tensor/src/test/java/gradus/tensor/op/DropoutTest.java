package gradus.tensor.op;

import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DropoutTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("p = 0.3", x -> x[0].dropout(0.3, Rng.of(5)), Draw.normal(1, 4, 7)),
                new Example("p = 0", x -> x[0].dropout(0, Rng.of(5)), Draw.normal(1, 4)));
    }

    @Property
    void isTheLoopAndAProductWithItsMask(
            @ForAll("shapes") Shape shape, @ForAll @DoubleRange(min = 0, max = 0.99) double p, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        Rng rng = Rng.of(seed).at("dropout");
        double[] expected = x.toArray();
        for (int i = 0; i < expected.length; i++) {
            expected[i] = rng.uniform(i) >= p ? expected[i] / (1 - p) : 0;
        }
        assertEachNear(x.dropout(p, rng).toArray(), expected, 1e-15);
        assertEachNear(x.to(DType.FLOAT32).dropout(p, rng).toArray(), expected, 2.5e-7); // two roundings
        Tensor mask =
                Draw.tensor(i -> rng.uniform(i) >= p ? 1 : 0, shape.dims()).div(1 - p);
        assertNear(x.dropout(p, rng), x.mul(mask), 1e-15);
    }

    @Test
    void keepsTheExpectationAndTheShareOfElements() {
        int n = 100_000;
        Tensor y = Tensor.ones(n).dropout(0.25, Rng.of(3));
        double kept = java.util.Arrays.stream(y.toArray()).filter(v -> v != 0).count();
        // Five standard deviations, √(0.25·0.75/n).
        assertThat(kept / n).isCloseTo(0.75, within(5 * Math.sqrt(0.25 * 0.75 / n)));
        assertThat(y.mean().item()).isCloseTo(1, within(0.01));
    }

    @Test
    void aProbabilityOf1GivesZeros() {
        Tensor x = Tensor.ones(5).requireGrad();
        Tensor y = x.dropout(1, Rng.of(1));
        assertThat(y.toArray()).containsOnly(0);
        y.sum().backward();
        assertThat(x.grad().toArray()).containsOnly(0);
    }

    @Test
    void otherProbabilitiesAreRefused() { // BAD-INPUT 25 has the layer's own check
        for (double p : new double[] {-0.1, 1.1, Double.NaN}) {
            refused(() -> Tensor.ones(2).dropout(p, Rng.of(1)), "dropout: the probability must be in [0, 1]; got " + p);
        }
        refused(() -> Tensor.ones(2).dropout(0.5, null), "generator"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
