package gradus.tensor.op;

import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CheckpointTest extends OpTest {
    /// Uses its first input twice, its second once, and draws a mask.
    private static Tensor mixed(Tensor[] x) {
        return x[0].tanh().mul(x[1].exp()).add(x[0]).dropout(0.4, Rng.of(3));
    }

    private static Tensor checkpoint(Function<Tensor[], Tensor> f, Tensor... inputs) {
        return Checkpoint.apply(f, List.of(), inputs);
    }

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example(
                        "mixed", x -> checkpoint(CheckpointTest::mixed, x), Draw.normal(1, 2, 3), Draw.normal(2, 3)),
                new Example(
                        "the same input twice", x -> checkpoint(CheckpointTest::mixed, x[0], x[0]), Draw.normal(1, 4)),
                new Example("the input itself", x -> checkpoint(y -> y[0], x), Draw.normal(1, 3)),
                new Example(
                        "one inside another",
                        x -> checkpoint(
                                y -> checkpoint(z -> z[0].exp(), y[0].tanh()).square(), x),
                        Draw.normal(1, 3)));
    }

    private static double[][] run(Shape shape, long seed, DType dtype, Function<Tensor[], Tensor> f) {
        Tensor a = Draw.normal(seed, shape.dims()).to(dtype).requireGrad();
        Tensor b = Draw.normal(seed + 1, shape.dims()).to(dtype).requireGrad();
        try (var scope = Scope.open()) {
            Tensor y = f.apply(new Tensor[] {a.mul(2), b.mul(3)});
            double[] values = y.toArray();
            y.square().sum().backward();
            return new double[][] {values, a.grad().toArray(), b.grad().toArray()};
        }
    }

    @Property
    void isTheFunctionBitForBit(@ForAll("shapes") Shape shape, @ForAll long seed, @ForAll DType dtype) {
        double[][] plain = run(shape, seed, dtype, CheckpointTest::mixed);
        double[][] checkpointed = run(shape, seed, dtype, x -> checkpoint(CheckpointTest::mixed, x));
        assertThat(checkpointed).isDeepEqualTo(plain);
    }

    @Test
    void whatIsNotUsedHasAGradientOfZero() {
        Tensor x = Draw.normal(1, 3).requireGrad();
        Tensor idle = x.mul(2).retainGrad();
        Tensor y = checkpoint(in -> in[0].exp(), x.mul(1), idle);
        y.sum().backward();
        assertThat(idle.grad().toArray()).containsOnly(0);
        assertThat(x.grad().toArray()).isEqualTo(x.exp().toArray());
    }

    @Test
    void withoutGradientsTheFunctionRunsOnce() {
        int[] runs = new int[1];
        Tensor x = Draw.normal(1, 3);
        Tensor y = checkpoint(
                in -> {
                    runs[0]++;
                    return in[0].exp();
                },
                x);
        assertThat(y.requiresGrad()).isFalse();
        assertThat(runs[0]).isEqualTo(1);
    }

    @Test
    void badInput() {
        Tensor x = Draw.normal(1, 3).requireGrad();
        Tensor computed = x.exp();
        Tensor y = checkpoint(in -> in[0].mul(computed), x);
        refused(() -> y.sum().backward(), "pass everything it computes with as an input");
        Tensor sum = checkpoint(in -> in[0].mul(computed), x.mul(1)).sum().add(computed.sum());
        refused(sum::backward, "pass everything it computes with as an input");
        Tensor z = checkpoint(in -> in[0].exp(), x);
        x.set(1, 2, 3);
        refused(() -> z.sum().backward(), "changed in place"); // BAD-INPUT 19
        refused(() -> checkpoint(null, x), "a function must be given; got null"); // BAD-INPUT 14
        refused(() -> checkpoint(in -> in[0], x, null), "must be given; got null");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
