package gradus.tensor.op.product;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EinsumTest extends OpTest {
    @Override
    protected List<Example> examples() {
        Tensor a = Draw.normal(1, 2, 3);
        Tensor b = Draw.normal(2, 3, 4);
        return List.of(
                new Example("matrix product", x -> Tensor.einsum("ij,jk->ik", x), a, b),
                new Example("transposed", x -> Tensor.einsum("ij->ji", x), a),
                new Example("the first and last letters", x -> Tensor.einsum("aA,zZ->AzaZ", x), a, b),
                new Example("outer product", x -> Tensor.einsum("i,j->ij", x), Draw.normal(1, 2), Draw.normal(2, 3)),
                new Example("inner product", x -> Tensor.einsum("i,i", x), Draw.normal(1, 4), Draw.normal(2, 4)),
                new Example("trace", x -> Tensor.einsum("ii", x), Draw.normal(1, 3, 3)),
                new Example("diagonals", x -> Tensor.einsum("bii->bi", x), Draw.normal(1, 2, 3, 3)),
                new Example(
                        "attention",
                        x -> Tensor.einsum("bhqd,bhkd->bhqk", x),
                        Draw.normal(1, 2, 2, 3, 2),
                        Draw.normal(2, 2, 2, 4, 2)),
                new Example("three", x -> Tensor.einsum("ij,jk,kl->il", x), a, b, Draw.normal(3, 4, 2)),
                new Example("a side summed alone", x -> Tensor.einsum("ij,k->i", x), a, Draw.normal(2, 4)),
                new Example("dots", x -> Tensor.einsum("...ij,...jk->...ik", x), Draw.normal(1, 2, 1, 2, 3), b),
                new Example("a stretched axis", x -> Tensor.einsum("ij,ij->j", x), Draw.normal(1, 1, 3), a),
                new Example("one with itself", x -> Tensor.einsum("ij,kj->ik", x[0], x[0]), a));
    }

    private static final String[] EQUATIONS = {
        "ab,bc->ac", "ab,bc->ca", "ab,bc", "ba,bc->a", "ab,ab->ab", "ab,ab->", "a,b->ba", "abc,cd->abd", "abc,abd->bcd",
        "abc,b,ac->c", "ab,cd->", "aab,b->a", "aba->b", "aa,bb->ab", "abc->cab", "a,a,a->a", "ab,ca,bc->", "abc,cb->ba",
        "cab", "ba,dca->cb", "a,->a", "ab , b -> a"
    };

    /// The definition: over all values of all letters, the products of the elements they name.
    @Property(tries = 200)
    void isTheLoop(
            @ForAll @IntRange(max = 21) int which,
            @ForAll @IntRange(min = 1, max = 4) int a,
            @ForAll @IntRange(min = 1, max = 4) int b,
            @ForAll @IntRange(min = 1, max = 4) int c,
            @ForAll @IntRange(min = 1, max = 3) int d,
            @ForAll long seed) {
        String equation = EQUATIONS[which];
        int[] sizes = {a, b, c, d};
        String compact = equation.replace(" ", "");
        String[] sides = compact.split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        Tensor[] x = new Tensor[inputs.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Draw.normal(
                    seed + i, inputs[i].chars().map(l -> sizes[l - 'a']).toArray());
        }
        String left = sides[0].replace(",", "");
        String out = sides.length > 1
                ? sides[1]
                : left.chars()
                        .sorted()
                        .filter(l -> left.indexOf(l) == left.lastIndexOf(l))
                        .collect(StringBuilder::new, (t, l) -> t.append((char) l), StringBuilder::append)
                        .toString();
        Shape shape = Shape.of(out.chars().map(l -> sizes[l - 'a']).toArray());
        double[] expected = new double[shape.size()];
        double[] terms = new double[shape.size()];
        String letters = "abcd";
        Shape all = Shape.of(letters.chars()
                .map(l -> left.indexOf(l) < 0 ? 1 : sizes[l - 'a'])
                .toArray());
        for (int at = 0; at < all.size(); at++) {
            int[] value = Places.index(all, at);
            double product = 1;
            for (int i = 0; i < x.length; i++) {
                product *= x[i].get(inputs[i].chars().map(l -> value[l - 'a']).toArray());
            }
            int to = shape.position(out.chars().map(l -> value[l - 'a']).toArray());
            expected[to] += product;
            terms[to] += Math.abs(product);
        }
        Tensor y = Tensor.einsum(equation, x);
        assertThat(y.shape()).isEqualTo(shape);
        assertNear(y.toArray(), expected, ROUNDING, DoubleStream.of(terms).max().orElseThrow());
    }

    @Test
    void dotsStandForTheOtherAxesAndBroadcast() {
        Tensor x = Draw.normal(1, 2, 5, 3, 4);
        Tensor y = Draw.normal(2, 5, 4, 2);
        assertNear(Tensor.einsum("...ij,...jk", x, y), x.matmul(y.broadcastTo(2, 5, 4, 2)), ROUNDING);
        assertNear(Tensor.einsum("...ij->...ji", x), x.transpose(-1, -2), 0);
        assertNear(Tensor.einsum("i...->...", x), x.sum(0), ROUNDING);
        assertNear(Tensor.einsum("...,...->...", y, Tensor.full(DType.FLOAT64, Shape.of(2), 3)), y.mul(3), 0);
        assertNear(
                Tensor.einsum("...i->...", Draw.normal(1, 3)), Draw.normal(1, 3).sum(), ROUNDING);
        assertNear(
                Tensor.einsum("ij,jk->ik", Draw.normal(1, 2, 1), y.select(0, 0)), // j of size 1 stretches
                Draw.normal(1, 2, 1).matmul(y.select(0, 0).sum(0, true)),
                ROUNDING);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> Tensor.einsum("ij,jk->ik", x), "einsum: \"ij,jk->ik\" names 2 tensors; got 1");
        refused(
                () -> Tensor.einsum("ijk->i", x),
                "einsum: \"ijk\" of \"ijk->i\" names 3 axes; the tensor has 2"); // BAD-INPUT 6
        refused(() -> Tensor.einsum("...ijk->i", x), "names at least 3 axes; the tensor has 2");
        refused(
                () -> Tensor.einsum("ij,jk->ik", x, x),
                "einsum: axis j of \"ij,jk->ik\" has the sizes 3 and 2"); // BAD-INPUT 8
        refused(() -> Tensor.einsum("ij->ik", x), "the result of \"ij->ik\" must name each axis once");
        refused(() -> Tensor.einsum("ij->ii", x), "must name each axis once");
        for (char next : "@[`{1".toCharArray()) { // beside A, Z, a and z
            refused(() -> Tensor.einsum("i" + next + "->i", x), "must have letters for axes");
        }
        refused(() -> Tensor.einsum("ij->i->j", x), "must have letters for axes");
        refused(() -> Tensor.einsum("i.j->i", x), "must have letters for axes");
        refused(() -> Tensor.einsum("ii", x), "einsum: axis i twice in one tensor of shape (2, 3) has two sizes");
        refused(() -> Tensor.einsum("...,...", Tensor.ones(2), Tensor.ones(3)), "axis ... of");
        refused(() -> Tensor.einsum(null, x), "einsum: an equation must be given"); // BAD-INPUT 14
        refused(() -> Tensor.einsum("ij", (Tensor[]) null), "einsum: tensors must be given");
        refused(() -> Tensor.einsum("ij", (Tensor) null), "einsum: tensor 0 must be given");
        refused(() -> Tensor.einsum("i,i", Tensor.ones(2), Tensor.ones(2).to(DType.FLOAT64)), "types must be equal");
        refused(() -> Tensor.einsum("", new Tensor[0]), "at least one tensor");
    }
}
