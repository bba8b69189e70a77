package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gradus.tensor.kernel.RopePairs;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.op.Rope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The classic mistake of each backward, made in full: a wrong rule stands in for the right one, and the gradient check
/// must say so. (Each operation's own test also plants a sign, a factor of 2 and a dropped term in every input.)
class PlantedErrorTest {
    private static final Tensor X = Draw.normal(1, 3, 4);
    private static final Tensor ONE_TO_FOUR = Draw.tensor(i -> i + 1, 4);

    /// A forward and the gradient by its input that somebody derived, rightly or wrongly: (x, dy) → dx.
    record Mistake(String name, Function<Tensor, Tensor> forward, BiFunction<Tensor, Tensor, Tensor> backward) {
        GradientReport check() {
            return GradientCheck.of(
                    in -> {
                        Tensor y = forward.apply(in[0].detach());
                        return Autograd.record(
                                y,
                                dy -> in[0].addGradient(backward.apply(in[0].detach(), Tensor.over(dy, y.shape()))
                                        .buffer()),
                                in[0]);
                    },
                    X.add(0));
        }
    }

    @TestFactory
    Stream<DynamicTest> theRightRulesPass() {
        return Stream.of(
                        new Mistake("exp", Tensor::exp, (x, dy) -> dy.mul(x.exp())),
                        new Mistake("softmax", Tensor::softmax, (x, dy) -> {
                            Tensor y = x.softmax();
                            return y.mul(dy.sub(y.mul(dy).sum(-1, true)));
                        }),
                        new Mistake("sum", x -> x.sum(0), (x, dy) -> dy.broadcastTo(3, 4)),
                        new Mistake("rope", x -> turned(x), (x, dy) -> turned(dy, RopePairs.HALVES, -1)))
                .map(right -> dynamicTest(right.name, () -> right.check().requirePass()));
    }

    @TestFactory
    Stream<DynamicTest> theClassicMistakesAreCaught() {
        Indices targets = Indices.of(0, 3, 1);
        Indices repeated = Indices.of(0, 2, 2);
        double root2Pi = Math.sqrt(2 * Math.PI);
        return Stream.of(
                        new Mistake("exp by x in place of y", Tensor::exp, (x, dy) -> dy.mul(x)),
                        new Mistake("square without 2", Tensor::square, (x, dy) -> dy.mul(x)),
                        new Mistake("sigmoid without 1 - y", Tensor::sigmoid, (x, dy) -> dy.mul(x.sigmoid())),
                        new Mistake(
                                "tanh by 1 - y",
                                Tensor::tanh,
                                (x, dy) -> dy.mul(x.tanh().neg().add(1))),
                        new Mistake("relu without its mask", Tensor::relu, (x, dy) -> dy.mul(1)),
                        new Mistake(
                                "gelu without x·φ(x)",
                                Tensor::gelu,
                                (x, dy) -> dy.mul(x.gelu().div(x))),
                        new Mistake(
                                "gelu, exact, with the tanh form's slope",
                                Tensor::gelu,
                                (x, dy) -> dy.mul(x.geluTanh()
                                        .div(x)
                                        .add(x.mul(x.square().mul(-0.5).exp().div(root2Pi))))),
                        new Mistake("silu without x·σ(1 - σ)", Tensor::silu, (x, dy) -> dy.mul(x.sigmoid())),
                        new Mistake(
                                "reciprocal without its sign",
                                Tensor::reciprocal,
                                (x, dy) -> dy.mul(x.reciprocal().square())),
                        new Mistake(
                                "sqrt without ½",
                                x -> x.abs().sqrt(),
                                (x, dy) -> dy.div(x.abs().sqrt())),
                        new Mistake("affine by 1", x -> x.mul(3).add(1), (x, dy) -> dy.mul(1)),
                        new Mistake(
                                "subtraction's right side without its sign", ONE_TO_FOUR::sub, (x, dy) -> dy.mul(1)),
                        new Mistake(
                                "a quotient's divisor without its sign",
                                ONE_TO_FOUR::div,
                                (x, dy) -> dy.mul(ONE_TO_FOUR).div(x.square())),
                        new Mistake("a product by the wrong side", x -> x.mul(ONE_TO_FOUR), Tensor::mul),
                        new Mistake("mean without 1/n", Tensor::mean, (x, dy) -> dy.broadcastTo(3, 4)),
                        new Mistake(
                                "max to every place",
                                x -> x.amax(1),
                                (x, dy) -> dy.reshape(3, 1).broadcastTo(3, 4)),
                        new Mistake(
                                "a stretched row without its sum",
                                x -> x.select(0, 0).broadcastTo(2, 4),
                                (x, dy) -> Tensor.concat(
                                        0, dy.slice(0, 0, 1), dy.slice(0, 0, 2).mul(0))),
                        new Mistake("transpose not turned back", x -> x.transpose(0, 1), (x, dy) -> dy.reshape(3, 4)),
                        new Mistake(
                                "slice put back at 0",
                                x -> x.slice(0, 1, 3),
                                (x, dy) ->
                                        Tensor.concat(0, dy, dy.slice(0, 0, 1).mul(0))),
                        new Mistake(
                                "concat's parts exchanged",
                                x -> Tensor.concat(0, x, x.mul(2)),
                                (x, dy) -> dy.slice(0, 0, 3).mul(2).add(dy.slice(0, 3, 6))),
                        new Mistake(
                                "gather that overwrites where an index repeats",
                                x -> x.indexSelect(0, repeated),
                                (x, dy) -> Tensor.concat(
                                        0, dy.slice(0, 0, 1), dy.slice(0, 0, 1).mul(0), dy.slice(0, 2, 3))),
                        new Mistake(
                                "matmul without a transpose", x -> x.matmul(square()), (x, dy) -> dy.matmul(square())),
                        new Mistake(
                                "linear with a transpose too many",
                                x -> x.linear(square(), null),
                                (x, dy) -> dy.matmul(square(), false, true)),
                        new Mistake("softmax without its sum", Tensor::softmax, (x, dy) -> {
                            Tensor y = x.softmax();
                            return y.mul(dy).sub(y.square().mul(dy)); // the diagonal of the Jacobian alone
                        }),
                        new Mistake(
                                "logSoftmax without its sum",
                                Tensor::logSoftmax,
                                (x, dy) -> dy.sub(x.softmax().mul(dy))),
                        new Mistake(
                                "layerNorm with mean and deviation held still",
                                PlantedErrorTest::norm,
                                (x, dy) -> dy.mul(ONE_TO_FOUR).mul(rstd(x))),
                        new Mistake("layerNorm without the term of the mean", PlantedErrorTest::norm, (x, dy) -> {
                            Tensor g = dy.mul(ONE_TO_FOUR);
                            Tensor normal = x.sub(x.mean(-1, true)).mul(rstd(x));
                            return g.sub(normal.mul(g.mul(normal).mean(-1, true)))
                                    .mul(rstd(x));
                        }),
                        new Mistake("layerNorm without the term of the deviation", PlantedErrorTest::norm, (x, dy) -> {
                            Tensor g = dy.mul(ONE_TO_FOUR);
                            return g.sub(g.mean(-1, true)).mul(rstd(x));
                        }),
                        new Mistake(
                                "rmsNorm with its size held still",
                                x -> x.rmsNorm(ONE_TO_FOUR, 1e-5),
                                (x, dy) -> dy.mul(ONE_TO_FOUR)
                                        .mul(x.square()
                                                .mean(-1, true)
                                                .add(1e-5)
                                                .sqrt()
                                                .reciprocal())),
                        new Mistake("rope's gradient turned forwards", x -> turned(x), (x, dy) -> turned(dy)),
                        new Mistake(
                                "rope's gradient turned back by the other layout",
                                x -> turned(x),
                                (x, dy) -> turned(dy, RopePairs.NEIGHBOURS, -1)),
                        new Mistake(
                                "crossEntropy without its target",
                                x -> x.crossEntropy(targets),
                                (x, dy) -> x.softmax().div(3).mul(dy)),
                        new Mistake(
                                "crossEntropy summed, not averaged",
                                x -> x.crossEntropy(targets),
                                (x, dy) -> x.softmax().sub(oneHot(targets)).mul(dy)),
                        new Mistake(
                                "crossEntropy without its smoothing",
                                x -> x.crossEntropy(targets, CrossEntropy.IGNORE_INDEX, 0.1),
                                (x, dy) ->
                                        x.softmax().sub(oneHot(targets)).div(3).mul(dy)),
                        new Mistake(
                                "dropout without 1/(1 - p)",
                                x -> x.dropout(0.5, Rng.of(1)),
                                (x, dy) -> dy.dropout(0.5, Rng.of(1)).mul(0.5)),
                        new Mistake(
                                "dropout with another mask",
                                x -> x.dropout(0.5, Rng.of(1)),
                                (x, dy) -> dy.dropout(0.5, Rng.of(2))),
                        attention("attention without δ", true, 1),
                        attention("attention without 1/√D", false, Math.sqrt(2)))
                .map(mistake -> dynamicTest(mistake.name, () -> {
                    GradientReport report = mistake.check();
                    assertThat(report.passed()).as(report.toString()).isFalse();
                }));
    }

    /// The gradient by the queries of one causal sequence of 3, 2 heads of 2.
    private static Mistake attention(String name, boolean withoutDelta, double factor) {
        Tensor k = Draw.normal(8, 1, 3, 4);
        Tensor v = Draw.normal(9, 1, 3, 4);
        return new Mistake(name, x -> x.reshape(1, 3, 4).attention(k, v, 2, KeyMask.full()), (x, dy) -> {
            Tensor[] parts = new Tensor[2];
            for (int h = 0; h < 2; h++) {
                Tensor q = x.slice(1, 2 * h, 2 * h + 2); // (3, 2)
                Tensor keys = k.reshape(3, 4).slice(1, 2 * h, 2 * h + 2); // (3, 2)
                Tensor values = v.reshape(3, 4).slice(1, 2 * h, 2 * h + 2); // (3, 2)
                Tensor dO = dy.reshape(3, 4).slice(1, 2 * h, 2 * h + 2); // (3, 2)
                Tensor p = q.matmul(keys, false, true).div(Math.sqrt(2)).softmax(); // (3, 3)
                Tensor dP = dO.matmul(values, false, true); // (3, 3)
                Tensor delta = p.mul(dP).sum(-1, true).mul(withoutDelta ? 0 : 1); // (3, 1)
                parts[h] = p.mul(dP.sub(delta)).matmul(keys).mul(factor / Math.sqrt(2)); // (3, 2)
            }
            return Tensor.concat(1, parts);
        });
    }

    private static Tensor norm(Tensor x) {
        return x.layerNorm(ONE_TO_FOUR, ONE_TO_FOUR, 1e-5);
    }

    private static Tensor rstd(Tensor x) {
        return x.sub(x.mean(-1, true)).square().mean(-1, true).add(1e-5).sqrt().reciprocal();
    }

    private static Tensor turned(Tensor x) {
        return turned(x, RopePairs.HALVES, 1);
    }

    /// Rows turned by 0.7 and 0.2 a position, or back.
    private static Tensor turned(Tensor x, RopePairs pairs, int sign) {
        Tensor cos = Draw.tensor(i -> Math.cos(i / 2 * (i % 2 == 0 ? 0.7 : 0.2)), 3, 2);
        Tensor sin = Draw.tensor(i -> sign * Math.sin(i / 2 * (i % 2 == 0 ? 0.7 : 0.2)), 3, 2);
        return Rope.apply(x.reshape(1, 3, 4), cos, sin, Indices.of(0, 1, 2), pairs);
    }

    private static Tensor square() {
        return Draw.normal(5, 4, 4);
    }

    private static Tensor oneHot(Indices targets) {
        return Draw.tensor(i -> targets.get(i / 4) == i % 4 ? 1 : 0, 3, 4);
    }
}
