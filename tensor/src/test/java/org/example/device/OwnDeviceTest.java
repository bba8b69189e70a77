package org.example.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ResourceException;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.op.AttentionSettings;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.op.Dropout;
import gradus.tensor.op.Gated;
import gradus.tensor.op.LogSumExp;
import gradus.tensor.op.Rope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A device that the library has never heard of, with memory and the least of kernels, computes everything: operations
/// find its kernels by where their tensors lie, and run their plain composition for want of a fused one.
class OwnDeviceTest {
    /// In double precision two ways to add up a few dozen numbers differ by less.
    private static final double TOLERANCE = 1e-11;

    private static final int BATCH = 2;
    private static final int TIME = 5;
    private static final int HEADS = 4;
    private static final int CHANNELS = 16;

    private final Device host = Device.current();
    private final Device heap = new HeapDevice();

    @AfterEach
    void back() {
        Device.use(host);
    }

    /// What is computed of some inputs, each (B, T, C).
    private record Case(String name, int inputs, Function<Tensor[], Tensor> operation) {}

    private static Stream<Case> cases() {
        Indices positions = Indices.of(0, 1, 2, 3, 4);
        Indices targets = Indices.of(Shape.of(BATCH, TIME), new int[] {3, 1, 4, 1, -100, 9, 2, 6, 5, 3});
        AttentionSettings settings = AttentionSettings.of(HEADS, KeyMask.causal());
        return Stream.of(
                new Case("layerNorm", 3, x -> x[0].layerNorm(row(x[1]), row(x[2]), 1e-5)),
                new Case("rmsNorm", 2, x -> x[0].rmsNorm(row(x[1]), 1e-6)),
                new Case("softmax", 1, x -> x[0].softmax()),
                new Case("logSoftmax", 1, x -> x[0].logSoftmax()),
                new Case("logSumExp", 1, x -> LogSumExp.apply(x[0])),
                new Case("crossEntropy", 1, x -> CrossEntropy.rows(x[0], targets, -100, 0.1)),
                new Case("swiglu", 2, x -> Gated.apply(Gate.SILU, x[0], x[1])),
                new Case("geglu", 2, x -> Gated.apply(Gate.GELU, x[0], x[1])),
                new Case("dropout", 1, x -> Dropout.apply(x[0], 0.3, Rng.of(5))),
                new Case("rope", 3, x -> Rope.apply(x[0], table(x[1]), table(x[2]), positions, RopePairs.HALVES)),
                new Case(
                        "rope, neighbours",
                        3,
                        x -> Rope.apply(x[0], table(x[1]), table(x[2]), positions, RopePairs.NEIGHBOURS)),
                new Case("attention", 3, x -> Attention.apply(x[0], x[1], x[2], settings)),
                new Case("attention, bias", 4, x -> Attention.apply(x[0], x[1], x[2], settings.withBias(bias(x[3])))),
                new Case(
                        "attention, grouped",
                        3,
                        x -> Attention.apply(x[0], x[1].slice(2, 0, 8), x[2].slice(2, 0, 8), settings)),
                new Case(
                        "attention, log-sum",
                        3,
                        x -> Attention.withLogSum(x[0], x[1], x[2], settings).logSum()),
                new Case(
                        "attention, packed",
                        3,
                        x -> Attention.packed(Tensor.concat(2, x[0], x[1], x[2]), HEADS, KeyMask.causal())),
                new Case("linear", 2, x -> x[0].linear(matrix(x[1]), null)),
                new Case(
                        "linear, bias",
                        3,
                        x -> x[0].linear(matrix(x[1]), row(x[2]).slice(0, 0, 10))),
                new Case("matmul", 2, x -> x[0].matmul(x[1], false, true)),
                new Case(
                        "arithmetic",
                        3,
                        x -> x[0].mul(x[1])
                                .add(x[2].exp())
                                .sub(row(x[0]))
                                .div(x[1].square().add(1))),
                new Case(
                        "activations",
                        1,
                        x -> x[0].gelu().add(x[0].tanh()).add(x[0].silu()).add(x[0].relu())),
                new Case(
                        "moving",
                        2,
                        x -> Tensor.concat(
                                1, x[0].transpose(0, 1), x[1].transpose(0, 1).neg())),
                new Case(
                        "picking",
                        1,
                        x -> x[0].indexSelect(1, Indices.of(3, 0, 3)).sum(2)),
                new Case("extremes", 1, x -> x[0].amax(2).add(x[0].amin(2))));
    }

    private static Tensor row(Tensor x) {
        return x.slice(0, 0, 1).slice(1, 0, 1).reshape(CHANNELS); // (C)
    }

    private static Tensor matrix(Tensor x) {
        return x.reshape(BATCH * TIME, CHANNELS); // (10, C)
    }

    private static Tensor bias(Tensor x) {
        return x.reshape(BATCH * TIME * CHANNELS)
                .slice(0, 0, HEADS * (2 * TIME - 1))
                .reshape(HEADS, 2 * TIME - 1);
    }

    /// Angles' cosines and sines: any numbers, constant.
    private static Tensor table(Tensor x) {
        return x.detach().reshape(-1).slice(0, 0, TIME * 2).reshape(TIME, 2); // (T, D/2)
    }

    @TestFactory
    Stream<DynamicTest> everyOperationGivesWhatItGivesOnTheHost() {
        return cases().flatMap(each -> Stream.of(DType.FLOAT64, DType.FLOAT32)
                .map(dtype -> DynamicTest.dynamicTest(each.name + " " + dtype, () -> compare(each, dtype))));
    }

    private void compare(Case each, DType dtype) {
        Map<Device, List<double[]>> results = new LinkedHashMap<>();
        for (Device device : List.of(host, heap)) {
            Device.use(device);
            Tensor[] inputs = new Tensor[each.inputs];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = Tensor.randn(Rng.of(7).at(i), BATCH, TIME, CHANNELS)
                        .to(dtype)
                        .requireGrad();
            }
            Tensor y = each.operation.apply(inputs);
            assertThat(y.buffer().memory()).isSameAs(device.memory());
            y.mul(Tensor.randn(Rng.of(8), y.shape().dims()).to(dtype)).sum().backward();
            List<double[]> all = new ArrayList<>(List.of(y.toArray()));
            for (Tensor input : inputs) {
                boolean reached = input.grad() != null; // zeros elsewhere
                assertThat(!reached || input.grad().buffer().memory() == device.memory())
                        .isTrue();
                all.add(reached ? input.grad().toArray() : new double[input.size()]);
            }
            results.put(device, all);
        }
        double tolerance = dtype == DType.FLOAT64 ? TOLERANCE : 2e-5; // some forty roundings of float32
        List<double[]> expected = results.get(host);
        List<double[]> actual = results.get(heap);
        assertThat(actual).hasSameSizeAs(expected);
        for (int n = 0; n < expected.size(); n++) {
            assertThat(actual.get(n)).hasSameSizeAs(expected.get(n));
            for (int i = 0; i < expected.get(n).length; i++) {
                double e = expected.get(n)[i];
                assertThat(actual.get(n)[i])
                        .as("result %d, element %d", n, i)
                        .isCloseTo(e, within(tolerance * (1 + Math.abs(e))));
            }
        }
    }

    @Test
    void itIsFoundByName() {
        assertThat(ServiceLoader.load(Device.class).stream()
                        .map(provider -> provider.get().name()))
                .contains("host", "nd4j", "heap");
    }

    @Test
    void tensorsGoToItAndComeBack() {
        Tensor here = Tensor.randn(Rng.of(1), 3, 4);
        Tensor there = here.to(heap);
        assertThat(there.buffer().memory()).isSameAs(heap.memory());
        assertThat(there.toArray()).isEqualTo(here.toArray());
        assertThat(Kernels.of(there.buffer()).name()).isEqualTo("heap");
        assertThat(there.mul(2).to(host).toArray()).isEqualTo(here.mul(2).toArray());
        assertThat(there.to(DType.FLOAT64).buffer().memory()).isSameAs(heap.memory());
    }

    @Test
    void whatItCannotDoIsRefusedInWords() {
        Tensor there = Tensor.ones(3).to(heap);
        assertThatThrownBy(there::ndarray)
                .isInstanceOf(ResourceException.class)
                .hasMessage("ndarray: ND4J cannot see a tensor in heap memory; copy it with toArray()");
        assertThatThrownBy(() -> there.buffer().address())
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("heap memory has no address");
        assertThatThrownBy(() -> Device.use(null)).isInstanceOf(ConfigException.class);
    }
}
