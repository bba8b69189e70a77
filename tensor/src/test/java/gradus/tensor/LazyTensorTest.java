package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LazyTensorTest {
    private final AtomicInteger made = new AtomicInteger();

    private Tensor lazy() {
        return Tensor.lazy(
                () -> {
                    made.incrementAndGet();
                    return Tensor.rand(Rng.of(1), 3, 4);
                },
                3,
                4);
    }

    @Test
    void elementsAreMadeOnceWhenTheyAreAskedFor() {
        Tensor tensor = lazy().keep().requireGrad();
        assertThat(tensor.size()).isEqualTo(12);
        assertThat(tensor.shape()).isEqualTo(Shape.of(3, 4));
        assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(made).hasValue(0);
        double[] expected = Tensor.rand(Rng.of(1), 3, 4).toArray();
        assertThat(tensor.toArray()).isEqualTo(expected);
        assertThat(tensor.toArray()).isEqualTo(expected);
        assertThat(made).hasValue(1);
    }

    @Test
    void elementsOutliveTheScopeTheyAreMadeIn() {
        Tensor tensor = lazy();
        try (var scope = Scope.open()) {
            tensor.sum();
        }
        assertThat(tensor.toArray()).isEqualTo(Tensor.rand(Rng.of(1), 3, 4).toArray());
    }

    @Test
    void whatIsWrittenOverIsNeverMade() {
        assertThat(lazy().copyFrom(Tensor.ones(3, 4)).toArray()).containsOnly(1);
        assertThat(lazy().set(new double[12]).toArray()).containsOnly(0);
        Tensor closed = lazy();
        closed.close();
        assertThatThrownBy(closed::toArray).isInstanceOf(ShapeException.class).hasMessageContaining("closed");
        assertThat(made).hasValue(0);
    }

    @Test
    void anotherStartReplacesTheFirst() {
        assertThat(lazy().startAs(() -> Tensor.ones(3, 4)).toArray()).containsOnly(1);
        assertThat(made).hasValue(0);
        Tensor begun = lazy();
        begun.toArray();
        assertThat(begun.startAs(() -> Tensor.zeros(3, 4)).toArray()).containsOnly(0);
    }

    @Test
    void itTrainsAsAnyOther() {
        Tensor tensor = lazy().requireGrad();
        tensor.square().sum().backward();
        double[] expected = Tensor.rand(Rng.of(1), 3, 4).mul(2).toArray();
        assertThat(tensor.grad().toArray()).isEqualTo(expected);
        assertThat(lazy().convert(DType.FLOAT64).toArray())
                .isEqualTo(Tensor.rand(Rng.of(1), 3, 4).toArray());
    }

    @Test
    void manyThreadsMayBeTheFirst() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 50; round++) {
                made.set(0);
                Tensor tensor = lazy();
                CountDownLatch together = new CountDownLatch(8);
                Callable<double[]> read = () -> {
                    together.countDown();
                    together.await();
                    return tensor.toArray();
                };
                List<Future<double[]>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    all.add(threads.submit(read));
                }
                for (Future<double[]> one : all) {
                    assertThat(one.get()).isEqualTo(Tensor.rand(Rng.of(1), 3, 4).toArray());
                }
                assertThat(made).hasValue(1);
            }
        }
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> Tensor.lazy(null, 2)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.lazy(() -> Tensor.ones(2), -2)).isInstanceOf(ShapeException.class);
        Tensor other = Tensor.lazy(() -> Tensor.ones(2), 3);
        assertThatThrownBy(other::toArray).isInstanceOf(ShapeException.class).hasMessageContaining("lazy");
    }
}
