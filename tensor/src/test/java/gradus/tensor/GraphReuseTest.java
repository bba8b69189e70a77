package gradus.tensor;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.op.Checkpoint;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// A graph of which several backward passes go through the same part: they add up if it is kept, and are
/// refused if not. Never is a part of a gradient left out.
class GraphReuseTest {
    private static final String USED = "graph was used by an earlier backward()";

    private final Tensor x = Tensor.of(new double[] {1, 2}, 2).requireGrad();

    @Test
    void r1_twoBackwardsThroughASharedNodeAreRefusedOrAddUp() {
        Tensor h = x.square();
        Tensor first = h.sum();
        Tensor second = h.mul(10).sum();
        first.backward();
        refused(second::backward, USED);
        assertThat(x.grad().toArray()).containsExactly(2, 4); // and nothing of the second was added

        x.zeroGrad();
        Tensor kept = x.square();
        Tensor one = kept.sum();
        Tensor ten = kept.mul(10).sum();
        one.backward(true);
        ten.backward();
        assertThat(x.grad().toArray()).containsExactly(22, 44);
    }

    @Test
    void r1_theSameLossTwice() {
        Tensor loss = x.square().sum();
        loss.backward(true);
        loss.backward(true);
        loss.backward();
        assertThat(x.grad().toArray()).containsExactly(6, 12);
        refused(loss::backward, USED);
        refused(() -> loss.backward(true), USED);
    }

    @Test
    void r1_theInnerNodeFirstThenTheOuter() {
        Tensor u = Tensor.of(new double[] {5, 7}, 2);
        Tensor h = x.square();
        Tensor loss = h.mul(3).sum();
        h.backward(u);
        refused(loss::backward, USED);
        Tensor again = x.square();
        Tensor whole = again.mul(3).sum();
        x.zeroGrad();
        again.backward(u, true);
        whole.backward();
        assertThat(x.grad().toArray()).containsExactly(2 * (5 + 3), 4 * (7 + 3));
    }

    @Test
    void r1_theOuterFirstThenTheInner() {
        Tensor h = x.square();
        h.mul(3).sum().backward();
        refused(() -> h.backward(Tensor.of(new double[] {5, 7}, 2)), USED);
    }

    @Test
    void r1_aUsedTensorIsNoConstantInALaterGraph() {
        Tensor h = x.square();
        h.sum().backward();
        assertThat(h.requiresGrad()).isTrue();
        Tensor later = h.mul(x).sum();
        refused(later::backward, USED);
        assertThat(x.grad().toArray()).containsExactly(2, 4);
        h.detach().mul(x).sum().backward(); // a constant only if one says so
        assertThat(x.grad().toArray()).containsExactly(3, 8);
    }

    @Test
    void r1_aLeafIsNoPartOfTheGraphThatIsUsed() {
        x.square().sum().backward();
        x.mul(10).sum().backward();
        assertThat(x.grad().toArray()).containsExactly(12, 14);
    }

    /// What a tensor had kept of an earlier pass is not passed back again.
    @Test
    void r1_keptGradientsOfComputedTensorsAddUpToo() {
        Tensor h = x.square().retainGrad();
        Tensor view = h.reshape(2, 1).retainGrad();
        Tensor first = view.sum();
        Tensor second = h.mul(10).sum();
        first.backward(true);
        assertThat(h.grad().toArray()).containsExactly(1, 1);
        second.backward(true);
        assertThat(h.grad().toArray()).containsExactly(11, 11);
        assertThat(view.grad().toArray()).containsExactly(1, 1);
        view.grad().set(5, 5); // its own memory, not h's
        assertThat(h.grad().toArray()).containsExactly(11, 11);
        assertThat(x.grad().toArray()).containsExactly(22, 44);
        h.zeroGrad();
        assertThat(h.grad()).isNull();
        second.backward();
        assertThat(h.grad().toArray()).containsExactly(10, 10);
        assertThat(x.grad().toArray()).containsExactly(42, 84);
    }

    @Test
    void r1_theUpstreamGradientIsNotTakenOver() {
        Tensor h = x.square().retainGrad();
        Tensor u = Tensor.of(new double[] {5, 7}, 2);
        h.backward(u);
        u.set(0, 0);
        assertThat(h.grad().toArray()).containsExactly(5, 7);
    }

    @Test
    void r1_insideScopes() {
        Tensor h = x.square().retainGrad();
        Tensor second = h.mul(10).sum();
        try (var scope = Scope.open()) {
            h.sum().backward(true);
        }
        assertThat(h.grad().toArray()).containsExactly(1, 1); // as long-lived as h
        try (var scope = Scope.open()) {
            second.backward();
        }
        assertThat(h.grad().toArray()).containsExactly(11, 11);
        assertThat(x.grad().toArray()).containsExactly(22, 44);
    }

    @Test
    void r1_aCheckpointedTrunk() {
        Tensor a = x.mul(1);
        Tensor h = Checkpoint.apply(in -> in[0].square(), List.of(), a);
        Tensor first = h.sum();
        Tensor second = h.mul(10).sum();
        first.backward(true);
        second.backward(true);
        assertThat(x.grad().toArray()).containsExactly(22, 44);
        first.backward();
        assertThat(x.grad().toArray()).containsExactly(24, 48);
        refused(second::backward, USED);
    }

    @Test
    void r1_aCheckpointThatReadsAComputedTensorIsRefusedAlsoIfThatWasUsed() {
        Tensor outside = x.square();
        outside.sum().backward();
        Tensor y = Checkpoint.apply(in -> in[0].mul(outside), List.of(x), x).sum();
        refused(y::backward, "pass everything it computes with as an input");
        Tensor direct = x.square();
        Tensor z = Checkpoint.apply(in -> direct, List.of(x), x).sum();
        refused(z::backward, "pass everything it computes with as an input");
    }

    /// Where a rule fails midway some gradients have arrived and some have not. Trying again must not pass
    /// back half.
    @Test
    void r1_aBackwardThatFailedIsNotTriedAgain() {
        Tensor y = Tensor.of(new double[] {3, 4}, 2).requireGrad();
        Tensor h = x.square();
        Tensor product = h.mul(2);
        Tensor broken = product.mul(y);
        Tensor other = h.mul(10).sum();
        Tensor loss = broken.sum().add(h.sum());
        y.set(5, 6);
        refused(loss::backward, "changed in place");
        refused(loss::backward, USED);
        refused(other::backward, USED);
        x.zeroGrad();
        y.zeroGrad();
        x.square().sum().backward();
        assertThat(x.grad().toArray()).containsExactly(2, 4);
    }

    @Test
    void r1_aGradientAskedForTooLateIsRefused() {
        Tensor late = Tensor.of(new double[] {3, 4}, 2);
        Tensor notRecorded = late.square();
        Tensor loss = x.mul(late).add(notRecorded).sum();
        late.requireGrad();
        refused(
                loss::backward,
                "requireGrad() was called on a tensor of shape (2,) after the forward pass had used it");
        assertThat(x.grad()).isNull();
        late.requireGrad(); // asking again changes nothing
        x.mul(late).add(late.square()).sum().backward();
        assertThat(late.grad().toArray()).containsExactly(1 + 6, 2 + 8);
    }

    /// Random graphs of up to a dozen operations and several losses over them, in any order: kept, the
    /// gradients are those of the sum of the losses; not kept, a loss is refused exactly if one before it
    /// went through a node that it needs too.
    @Property(tries = 200)
    void r1_anyOrderOfLossesOverAnyGraph(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int size,
            @ForAll @IntRange(min = 2, max = 4) int losses) {
        double[][] expected = Graph.draw(seed, size).gradientsOfTheSum(losses);
        Graph kept = Graph.draw(seed, size);
        for (int i = 0; i < losses; i++) {
            kept.loss(i).backward(i < losses - 1 || seed % 2 == 0);
        }
        kept.assertGradients(expected);

        Graph used = Graph.draw(seed, size);
        var gone = new java.util.HashSet<Integer>();
        for (int i = 0; i < losses; i++) {
            Tensor loss = used.loss(i);
            var needs = used.below(used.place(i));
            boolean overlaps = needs.stream().anyMatch(gone::contains);
            if (overlaps) {
                refused(loss::backward, USED);
            } else {
                loss.backward();
                gone.addAll(needs);
            }
        }
    }

    /// Leaves a and b, and operations on what came before them.
    private record Graph(Rng rng, List<Tensor> tensors, List<int[]> inputs) {
        static Graph draw(long seed, int size) {
            Graph graph = new Graph(Rng.of(seed), new ArrayList<>(), new ArrayList<>());
            for (int leaf = 0; leaf < 2; leaf++) {
                graph.tensors.add(Draw.normal(seed + leaf, 3).requireGrad());
                graph.inputs.add(new int[0]);
            }
            for (int i = 2; i < size + 2; i++) {
                int a = graph.rng.index(3L * i, i);
                int b = graph.rng.index(3L * i + 1, i);
                Tensor x = graph.tensors.get(a);
                Tensor y = graph.tensors.get(b);
                graph.tensors.add(
                        switch (graph.rng.index(3L * i + 2, 6)) {
                            case 0 -> x.tanh().add(y);
                            case 1 -> x.mul(y).mul(0.5);
                            case 2 -> x.reshape(3, 1).reshape(3).sub(y.sigmoid());
                            case 3 -> Checkpoint.apply(in -> in[0].tanh().mul(in[1]), List.of(), x, y);
                            case 4 -> x.add(y.silu());
                            default -> x.sigmoid().add(y.tanh());
                        });
                graph.inputs.add(new int[] {a, b});
            }
            return graph;
        }

        int place(int loss) {
            return 2 + rng.at("loss").index(loss, tensors.size() - 2);
        }

        Tensor loss(int i) {
            Tensor u = Draw.normal(i, 3);
            return tensors.get(place(i)).mul(u).sum();
        }

        /// The computed places that a place depends on, itself included.
        java.util.Set<Integer> below(int place) {
            var all = new java.util.HashSet<Integer>();
            if (place >= 2) {
                all.add(place);
                for (int input : inputs.get(place)) {
                    all.addAll(below(input));
                }
            }
            return all;
        }

        double[][] gradientsOfTheSum(int losses) {
            Tensor sum = loss(0);
            for (int i = 1; i < losses; i++) {
                sum = sum.add(loss(i));
            }
            sum.backward();
            return new double[][] {gradient(0), gradient(1)};
        }

        private double[] gradient(int leaf) {
            Tensor gradient = tensors.get(leaf).grad();
            return gradient == null ? new double[3] : gradient.toArray();
        }

        void assertGradients(double[][] expected) {
            assertNear(gradient(0), expected[0], ROUNDING);
            assertNear(gradient(1), expected[1], ROUNDING);
        }
    }

    private static void refused(ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContaining(words);
    }
}
