package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.op.ViewsTest.refused;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RopeTest extends OpTest {
    private static final int LONGEST = 40;

    /// The sizes of a rotation: B, T, N, D/2 and where pairs stand.
    record Sizes(int batch, int time, int heads, int half, RopePairs pairs) {
        Tensor x(long seed) {
            return Draw.normal(seed, batch, time, heads * 2 * half);
        }
    }

    @Override
    protected List<Example> examples() {
        Indices perSequence = Indices.of(4, 0, 7, 1, 1, 39).reshape(2, 3);
        return List.of(
                new Example(
                        "halves", x -> rope(x[0], Indices.of(0, 3, 9), 2, RopePairs.HALVES), Draw.normal(1, 2, 3, 8)),
                new Example(
                        "neighbours",
                        x -> rope(x[0], Indices.of(0, 3, 9), 3, RopePairs.NEIGHBOURS),
                        Draw.normal(1, 1, 3, 12)),
                new Example(
                        "positions of each sequence, tables with a factor",
                        x -> Rope.apply(
                                x[0],
                                table(Math::cos, 2, 1.4, x[0].dtype()),
                                table(Math::sin, 2, 1.4, x[0].dtype()),
                                perSequence,
                                RopePairs.HALVES),
                        Draw.normal(1, 2, 3, 4)));
    }

    @Property
    void isTheLoop(@ForAll("sizes") Sizes s, @ForAll long seed) {
        Tensor x = s.x(seed);
        Indices positions = Draw.indices(seed + 1, LONGEST, s.batch, s.time);
        double[] expected = x.toArray();
        int d = 2 * s.half;
        for (int row = 0; row < s.batch * s.time; row++) {
            for (int h = 0; h < s.heads; h++) {
                for (int i = 0; i < s.half; i++) {
                    int first = (row * s.heads + h) * d + (s.pairs == RopePairs.HALVES ? i : 2 * i);
                    int second = first + (s.pairs == RopePairs.HALVES ? s.half : 1);
                    double angle = positions.get(row) * Math.pow(100, -(double) i / s.half);
                    double a = expected[first];
                    double b = expected[second];
                    expected[first] = a * Math.cos(angle) - b * Math.sin(angle);
                    expected[second] = b * Math.cos(angle) + a * Math.sin(angle);
                }
            }
        }
        assertNear(rope(x, positions, s.half, s.pairs).toArray(), expected, ROUNDING);
        // A pair keeps its length, so the larger of the two is at least 0.7 of it; cos, product and sum round by 6e-8
        // each, 2.5e-7 in all.
        assertNear(rope(x.to(DType.FLOAT32), positions, s.half, s.pairs).toArray(), expected, 1e-6);
    }

    @Property
    void turningKeepsLengthsAndAnglesAddUp(@ForAll("sizes") Sizes s, @ForAll long seed) {
        Tensor x = s.x(seed);
        Indices one = Draw.indices(seed + 1, LONGEST / 2, s.time);
        Indices other = Draw.indices(seed + 2, LONGEST / 2, s.time);
        Indices sum = Indices.of(
                IntStream.range(0, s.time).map(t -> one.get(t) + other.get(t)).toArray());
        Tensor turned = rope(x, one, s.half, s.pairs);
        int d = 2 * s.half;
        assertNear(
                turned.square().reshape(x.size() / d, d).sum(1),
                x.square().reshape(x.size() / d, d).sum(1),
                ROUNDING);
        assertNear(rope(turned, other, s.half, s.pairs), rope(x, sum, s.half, s.pairs), ROUNDING);
        assertNear(rope(x, Indices.of(new int[s.time]), s.half, s.pairs), x, 0);
    }

    @Property
    void aProductDependsOnTheDistanceAlone(@ForAll("sizes") Sizes s, @ForAll long seed) {
        Tensor q = s.x(seed);
        Tensor k = s.x(seed + 1);
        Indices one = Draw.indices(seed + 2, LONGEST / 2, s.time);
        Indices other = Draw.indices(seed + 3, LONGEST / 2, s.time);
        Tensor here = rope(q, one, s.half, s.pairs).mul(rope(k, other, s.half, s.pairs));
        Tensor there = rope(q, shifted(one), s.half, s.pairs).mul(rope(k, shifted(other), s.half, s.pairs));
        // A sum over D terms of about 1 that may cancel.
        Tensor gap = here.sub(there).sum(2).abs();
        assertNear(gap.add(1), gap.mul(0).add(1), 1e-11);
    }

    /// The two layouts are one rotation of differently ordered channels.
    @Property
    void theLayoutsArePermutationsOfEachOther(@ForAll("sizes") Sizes s, @ForAll long seed) {
        int d = 2 * s.half;
        int[] interleaved = IntStream.range(0, s.heads * d)
                .map(c -> c / d * d + (c % 2 == 0 ? c % d / 2 : s.half + c % d / 2))
                .toArray();
        Tensor x = s.x(seed);
        Indices positions = Draw.indices(seed + 1, LONGEST, s.time);
        Tensor left = rope(x.indexSelect(2, Indices.of(interleaved)), positions, s.half, RopePairs.NEIGHBOURS);
        Tensor right = rope(x, positions, s.half, RopePairs.HALVES).indexSelect(2, Indices.of(interleaved));
        assertNear(left, right, 0);
    }

    @Test
    void argumentsThatDoNotFitAreRefused() { // BAD-INPUT 6, 12, 14, 15
        Tensor x = Tensor.ones(2, 3, 8);
        Tensor table = Tensor.ones(10, 2);
        Indices p = Indices.of(0, 1, 2);
        RopePairs halves = RopePairs.HALVES;
        refused(() -> Rope.apply(Tensor.ones(3, 8), table, table, p, halves), "(B, T, N·D); got (3, 8)");
        refused(() -> Rope.apply(x, table, Tensor.ones(9, 2), p, halves), "(10, 2) and (9, 2)");
        refused(() -> Rope.apply(x, Tensor.ones(9, 3), Tensor.ones(9, 3), p, halves), "8 channels", "heads of 6");
        refused(() -> Rope.apply(x, table, table, Indices.of(0, 1), halves), "(T) or (B, T)", "(2,)");
        refused(() -> Rope.apply(x, table, table, Indices.of(0, 1, 10), halves), "index 10", "0..9");
        refused(() -> Rope.apply(x, table, table, Indices.of(0, -1, 1), halves), "index -1");
        refused(() -> Rope.apply(x, table, table, null, halves), "null");
        refused(() -> Rope.apply(x, table, table, p, null), "null");
        refused(() -> Rope.apply(x, null, table, p, halves), "null");
        refused(() -> Rope.apply(x, table.to(DType.FLOAT64), table, p, halves), "FLOAT64");
    }

    private static Tensor rope(Tensor x, Indices positions, int half, RopePairs pairs) {
        Tensor cos = table(Math::cos, half, 1, x.dtype());
        return Rope.apply(x, cos, table(Math::sin, half, 1, x.dtype()), positions, pairs);
    }

    /// A function of the angles `p·100^(-i/half)`, times a factor.
    private static Tensor table(java.util.function.DoubleUnaryOperator f, int half, double factor, DType dtype) {
        double[] values = new double[LONGEST * half];
        Arrays.setAll(values, i -> factor * f.applyAsDouble(i / half * Math.pow(100, -(double) (i % half) / half)));
        return Tensor.of(values, LONGEST, half).to(dtype);
    }

    private static Indices shifted(Indices positions) {
        return Indices.of(
                Arrays.stream(positions.values()).map(p -> p + LONGEST / 2).toArray());
    }

    @Provide
    static Arbitrary<Sizes> sizes() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.of(1, 2, 3, 9),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(1, 2, 3, 4, 8, 16, 17),
                        Arbitraries.of(RopePairs.values()))
                .as(Sizes::new);
    }
}
