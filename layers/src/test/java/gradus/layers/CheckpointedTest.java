package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.activation.Gelu;
import gradus.layers.feedforward.Capacity;
import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.feedforward.SwitchRouter;
import gradus.layers.norm.BatchNorm;
import gradus.tensor.GradientCheck;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CheckpointedTest {
    private Rng rng = Rng.of(6); // drawn anew in each try

    /// An expansion with an activation, dropout and a norm that remembers, and back.
    private Sequential block(int dim, int place) {
        Rng own = rng.at(place);
        return new Sequential(
                new Linear(dim, 4 * dim, own.at("up")),
                new BatchNorm(4 * dim, 1e-5, 0.1),
                new Gelu(),
                new Dropout(0.3),
                new Linear(4 * dim, dim, own.at("down")));
    }

    private Sequential stack(int depth, int dim, boolean checkpointed) {
        Transform[] blocks = new Transform[depth];
        for (int i = 0; i < depth; i++) {
            blocks[i] = checkpointed ? new Checkpointed(block(dim, i)) : block(dim, i);
        }
        return new Sequential(blocks);
    }

    /// Results, gradients and buffers of two training passes.
    private List<double[]> train(Sequential stack, DType dtype, int rows, int dim) {
        stack.to(dtype);
        Tensor x = Tensor.randn(rng.at("x"), rows, dim).to(dtype).requireGrad();
        List<double[]> seen = new ArrayList<>();
        for (int step = 0; step < 2; step++) {
            try (var scope = Scope.open()) {
                stack.random(rng.at("dropout").at(step));
                Tensor y = stack.forward(x);
                seen.add(y.toArray());
                stack.random(rng.at("another step has begun"));
                y.square().mean().backward();
            }
        }
        seen.add(x.grad().toArray());
        stack.parameters().forEach(parameter -> seen.add(parameter.grad().toArray()));
        stack.state().values().forEach(tensor -> seen.add(tensor.toArray()));
        return seen;
    }

    @Property(tries = 200)
    void isTheLayerBitForBit(
            @ForAll @IntRange(min = 1, max = 3) int depth,
            @ForAll @IntRange(min = 2, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 5) int dim,
            @ForAll DType dtype,
            @ForAll long seed) {
        rng = Rng.of(seed);
        List<double[]> plain = train(stack(depth, dim, false), dtype, rows, dim);
        List<double[]> checkpointed = train(stack(depth, dim, true), dtype, rows, dim);
        assertThat(checkpointed).hasSameSizeAs(plain);
        for (int i = 0; i < plain.size(); i++) {
            assertThat(checkpointed.get(i)).isEqualTo(plain.get(i));
        }
    }

    @Test
    void namesAreThoseOfTheLayer() {
        Sequential plain = stack(2, 3, false);
        Sequential checkpointed = stack(2, 3, true);
        assertThat(checkpointed.state().keySet())
                .containsExactlyElementsOf(plain.state().keySet());
        assertThat(checkpointed.eval().training()).isFalse();
    }

    @Test
    void theGradientIsRight() {
        Checkpointed layer = new Checkpointed(block(2, 0));
        layer.to(DType.FLOAT64).random(rng);
        Tensor x = Tensor.randn(rng.at("x"), 5, 2).to(DType.FLOAT64);
        Map<String, Tensor> inputs = new java.util.LinkedHashMap<>(layer.namedParameters());
        inputs.put("x", x);
        GradientCheck.of(() -> layer.forward(x), inputs).requirePass();
    }

    /// Eight blocks: the plain stack keeps the insides of all of them, the checkpointed one of one at a time.
    @Test
    void holdsTheActivationsOfOneBlockAtATime() {
        long plain = peak(stack(8, 16, false));
        long checkpointed = peak(stack(8, 16, true));
        assertThat(checkpointed).isLessThan(plain / 3);
    }

    /// The most bytes that a training pass held beyond what was there before it.
    private long peak(Sequential stack) {
        stack.random(rng);
        Tensor x = Tensor.randn(rng.at("x"), 512, 16).requireGrad();
        for (int pass = 0; pass < 2; pass++) {
            BufferPool.trim();
            long before = BufferPool.statistics().bytesHeld();
            try (var scope = Scope.open()) {
                stack.forward(x).square().mean().backward();
            }
            if (pass == 1) { // the first made the parameters' gradients
                return BufferPool.statistics().bytesHeld() - before;
            }
        }
        throw new AssertionError();
    }

    /// The backward computes the layer again, so the layer must still be what it was.
    @Test
    void r1_modesThatChangedBeforeTheBackwardAreRefused() {
        Checkpointed layer = new Checkpointed(block(2, 0));
        layer.random(rng);
        Tensor x = Tensor.randn(rng.at("x"), 5, 2).requireGrad();
        Tensor y = layer.forward(x).sum();
        layer.eval();
        assertThatThrownBy(y::backward)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("train() or eval() was called between forward and backward");
        assertThat(x.grad()).isNull();
    }

    /// The balance of experts is computed from what the first pass does not keep.
    @Test
    void r1_aLossOfTheLayersOwnIsRefusedInsteadOfLosingItsGradient() {
        MixtureOfExperts mixture = MixtureOfExperts.of(new SwitchRouter(3, 2, Capacity.UNBOUNDED, rng), 3, 4, rng);
        Checkpointed layer = new Checkpointed(mixture);
        Tensor x = Tensor.randn(rng.at("x"), 5, 3).requireGrad();
        layer.forward(x).sum().backward();
        mixture.losses(0.01, 0);
        assertThatThrownBy(() -> layer.forward(x))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the layer adds a loss of its own");
        layer.eval();
        layer.forward(x); // in evaluation there is none
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Checkpointed((Sequential) null)).isInstanceOf(ConfigException.class);
    }
}
