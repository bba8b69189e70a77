package gradus.tensor.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.memory.BufferPool.Statistics;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private static final int LENGTH = 123_457; // no other test uses this size class

    @Test
    void memoryGivenBackIsLentAgainLastFirst() {
        Buffer a = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH);
        Buffer b = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH);
        long addressA = a.address();
        long addressB = b.address();
        assertThat(addressA).isNotEqualTo(addressB);
        a.release("test");
        b.release("test");
        Statistics before = BufferPool.statistics();
        Buffer again = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH - 1);
        assertThat(again.address()).isEqualTo(addressB);
        assertThat(again.length()).isEqualTo(LENGTH - 1);
        Statistics after = BufferPool.statistics();
        assertThat(after.blocksCreated()).isEqualTo(before.blocksCreated());
        assertThat(after.bytesHeld()).isEqualTo(before.bytesHeld());
        assertThat(before.bytesFree() - after.bytesFree()).isBetween(4L * LENGTH, 5L * LENGTH);
        again.release("test");
    }

    @Test
    void typesDoNotShareMemory() {
        Buffer narrow = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH);
        long address = narrow.address();
        narrow.release("test");
        Buffer wide = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT64, LENGTH);
        assertThat(wide.address()).isNotEqualTo(address);
        wide.release("test");
    }

    @Test
    void aBufferGivenBackTwiceIsLentOnce() {
        Buffer a = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH);
        a.release("test");
        a.release("test");
        a.end("test");
        Buffer b = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH);
        Buffer c = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH);
        assertThat(b.address()).isNotEqualTo(c.address());
        a.end("late"); // must not give back what b has now
        Buffer d = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH);
        assertThat(d.address()).isNotEqualTo(b.address()).isNotEqualTo(c.address());
        b.release("test");
        c.release("test");
        d.release("test");
    }

    @Test
    void aSharedBufferLivesUntilTheLastShareIsGone() {
        Buffer a = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, 4);
        assertThat(a.shared()).isFalse();
        assertThat(a.share()).isSameAs(a);
        assertThat(a.shared()).isTrue();
        a.release("the first share");
        a.set(new float[] {1, 2, 3, 4});
        assertThat(a.toDoubles()).containsExactly(1, 2, 3, 4);
        a.release("the last share");
        assertThatThrownBy(a::toDoubles) // BAD-INPUT 17
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("the last share");
        assertThatThrownBy(a::address).isInstanceOf(ShapeException.class);
        assertThatThrownBy(a::share).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> a.ndarray(4)).isInstanceOf(ShapeException.class);
    }

    @Test
    void memoryIsAlignedToCacheLines() {
        for (int length : new int[] {1, 3, 17, 1000, 4097}) {
            for (DType dtype : DType.values()) {
                Buffer buffer = BufferPool.allocateLasting(HostMemory.INSTANCE, dtype, length);
                assertThat(buffer.address() % 64).isZero();
                buffer.release("test");
            }
        }
    }

    @Test
    void viewsShareTheMemory() {
        Buffer buffer = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT64, 6);
        buffer.set(new double[] {0, 1, 2, 3, 4, 5});
        Statistics before = BufferPool.statistics();
        buffer.ndarray(2, 3).muli(2);
        buffer.ndarray(1, new int[] {2, 2}, new int[] {1, 3}).addi(100); // elements 1, 4, 2 and 5
        assertThat(BufferPool.statistics().ndarraysCreated()).isEqualTo(before.ndarraysCreated() + 2);
        assertThat(buffer.toDoubles()).containsExactly(0, 102, 104, 6, 108, 110);
        assertThat(buffer.get(4)).isEqualTo(108);
        assertThat(buffer.toFloats()).containsExactly(0, 102, 104, 6, 108, 110);
        buffer.release("test");
    }

    @Test
    void trimHandsFreeMemoryBack() {
        BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH).release("test");
        assertThat(BufferPool.statistics().bytesFree()).isPositive();
        BufferPool.trim();
        Statistics after = BufferPool.statistics();
        assertThat(after.bytesFree()).isZero();
        Buffer fresh = BufferPool.allocateLasting(HostMemory.INSTANCE, DType.FLOAT32, LENGTH);
        assertThat(BufferPool.statistics().blocksCreated()).isEqualTo(after.blocksCreated() + 1);
        fresh.release("test");
    }

    @Property
    void aSizeClassWastesAtMostAnEighth(@ForAll @LongRange(min = 1, max = Integer.MAX_VALUE) long length) {
        long size = BufferPool.sizeClass(length);
        assertThat(size).isGreaterThanOrEqualTo(length);
        assertThat(size - length).isLessThan(Math.max(16, length / 8 + 1));
        assertThat(BufferPool.sizeClass(size)).isEqualTo(size);
    }
}
