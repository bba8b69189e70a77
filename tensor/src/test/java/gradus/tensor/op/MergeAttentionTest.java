package gradus.tensor.op;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.assertWithin;
import static gradus.tensor.Near.largest;
import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention.Result;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MergeAttentionTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example(
                        "two parts",
                        x -> both(merge(x[0], x[1], x[2], x[3])),
                        Draw.normal(1, 2, 3, 4),
                        Draw.normal(2, 2, 2, 3),
                        Draw.normal(3, 2, 3, 4),
                        Draw.normal(4, 2, 2, 3)),
                new Example("one part", x -> both(merge(x[0], x[1])), Draw.normal(1, 1, 2, 3), Draw.normal(2, 1, 1, 2)),
                new Example(
                        "attention in two parts",
                        x -> both(MergeAttention.apply(List.of(
                                part(x[0], x[1], x[2], 0, 2, KeyMask.full()),
                                part(x[0], x[1], x[2], 2, 3, KeyMask.full())))),
                        Draw.normal(1, 1, 2, 4),
                        Draw.normal(2, 1, 3, 4),
                        Draw.normal(3, 1, 3, 4)));
    }

    @Property
    void isTheLoop(
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll @IntRange(min = 1, max = 5) int time,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll long seed) {
        int d = 3;
        List<Result> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(new Result(
                    Draw.normal(seed + 2 * i, 2, time, heads * d), Draw.normal(seed + 2 * i + 1, 2, heads, time)));
        }
        Result merged = MergeAttention.apply(parts);
        for (int b = 0; b < 2; b++) {
            for (int t = 0; t < time; t++) {
                for (int h = 0; h < heads; h++) {
                    double sum = 0;
                    for (Result part : parts) {
                        sum += Math.exp(part.logSum().get(b, h, t));
                    }
                    assertThat(merged.logSum().get(b, h, t)).isCloseTo(Math.log(sum), within());
                    for (int c = 0; c < d; c++) {
                        double out = 0;
                        for (Result part : parts) {
                            out += Math.exp(part.logSum().get(b, h, t))
                                    / sum
                                    * part.out().get(b, t, h * d + c);
                        }
                        assertThat(merged.out().get(b, t, h * d + c)).isCloseTo(out, within());
                    }
                }
            }
        }
    }

    /// Keys cut anywhere, each side attended to alone, in float32 and float64, forwards and backwards.
    @Property
    void mergesPartsIntoAttentionOverAll(
            @ForAll @IntRange(min = 1, max = 9) int time,
            @ForAll @IntRange(min = 0, max = 9) int cut,
            @ForAll boolean causal,
            @ForAll long seed) {
        int first = Math.min(cut, time);
        KeyMask mask = causal ? KeyMask.causal() : KeyMask.full();
        for (DType dtype : DType.values()) {
            Tensor[] x = {
                Draw.normal(seed, 2, time, 6), Draw.normal(seed + 1, 2, time, 3), Draw.normal(seed + 2, 2, time, 3)
            };
            for (int i = 0; i < 3; i++) {
                x[i] = x[i].to(dtype).requireGrad();
            }
            AttentionSettings settings = AttentionSettings.of(2, mask);
            Result whole = Attention.withLogSum(x[0], x[1], x[2], settings);
            KeyMask before = query -> query.sees(0, first);
            KeyMask after = query -> query.sees(first, query.keys());
            Result merged = MergeAttention.apply(List.of(
                    Attention.withLogSum(x[0], x[1], x[2], AttentionSettings.of(2, mask.and(before))),
                    Attention.withLogSum(x[0], x[1], x[2], AttentionSettings.of(2, mask.and(after)))));
            double tolerance = dtype == DType.FLOAT64 ? 1e-12 : 1e-5;
            // An output is a mean of values, so it is as uncertain as they are; a log-sum-exp as the logits, here
            // below 3·20; a gradient sums products of four factors over at most nine keys and two heads.
            assertNear(merged.out().toArray(), whole.out().toArray(), tolerance, largest(x[2].toArray()));
            assertWithin(merged.logSum().toArray(), whole.logSum().toArray(), 3 * tolerance);
            Tensor u = Draw.normal(seed + 3, 2, time, 6).to(dtype);
            Tensor w = Draw.normal(seed + 4, 2, 2, time).to(dtype);
            whole.out().mul(u).sum().add(whole.logSum().mul(w).sum()).backward();
            double[][] expected = new double[3][];
            for (int i = 0; i < 3; i++) {
                expected[i] = x[i].grad().toArray();
                x[i].zeroGrad();
            }
            merged.out().mul(u).sum().add(merged.logSum().mul(w).sum()).backward();
            for (int i = 0; i < 3; i++) {
                assertWithin(x[i].grad().toArray(), expected[i], 100 * tolerance);
            }
        }
    }

    @Test
    void partsThatSawNothingHaveNoWeight() { // BAD-INPUT 36
        for (DType dtype : DType.values()) {
            Tensor q = Draw.normal(1, 1, 3, 4).to(dtype).requireGrad();
            KeyMask nothing = query -> {};
            KeyMask lastOnly = query -> query.sees(0, query.index() == 2 ? 3 : 0);
            Result merged = MergeAttention.apply(List.of(
                    Attention.withLogSum(q, q, q, AttentionSettings.of(2, nothing)),
                    Attention.withLogSum(q, q, q, AttentionSettings.of(2, lastOnly))));
            assertThat(merged.out().slice(1, 0, 2).toArray()).containsOnly(0);
            assertThat(merged.logSum().slice(2, 0, 2).toArray()).containsOnly(Double.NEGATIVE_INFINITY);
            Tensor last = merged.logSum().slice(2, 2, 3);
            merged.out().sum().add(last.sum()).backward();
            assertThat(DoubleStream.of(q.grad().toArray())).allMatch(Double::isFinite);
        }
    }

    @Test
    void partsThatDoNotFitAreRefused() {
        refused(() -> MergeAttention.apply(List.of()), "at least one part");
        refused(() -> merge(Tensor.ones(1, 2, 4), Tensor.ones(1, 2, 3)), "(1, 2, 4) and (1, 2, 3)");
        refused(
                () -> merge(Tensor.ones(1, 2, 4), Tensor.ones(1, 2, 2), Tensor.ones(1, 3, 4), Tensor.ones(1, 2, 3)),
                "(1, 3, 4) and (1, 2, 3), the first (1, 2, 4) and (1, 2, 2)");
    }

    private static Result merge(Tensor... x) {
        List<Result> parts = new ArrayList<>();
        for (int i = 0; i < x.length; i += 2) {
            parts.add(new Result(x[i], x[i + 1]));
        }
        return MergeAttention.apply(parts);
    }

    private static Result part(Tensor q, Tensor k, Tensor v, int from, int to, KeyMask mask) {
        return Attention.withLogSum(q, k.slice(1, from, to), v.slice(1, from, to), AttentionSettings.of(2, mask));
    }

    private static Tensor both(Result result) {
        Tensor out = result.out().reshape(result.out().size());
        return Tensor.concat(0, out, result.logSum().reshape(result.logSum().size()));
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-12); // sums of four terms below 5, each to some 1e-15
    }
}
