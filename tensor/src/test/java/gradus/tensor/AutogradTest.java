package gradus.tensor;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutogradTest {
    private final Tensor x = Draw.awayFromZero(1, 4).requireGrad();

    @Test
    void everyPathToAnInputCounts() {
        Tensor a = x.exp();
        Tensor y = a.mul(a.tanh()).add(a.square()); // a diamond, and a itself on three paths
        y.sum().backward();
        double[] expected = x.toArray();
        for (int i = 0; i < expected.length; i++) {
            double v = Math.exp(expected[i]);
            double t = Math.tanh(v);
            expected[i] = v * (t + v * (1 - t * t) + 2 * v);
        }
        assertNear(x.grad().toArray(), expected, ROUNDING);
    }

    /// Sums share one gradient buffer among their inputs; what one of them adds must not reach the others.
    @Test
    void sharedGradientsDoNotLeakIntoEachOther() {
        check(x -> x.add(x));
        check(x -> x.add(x.relu()));
        check(x -> x.relu().add(x));
        check(x -> {
            Tensor a = x.mul(1.5);
            return a.add(a);
        });
        check(x -> {
            Tensor a = x.mul(1.5);
            return a.add(a.tanh()).add(a.sigmoid());
        });
        check(x -> {
            Tensor sum = x.tanh().add(x.sigmoid()); // one sum, two branches behind it
            return sum.square().add(sum.exp()).add(sum);
        });
        check(x -> {
            Tensor a = x.tanh();
            Tensor b = x.sigmoid();
            Tensor sum = a.add(b); // b also goes on by itself
            return sum.mul(b).add(b.add(sum));
        });
        check(x -> {
            Tensor a = x.mul(2);
            Tensor view = a.reshape(2, 2); // shares memory and gradient with a
            return view.square().reshape(4).add(a).add(view.reshape(-1));
        });
        check(x -> {
            Tensor a = x.add(1);
            return a.slice(0, 0, 2).add(a.slice(0, 2, 4)).sum().add(a);
        });
        check(x -> {
            Tensor a = x.tanh();
            Tensor once = a.add(a.mul(3));
            return once.sub(a).add(once);
        });
        check(x -> Tensor.concat(0, x, x.add(x)).reshape(2, 4).sum(0));
    }

    private static void check(UnaryOperator<Tensor> f) {
        Tensor input = Draw.awayFromZero(3, 4);
        GradientCheck.of(inputs -> f.apply(inputs[0]), input).requirePass();
        GradientCheck.of(inputs -> f.apply(inputs[0].tanh()), input).requirePass();
        GradientCheck.of(inputs -> f.apply(inputs[0].reshape(2, 2).reshape(4)), input)
                .requirePass();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGraphOf100000OperationsNeedsNoStack(boolean chain) {
        try (var scope = Scope.open()) {
            Tensor one = Tensor.of(new float[] {1}, 1).requireGrad();
            Tensor y = one;
            for (int i = 0; i < 100_000; i++) {
                y = chain ? y.add(1e-5) : y.add(one);
            }
            y.backward();
            assertThat(one.grad().item()).isEqualTo(chain ? 1 : 100_001);
        }
    }

    @Test
    void gradientsOfTwoBackwardsAddUpUntilZeroed() {
        x.square().sum().backward();
        double[] once = x.grad().toArray();
        x.square().sum().backward();
        assertNear(
                x.grad().toArray(),
                java.util.Arrays.stream(once).map(d -> 2 * d).toArray(),
                ROUNDING);
        x.zeroGrad();
        assertThat(x.grad()).isNull();
        x.square().sum().backward();
        assertThat(x.grad().toArray()).isEqualTo(once);
    }

    @Test
    void aGraphCanBeUsedOnce() {
        Tensor y = x.square().sum();
        y.backward();
        refused(y::backward, "graph was used by an earlier backward()");
    }

    @Test
    void nothingIsRecordedWhilePaused() {
        try (var pause = Autograd.noGrad()) {
            assertThat(x.square().requiresGrad()).isFalse();
            try (var inner = Autograd.noGrad()) {
                assertThat(x.square().requiresGrad()).isFalse();
            }
            assertThat(x.square().requiresGrad()).isFalse();
        }
        Tensor y = x.square();
        assertThat(y.requiresGrad()).isTrue();
        var pause = Autograd.noGrad();
        pause.close();
        pause.close();
        assertThat(x.square().requiresGrad()).isTrue();
        refused(() -> x.detach().sum().backward(), "does not depend on anything that requires a gradient");
    }

    @Test
    void aComputedTensorKeepsItsGradientIfAsked() {
        Tensor kept = x.mul(2).retainGrad();
        Tensor lost = x.mul(3);
        kept.add(lost).square().sum().backward();
        assertThat(lost.grad()).isNull();
        Tensor expected = x.detach().mul(10);
        assertNear(kept.grad(), expected, ROUNDING);
        assertNear(x.grad(), expected.mul(5), ROUNDING);
    }

    @Test
    void onlyWhatIsAskedForGetsAGradient() {
        Tensor frozen = Draw.normal(2, 4);
        Tensor y = x.mul(frozen);
        y.sum().backward();
        assertThat(frozen.grad()).isNull();
        assertThat(x.grad().toArray()).isEqualTo(frozen.toArray());
        x.freeze();
        assertThat(x.grad()).isNull();
        assertThat(x.mul(frozen).requiresGrad()).isFalse();
        refused(() -> y.detach().requireGrad().square().requireGrad(), "an operation computed this tensor");
        refused(() -> frozen.requireGrad().square().freeze(), "an operation computed this tensor");
    }

    @Test
    void theUpstreamGradientIsGivenOr1() {
        Tensor u = Draw.normal(5, 4);
        x.mul(3).backward(u);
        assertNear(x.grad(), u.mul(3), ROUNDING);
        assertThat(u.toArray()).isEqualTo(Draw.normal(5, 4).toArray()); // and stays as it was
        refused(
                () -> x.mul(3).backward(),
                "only a scalar can be differentiated without an upstream gradient; got shape (4,)");
        refused(() -> x.mul(3).backward(null), "must have shape (4,); got null"); // BAD-INPUT 14
        refused(() -> x.mul(3).backward(Draw.normal(1, 2)), "must have shape (4,); got (2,)"); // BAD-INPUT 6
        refused(() -> x.mul(3).backward(u.to(DType.FLOAT32)), "must be FLOAT64; got FLOAT32"); // BAD-INPUT 15
    }

    @Test
    void anInputIsItsOwnDerivative() {
        Tensor scalar = Tensor.of(new double[] {3}, 1).requireGrad();
        scalar.backward();
        assertThat(scalar.grad().item()).isEqualTo(1);
    }

    /// Every operation whose backward reads a value again notices that it is no longer the one it saw.
    @Test
    void aChangeInPlaceBeforeBackwardIsNoticed() { // BAD-INPUT 19
        notices(x -> x.square());
        notices(x -> x.mul(x));
        notices(x -> x.div(Draw.positive(1, 4).requireGrad()).mul(x));
        notices(x -> x.reshape(2, 2).matmul(Draw.normal(1, 2, 2).requireGrad()));
        notices(x -> x.reshape(2, 2).linear(Draw.normal(1, 3, 2).requireGrad(), null));
        notices(x -> x.layerNorm(Draw.normal(1, 4), Draw.normal(2, 4), 1e-5));
        notices(x -> x.rmsNorm(Draw.normal(1, 4), 1e-5));
        notices(x -> x.amax(0));
        notices(x -> x.reshape(1, 4).crossEntropy(Indices.of(2)));
        notices(x -> {
            Tensor q = x.reshape(1, 2, 2);
            return q.attention(q, q, 1, KeyMask.full());
        });
        Tensor packed = Draw.normal(1, 1, 2, 6).requireGrad();
        Tensor loss = packed.selfAttention(1, KeyMask.full()).sum();
        packed.copyFrom(Draw.normal(2, 1, 2, 6));
        refused(loss::backward, "changed in place after the forward pass");
        // What a backward does not read may change.
        Tensor leaf = Draw.normal(1, 4).requireGrad();
        Tensor y = leaf.add(1).sum();
        leaf.set(1, 2, 3, 4);
        y.backward();
        assertThat(leaf.grad().toArray()).containsOnly(1);
    }

    private static void notices(UnaryOperator<Tensor> f) {
        Tensor leaf = Draw.awayFromZero(1, 4).requireGrad();
        Tensor y = f.apply(leaf).sum();
        leaf.copyFrom(Draw.normal(2, 4));
        refused(y::backward, "changed in place after the forward pass");
    }

    @Test
    void aChangedResultIsNoticedToo() { // BAD-INPUT 19
        Tensor y = x.exp();
        Tensor loss = y.sum();
        y.set(1, 2, 3, 4);
        refused(loss::backward, "changed in place");
    }

    /// Nodes are numbered across threads, so a graph may be made on two of them.
    @Test
    void aGraphMayBeMadeOnSeveralThreads() throws InterruptedException {
        Tensor[] middle = new Tensor[1];
        Tensor a = x.mul(2);
        Thread other = new Thread(() -> middle[0] = a.square());
        other.start();
        other.join();
        middle[0].add(a).sum().backward();
        assertNear(x.grad(), x.detach().mul(8).add(2), ROUNDING);
    }

    private static void refused(ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContaining(words);
    }
}
