package gradus.tensor.op;

import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Near;
import gradus.tensor.PlantedError;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/// What holds for every operation. The test of one gives examples of it and adds what is its own: the loop
/// oracle, the laws, the bad inputs.
public abstract class OpTest {

    /// An operation on some inputs, float64 and away from kinks.
    public record Example(String name, Function<Tensor[], Tensor> f, Tensor... inputs) {}

    private Scope scope;

    protected abstract List<Example> examples();

    @BeforeTry
    protected void openScope() {
        scope = Scope.open();
    }

    @AfterTry
    protected void closeScope() {
        scope.close();
    }

    @TestFactory
    Stream<DynamicTest> theGradientByEveryInputIsRight() {
        return each(example -> GradientCheck.of(example.f(), example.inputs()).requirePass());
    }

    @TestFactory
    Stream<DynamicTest> aPlantedErrorIsCaught() {
        return each(example -> {
            for (PlantedError error : PlantedError.values()) {
                int places = error == PlantedError.DROPPED_TERM ? 1 : example.inputs().length;
                for (int k = 0; k < places; k++) {
                    // Directions move every input at once and so see what single elements see, in a tenth of the time.
                    Function<Tensor[], Tensor> wrong = error.in(example.f(), k);
                    var report = GradientCheck.sampled(() -> wrong.apply(example.inputs()), named(example), 2);
                    assertThat(report.passed()).as("%s in input %d", error, k).isFalse();
                }
            }
        });
    }

    /// BAD-INPUT "Gradient standard": within 1e-4, some thousand roundings of float32.
    @TestFactory
    Stream<DynamicTest> float32AgreesWithFloat64() {
        return each(example -> {
            List<double[]> wide = run(example, example.inputs(), 1, false);
            List<double[]> narrow = run(example, to(DType.FLOAT32, example.inputs()), 1, false);
            for (int i = 0; i < wide.size(); i++) {
                assertNear(narrow.get(i), wide.get(i), 1e-4);
            }
        });
    }

    /// Both where a leaf meets a second backward and where one computed tensor is used twice.
    @TestFactory
    Stream<DynamicTest> gradientsAddUp() {
        return each(example -> {
            for (DType dtype : DType.values()) {
                Tensor[] inputs = to(dtype, example.inputs());
                List<double[]> once = run(example, inputs, 1, false);
                for (boolean computed : new boolean[] {false, true}) {
                    List<double[]> twice = run(example, inputs, 2, computed);
                    for (int i = 1; i < once.size(); i++) {
                        double[] expected =
                                Arrays.stream(once.get(i)).map(v -> 2 * v).toArray();
                        // Adding to a sum may round once more for each term than adding two sums.
                        assertNear(twice.get(i), expected, dtype == DType.FLOAT32 ? 1e-5 : Near.ROUNDING);
                    }
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> oneInputAloneGetsTheSameGradient() {
        return each(example -> {
            for (DType dtype : DType.values()) {
                Tensor[] inputs = to(dtype, example.inputs());
                List<double[]> all = run(example, inputs, 1, false);
                for (int k = 0; k < inputs.length; k++) {
                    for (int i = 0; i < inputs.length; i++) {
                        if (i != k) {
                            inputs[i].freeze();
                        }
                    }
                    try (var scope = Scope.open()) {
                        inputs[k].requireGrad().zeroGrad();
                        Tensor y = example.f().apply(inputs);
                        y.backward(upstream(y));
                        assertThat(inputs[k].grad().toArray()).isEqualTo(all.get(k + 1));
                    }
                }
            }
        });
    }

    /// Buffers come uninitialised from a pool, so nothing may read what it did not write.
    @TestFactory
    Stream<DynamicTest> whatTheMemoryHeldBeforeDoesNotMatter() {
        return each(example -> {
            for (DType dtype : DType.values()) {
                Tensor[] inputs = to(dtype, example.inputs());
                List<double[]> clean = run(example, inputs, 1, true);
                poisonPool(dtype);
                List<double[]> poisoned = run(example, inputs, 1, true);
                for (int i = 0; i < clean.size(); i++) {
                    assertThat(poisoned.get(i)).isEqualTo(clean.get(i));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> r1_aKeptGraphGivesTheSameGradientAgain() {
        return each(example -> {
            for (DType dtype : DType.values()) {
                Tensor[] inputs = to(dtype, example.inputs());
                List<double[]> once = run(example, inputs, 1, true);
                List<double[]> expected = run(example, inputs, 1, false);
                try (var scope = Scope.open()) {
                    Arrays.stream(inputs).forEach(Tensor::zeroGrad);
                    Tensor[] middle = Arrays.stream(inputs).map(x -> x.mul(1)).toArray(Tensor[]::new);
                    Tensor y = example.f().apply(middle);
                    for (int time = 0; time < 3; time++) {
                        Arrays.stream(inputs).forEach(Tensor::zeroGrad);
                        y.backward(upstream(y), time < 2);
                        for (int i = 0; i < inputs.length; i++) {
                            assertThat(inputs[i].grad().toArray()).isEqualTo(once.get(i + 1));
                            assertNear(
                                    once.get(i + 1),
                                    expected.get(i + 1),
                                    dtype == DType.FLOAT32 ? 1e-5 : Near.ROUNDING);
                        }
                    }
                    assertThatThrownBy(() -> y.backward(upstream(y)))
                            .isInstanceOf(ShapeException.class)
                            .hasMessageContaining("graph was used by an earlier backward()");
                }
            }
        });
    }

    /// Whoever writes, and by whatever way: the backward says so, or it did not need what was written over.
    @TestFactory
    Stream<DynamicTest> r13_aChangeBeforeBackwardIsNoticedOrHarmless() {
        List<Consumer<Tensor>> ways = List.of(
                x -> x.set(new double[x.size()]),
                x -> x.copyFrom(x.detach().mul(2)),
                x -> x.ndarray().addi(1),
                x -> x.buffer().ndarray(x.size()).muli(3),
                x -> x.buffer().set(new float[x.size()]),
                x -> Kernels.of(x.buffer()).pointwise().fill(x.buffer(), 2),
                x -> x.detach().reshape(x.size()).buffer().set(new double[x.size()]));
        return each(example -> {
            List<double[]> expected = run(example, to(DType.FLOAT64, example.inputs()), 1, false);
            for (Consumer<Tensor> way : ways) {
                for (int target = 0; target <= example.inputs().length; target++) {
                    Tensor[] inputs = to(DType.FLOAT64, example.inputs());
                    Arrays.stream(inputs).forEach(Tensor::requireGrad);
                    INDArray early = inputs[0].ndarray(); // handed out before the forward already
                    Tensor y = example.f().apply(inputs);
                    Tensor u = upstream(y);
                    way.accept(target == inputs.length ? y : inputs[target]);
                    try {
                        y.backward(u);
                    } catch (ShapeException refused) {
                        assertThat(refused).hasMessageContaining("changed in place after the forward pass");
                        continue;
                    }
                    for (int i = 0; i < inputs.length; i++) {
                        assertThat(inputs[i].grad().toArray()).isEqualTo(expected.get(i + 1));
                    }
                    assertThat(early.length()).isEqualTo(inputs[0].size());
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> r13_anInputConvertedBeforeBackwardIsRefused() {
        return each(example -> {
            for (int target = 0; target < example.inputs().length; target++) {
                Tensor[] inputs = to(DType.FLOAT64, example.inputs());
                Arrays.stream(inputs).forEach(Tensor::requireGrad);
                Tensor y = example.f().apply(inputs);
                if (Arrays.asList(inputs).contains(y)) { // an operation that does nothing, as dropout with p = 0
                    continue;
                }
                inputs[target].convert(DType.FLOAT32);
                assertThatThrownBy(() -> y.backward(upstream(y)))
                        .isInstanceOf(ShapeException.class)
                        .hasMessageContaining("was converted to FLOAT32 after the forward pass had used it");
                for (Tensor input : inputs) {
                    assertThat(input.grad()).isNull();
                }
            }
        });
    }

    /// Looking at a tensor by ND4J is not changing it, and a frozen input gets no gradient, whenever it was
    /// frozen.
    @TestFactory
    Stream<DynamicTest> lookingAndFreezingBeforeBackwardDoNoHarm() {
        return each(example -> {
            List<double[]> expected = run(example, to(DType.FLOAT64, example.inputs()), 1, false);
            for (int frozen = 0; frozen < example.inputs().length; frozen++) {
                Tensor[] inputs = to(DType.FLOAT64, example.inputs());
                Arrays.stream(inputs).forEach(Tensor::requireGrad);
                Tensor y = example.f().apply(inputs);
                if (Arrays.asList(inputs).contains(y)) {
                    continue;
                }
                Arrays.stream(inputs).forEach(input -> input.ndarray().sumNumber());
                inputs[frozen].freeze();
                y.backward(upstream(y));
                for (int i = 0; i < inputs.length; i++) {
                    if (i == frozen) {
                        assertThat(inputs[i].grad()).isNull();
                    } else {
                        assertThat(inputs[i].grad().toArray()).isEqualTo(expected.get(i + 1));
                    }
                }
            }
        });
    }

    private static Map<String, Tensor> named(Example example) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (Tensor input : example.inputs()) {
            named.put("x" + named.size(), input);
        }
        return named;
    }

    private Stream<DynamicTest> each(Consumer<Example> check) {
        return examples().stream().map(example -> dynamicTest(example.name(), () -> check.accept(example)));
    }

    /// The result and then the gradient by each input, after so many backward passes or uses.
    private static List<double[]> run(Example example, Tensor[] inputs, int times, boolean computed) {
        List<double[]> results = new ArrayList<>();
        try (var scope = Scope.open()) {
            for (Tensor input : inputs) {
                input.requireGrad().zeroGrad();
            }
            Tensor[] passed = inputs;
            if (computed) {
                passed = Arrays.stream(inputs).map(x -> x.mul(1)).toArray(Tensor[]::new);
                Tensor total = null;
                for (int i = 0; i < times; i++) {
                    Tensor y = example.f().apply(passed);
                    Tensor weighted = y.mul(upstream(y)).sum();
                    total = total == null ? weighted : total.add(weighted);
                    if (i == 0) {
                        results.add(y.toArray());
                    }
                }
                total.backward();
            } else {
                for (int i = 0; i < times; i++) {
                    Tensor y = example.f().apply(passed);
                    y.backward(upstream(y));
                    if (i == 0) {
                        results.add(y.toArray());
                    }
                }
            }
            for (Tensor input : inputs) {
                results.add(input.grad().toArray());
            }
        }
        return results;
    }

    private static Tensor upstream(Tensor y) {
        Tensor u = Tensor.randn(Rng.of(7), y.shape().dims());
        return u.to(y.dtype());
    }

    private static Tensor[] to(DType dtype, Tensor... inputs) {
        return Arrays.stream(inputs).map(input -> input.to(dtype)).toArray(Tensor[]::new);
    }

    /// Leaves NaN in free blocks of every small size.
    private static void poisonPool(DType dtype) {
        try (var scope = Scope.open()) {
            for (int size = 16; size <= 512; size += 16) {
                for (int copy = 0; copy < 6; copy++) {
                    Tensor.full(dtype, gradus.tensor.type.Shape.of(size), Double.NaN);
                }
            }
        }
    }
}
