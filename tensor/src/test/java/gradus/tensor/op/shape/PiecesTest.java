package gradus.tensor.op.shape;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PiecesTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example(
                        "split",
                        x -> {
                            List<Tensor> p = x[0].split(2, 1);
                            return p.get(0).mul(p.get(1)).add(p.get(2));
                        },
                        Draw.normal(1, 3, 5)),
                new Example("given sizes", x -> x[0].split(new int[] {1, 3}, 0).get(1), Draw.normal(1, 4, 3)),
                new Example("chunk", x -> x[0].chunk(3, -1).get(2), Draw.normal(1, 2, 7)),
                new Example(
                        "unbind", x -> x[0].unbind(0).get(0).mul(x[0].unbind(0).get(1)), Draw.normal(1, 2, 3)));
    }

    @Property(tries = 200)
    void concatAndStackPutTogetherWhatWasCut(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 9) int wish,
            @ForAll @IntRange(min = 1, max = 8) int size,
            @ForAll long seed) {
        int axis = wish % shape.rank();
        int n = shape.dim(axis);
        Tensor x = Draw.normal(seed, shape.dims());
        List<Tensor> pieces = x.split(size, axis);
        int from = 0;
        for (Tensor piece : pieces) {
            int to = Math.min(from + size, n);
            assertThat(piece.shape()).isEqualTo(shape.with(axis, to - from));
            assertNear(piece, x.slice(axis, from, to), 0);
            from = to;
        }
        assertThat(from).isEqualTo(n);
        assertNear(Tensor.concat(axis, pieces.toArray(Tensor[]::new)), x, 0);
        List<Tensor> single = x.unbind(axis - shape.rank());
        assertThat(single).hasSize(n);
        assertThat(single.get(n - 1).shape()).isEqualTo(shape.without(axis));
        assertNear(Tensor.stack(axis, single.toArray(Tensor[]::new)), x, 0);
        assertThat(x.split(new int[] {n}, axis)).hasSize(1);
    }

    /// As PyTorch: pieces of ⌈n/chunks⌉, so there may be fewer than asked for.
    @Test
    void chunksHaveTheSizesOfPyTorch() {
        assertThat(sizes(7, 3)).containsExactly(3, 3, 1);
        assertThat(sizes(6, 4)).containsExactly(2, 2, 2);
        assertThat(sizes(5, 5)).containsExactly(1, 1, 1, 1, 1);
        assertThat(sizes(2, 5)).containsExactly(1, 1);
        assertThat(sizes(5, 1)).containsExactly(5);
    }

    private static int[] sizes(int n, int chunks) {
        return Tensor.ones(n).chunk(chunks, 0).stream().mapToInt(Tensor::size).toArray();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 5);
        refused(() -> x.split(0, 1), "split: pieces must have at least size 1; got 0");
        refused(
                () -> x.split(new int[] {2, 2}, 1),
                "split: the sizes [2, 2] must add up to 5, the size of axis 1",
                "to 4");
        refused(() -> x.split(new int[] {6, -1}, 1), "at least size 1; got [6, -1]");
        refused(() -> x.split(new int[0], 1), "they add up to 0");
        refused(() -> x.split(null, 1), "split: sizes must be given"); // BAD-INPUT 14
        refused(() -> x.chunk(0, 1), "chunk: there must be at least 1 chunk; got 0");
        refused(() -> x.unbind(2), "axis 2 is out of range"); // BAD-INPUT 11
        refused(() -> Tensor.scalar(1).unbind(0), "axis 0 is out of range");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
