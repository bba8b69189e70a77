package gradus.tensor.op;

import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ExtremumTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("maximum", x -> x[0].maximum(x[1]), Draw.normal(1, 3, 5), Draw.normal(2, 3, 5)),
                new Example("minimum", x -> x[0].minimum(x[1]), Draw.normal(1, 3, 5), Draw.normal(2, 3, 5)),
                new Example("maximum, stretched", x -> x[0].maximum(x[1]), Draw.normal(1, 3, 5), Draw.normal(2, 5)),
                new Example("minimum, stretched", x -> x[0].minimum(x[1]), Draw.normal(1, 3, 1), Draw.normal(2, 3, 5)));
    }

    @Property(tries = 200)
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor a = Draw.normal(seed, shape.dims());
        Tensor b = Draw.normal(seed + 1, shape.rank() == 0 ? shape.dims() : new int[] {shape.last()});
        for (DType dtype : DType.values()) {
            double[] high = a.to(dtype).maximum(b.to(dtype)).toArray();
            double[] low = b.to(dtype).minimum(a.to(dtype)).toArray();
            for (int i = 0; i < shape.size(); i++) {
                double x = a.toArray()[i];
                double y = b.toArray()[i % b.size()];
                assertThat(high[i]).isEqualTo(x > y ? x : y);
                assertThat(low[i]).isEqualTo(x < y ? x : y);
            }
        }
        assertThat(a.maximum(b).toArray())
                .isEqualTo(a.neg().minimum(b.neg()).neg().toArray());
    }

    @Test
    void equalOnesShareTheGradientAndNaNWins() {
        double nan = Double.NaN;
        for (DType dtype : DType.values()) {
            Tensor a = Tensor.of(new double[] {1, 2, 3, nan, 0}, 5).to(dtype).requireGrad();
            Tensor b = Tensor.of(new double[] {1, 5, -3, 0, nan}, 5).to(dtype).requireGrad();
            Tensor y = a.maximum(b);
            assertThat(y.toArray()).containsExactly(1, 5, 3, nan, nan);
            y.backward(Tensor.full(dtype, Shape.of(5), 2));
            assertThat(a.grad().slice(0, 0, 3).toArray()).containsExactly(1, 0, 2);
            assertThat(b.grad().slice(0, 0, 3).toArray()).containsExactly(1, 2, 0);
            a.zeroGrad();
            a.minimum(a).sum().backward();
            assertThat(a.grad().slice(0, 0, 3).toArray()).containsOnly(1);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.maximum(Tensor.ones(2)), "maximum: shapes (2, 3) and (2,) do not broadcast"); // BAD-INPUT 7
        refused(() -> x.minimum(null), "minimum: a tensor must be given; got null"); // BAD-INPUT 14
        refused(() -> x.minimum(x.to(DType.FLOAT64)), "minimum: types must be equal"); // BAD-INPUT 15
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
