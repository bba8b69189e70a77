package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.HostMemory;
import gradus.tensor.op.Rope;
import gradus.tensor.op.ScatterAdd;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/// What a caller does with an array of theirs after handing it over reaches no operation, and no size is
/// believed unchecked: either would let native code read and write memory that is not its own.
class CallersArraysTest {
    private static final int FAR = 1 << 28;

    /// Operations that take indices, all of them three rows below 3.
    private static final List<Function<Indices, Tensor>> TAKERS = List.of(
            ids -> table().embedding(ids),
            ids -> table().indexSelect(0, ids),
            ids -> table().indexSelect(1, ids),
            ids -> table().crossEntropy(ids),
            ids -> ScatterAdd.apply(table(), ids, 3),
            ids -> Rope.apply(
                    Draw.normal(1, 1, 3, 4).requireGrad(),
                    Draw.normal(2, 3, 2),
                    Draw.normal(3, 3, 2),
                    ids,
                    RopePairs.HALVES));

    private static Tensor table() {
        return Draw.normal(4, 3, 3).requireGrad();
    }

    @Test
    void r2_indicesChangedAfterTheForwardReachNothing() {
        for (var taker : TAKERS) {
            for (boolean ofShape : new boolean[] {true, false}) {
                int[] mine = {2, 0, 1};
                Indices ids = ofShape ? Indices.of(Shape.of(3), mine) : Indices.of(mine);
                Indices view = ids.reshape(3);
                Tensor expected = taker.apply(Indices.of(2, 0, 1));
                Tensor y = taker.apply(view);
                Arrays.fill(mine, FAR);
                Arrays.fill(ids.values(), FAR);
                Arrays.fill(view.values(), -FAR);
                assertThat(ids.values()).containsExactly(2, 0, 1);
                y.backward(Tensor.full(y.dtype(), y.shape(), 1));
                assertThat(y.toArray()).isEqualTo(expected.toArray());
            }
        }
    }

    @Test
    void r2_shapesAndMasksAreNotTheCallers() {
        int[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = FAR;
        shape.dims()[1] = FAR;
        shape.strides()[0] = FAR;
        assertThat(shape).isEqualTo(Shape.of(2, 3));
        assertThat(shape.size()).isEqualTo(6);
        float[] values = {1, 2};
        Tensor x = Tensor.of(values, 2);
        values[0] = 9;
        x.toArray()[1] = 9;
        assertThat(x.toArray()).containsExactly(1, 2);
        int[] ends = {1, 2}; // a mask is read once, before the forward
        KeyMask mask = query -> query.sees(0, ends[query.index()]);
        Tensor q = Draw.normal(1, 1, 2, 2).requireGrad();
        Tensor y = q.attention(q, q, 1, mask);
        double[] before = y.toArray();
        Arrays.fill(ends, FAR);
        y.backward(Tensor.full(y.dtype(), y.shape(), 1));
        assertThat(y.toArray()).isEqualTo(before);
        refused(() -> q.attention(q, q, 1, mask), "the mask gives query 0 the keys 0..");
    }

    @Test
    void r2_aTensorOverABufferHasTheBuffersSize() {
        Buffer buffer = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, 6);
        refused(() -> Tensor.over(buffer, Shape.of(7)), "over: shape (7,) needs 7 elements; the buffer has 6");
        refused(() -> Tensor.over(buffer, Shape.of(FAR)), "the buffer has 6");
        refused(() -> Tensor.over(buffer, Shape.of(2, 2)), "the buffer has 6");
        refused(() -> Tensor.over(null, Shape.of(6)), "got null");
        refused(() -> Tensor.over(buffer, null), "got null");
        assertThat(Tensor.over(buffer, Shape.of(3, 2)).size()).isEqualTo(6);
    }

    @Test
    void r2_aBufferRefusesWhatDoesNotFitIt() {
        for (DType dtype : DType.values()) {
            Buffer buffer = BufferPool.allocate(HostMemory.INSTANCE, dtype, 6);
            refused(() -> buffer.set(new double[5]), "6 elements need as many values; got 5");
            refused(() -> buffer.set(new double[7]), "got 7");
            refused(() -> buffer.set(new float[5]), "got 5");
            refused(() -> buffer.set(new float[7]), "got 7");
            refused(() -> buffer.set((float[]) null), "got null");
            refused(() -> buffer.get(6), "element 6 is outside 0..5");
            refused(() -> buffer.get(-1), "element -1 is outside 0..5");
            refused(() -> buffer.ndarray(7), "shape (7,) does not cover the buffer's 6 elements");
            refused(() -> buffer.ndarray(FAR), "does not cover");
            refused(() -> buffer.ndarray(0, new int[] {2, 3}, new int[] {4, 1}), "leaves the buffer's 6 elements");
            refused(() -> buffer.ndarray(-1, new int[] {2}, new int[] {1}), "leaves the buffer's 6 elements");
            refused(() -> buffer.ndarray(0, new int[] {2, 2}, new int[] {FAR, FAR}), "leaves the buffer's 6 elements");
            refused(() -> buffer.ndarray(0, new int[] {2, 2}, new int[] {1}), "needs as many strides");
            refused(() -> buffer.ndarray(5, new int[] {6}, new int[] {-1}), "strides must be at least 0");
            assertThat(buffer.ndarray(1, new int[] {2}, new int[] {4}).length()).isEqualTo(2);
        }
        refused(() -> BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, 0), "at least 1 element; got 0");
        refused(() -> BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, -3), "at least 1 element; got -3");
        refused(() -> BufferPool.allocateLasting(HostMemory.INSTANCE, null, 3), "a type must be given");
    }

    @Test
    void r2_indicesRefuseAPositionThatIsNone() {
        refused(() -> Indices.of(1, 2).get(2), "position 2 is outside 0..1");
        refused(() -> Indices.of(1, 2).get(-1), "position -1 is outside 0..1");
        refused(() -> Indices.of(Shape.of(3), new int[2]), "shape (3,) needs 3 values; got 2");
    }

    /// ND4J may write to an INDArray long after the tensor has gone: the pool must not have lent its memory on.
    @Test
    void r2_memoryThatWasHandedOutIsNotLentAgain() {
        INDArray held;
        long before = BufferPool.statistics().bytesHeld();
        try (var scope = Scope.open()) {
            Tensor x = Tensor.ones(1000);
            held = x.ndarray();
        }
        assertThat(BufferPool.statistics().bytesHeld()).isLessThanOrEqualTo(before);
        try (var scope = Scope.open()) {
            Tensor next = Tensor.zeros(1000);
            held.addi(5);
            assertThat(next.sum().item()).isZero();
            assertThat(held.getDouble(999)).isEqualTo(6);
        }
    }

    private static void refused(ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContaining(words);
    }
}
