package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.GradusException;
import gradus.tensor.io.Npy;
import gradus.tensor.io.Npz;
import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Arithmetic;
import gradus.tensor.op.Attention;
import gradus.tensor.op.AttentionSettings;
import gradus.tensor.op.Checkpoint;
import gradus.tensor.op.Clamp;
import gradus.tensor.op.Compare;
import gradus.tensor.op.Concat;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.op.Dropout;
import gradus.tensor.op.Extremum;
import gradus.tensor.op.Gated;
import gradus.tensor.op.IndexSelect;
import gradus.tensor.op.LayerNorm;
import gradus.tensor.op.Linear;
import gradus.tensor.op.LogSoftmax;
import gradus.tensor.op.LogSumExp;
import gradus.tensor.op.MatMul;
import gradus.tensor.op.MergeAttention;
import gradus.tensor.op.Pointwise;
import gradus.tensor.op.Power;
import gradus.tensor.op.Reduce;
import gradus.tensor.op.Reshape;
import gradus.tensor.op.RmsNorm;
import gradus.tensor.op.Rope;
import gradus.tensor.op.ScatterAdd;
import gradus.tensor.op.Softmax;
import gradus.tensor.op.Views;
import gradus.tensor.op.Where;
import gradus.tensor.op.index.Gather;
import gradus.tensor.op.index.Scatter;
import gradus.tensor.op.index.TakeAlongDim;
import gradus.tensor.op.order.ArgExtreme;
import gradus.tensor.op.order.Multinomial;
import gradus.tensor.op.order.Sort;
import gradus.tensor.op.pointwise.LogSigmoid;
import gradus.tensor.op.product.Einsum;
import gradus.tensor.op.reduce.CumulativeSum;
import gradus.tensor.op.reduce.Moments;
import gradus.tensor.op.reduce.Norm;
import gradus.tensor.op.reduce.Product;
import gradus.tensor.op.reduce.SeveralAxes;
import gradus.tensor.op.shape.Flip;
import gradus.tensor.op.shape.Pad;
import gradus.tensor.op.shape.Pieces;
import gradus.tensor.op.shape.Repeat;
import gradus.tensor.op.shape.Roll;
import gradus.tensor.op.shape.Triangle;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Null in place of any argument of any public method gets an exception of ours, or means something; never a
/// NullPointerException from the depths.
class NullArgumentsTest {
    private static final List<Class<?>> WHERE = List.of(
            Tensor.class,
            Indices.class,
            Shape.class,
            Rng.class,
            Scope.class,
            Autograd.class,
            GradientCheck.class,
            Arithmetic.class,
            Attention.class,
            AttentionSettings.class,
            Checkpoint.class,
            Concat.class,
            CrossEntropy.class,
            Dropout.class,
            Gated.class,
            Gather.class,
            IndexSelect.class,
            LayerNorm.class,
            Linear.class,
            LogSigmoid.class,
            LogSoftmax.class,
            LogSumExp.class,
            MatMul.class,
            MergeAttention.class,
            Pointwise.class,
            Reduce.class,
            Reshape.class,
            RmsNorm.class,
            Rope.class,
            ScatterAdd.class,
            Softmax.class,
            Views.class,
            Clamp.class,
            Compare.class,
            Extremum.class,
            Power.class,
            Where.class,
            CumulativeSum.class,
            Moments.class,
            Norm.class,
            Product.class,
            SeveralAxes.class,
            ArgExtreme.class,
            Multinomial.class,
            Sort.class,
            Flip.class,
            Pad.class,
            Pieces.class,
            Repeat.class,
            Roll.class,
            Triangle.class,
            Scatter.class,
            TakeAlongDim.class,
            Einsum.class,
            Npy.class,
            Npz.class);

    /// Arguments that most methods can do something with.
    private static final Map<Class<?>, Function<Integer, Object>> SAMPLES = Map.ofEntries(
            Map.entry(Tensor.class, at -> Draw.normal(1, 2, 2)),
            Map.entry(Indices.class, at -> Indices.of(0, 1)),
            Map.entry(Shape.class, at -> Shape.of(2, 2)),
            Map.entry(Rng.class, at -> Rng.of(1)),
            Map.entry(DType.class, at -> DType.FLOAT64),
            Map.entry(KeyMask.class, at -> KeyMask.full()),
            Map.entry(Gate.class, at -> Gate.SILU),
            Map.entry(UnaryFunction.class, at -> UnaryFunction.EXP),
            Map.entry(RopePairs.class, at -> RopePairs.HALVES),
            Map.entry(String.class, at -> "name"),
            Map.entry(int[].class, at -> new int[] {2, 2}),
            Map.entry(float[].class, at -> new float[4]),
            Map.entry(double[].class, at -> new double[4]),
            Map.entry(Tensor[].class, at -> new Tensor[] {Draw.normal(1, 2, 2)}),
            Map.entry(AttentionSettings.class, at -> AttentionSettings.of(1, KeyMask.full())),
            Map.entry(List.class, at -> List.of()),
            Map.entry(int.class, at -> 1),
            Map.entry(long.class, at -> 1L),
            Map.entry(double.class, at -> 0.5),
            Map.entry(boolean.class, at -> false));

    @TestFactory
    Stream<DynamicTest> r34_nullIsRefusedByName() {
        return WHERE.stream()
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.getDeclaringClass() != Object.class)
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !method.getName().equals("equals"))
                .flatMap(method -> places(method).stream()
                        .map(place -> DynamicTest.dynamicTest(
                                method.getDeclaringClass().getSimpleName() + "." + method.getName() + " " + place,
                                () -> check(method, place))));
    }

    private static List<Integer> places(Method method) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < method.getParameterCount(); i++) {
            if (!method.getParameterTypes()[i].isPrimitive()) {
                places.add(i);
            }
        }
        return places;
    }

    private static void check(Method method, int place) throws IllegalAccessException {
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            Function<Integer, Object> sample = SAMPLES.get(method.getParameterTypes()[i]);
            arguments[i] = i == place || sample == null ? null : sample.apply(i);
        }
        Object self = null;
        if (!Modifier.isStatic(method.getModifiers())) {
            if (method.getDeclaringClass() == Scope.class) {
                return;
            }
            Class<?> type = method.getDeclaringClass().isAssignableFrom(Tensor.class)
                    ? Tensor.class // whose operations its interfaces hold
                    : method.getDeclaringClass();
            self = SAMPLES.get(type).apply(0);
        }
        try {
            method.invoke(self, arguments);
        } catch (InvocationTargetException thrown) {
            assertThat(thrown.getCause())
                    .as("%s with null at %d", method, place)
                    .isInstanceOf(GradusException.class)
                    .message()
                    .isNotBlank();
        }
    }
}
