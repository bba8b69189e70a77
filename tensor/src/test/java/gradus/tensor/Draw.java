package gradus.tensor;

import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/// Random shapes and tensors for the tests of operations.
public final class Draw {
    private Draw() {}

    /// float64, standard normal.
    public static Tensor normal(long seed, int... dims) {
        Rng rng = Rng.of(seed);
        return tensor(rng::gaussian, dims);
    }

    /// float64, of either sign and at least 0.1 from 0, where some functions have a kink.
    public static Tensor awayFromZero(long seed, int... dims) {
        Rng rng = Rng.of(seed);
        return tensor(i -> (rng.bits(2L * i) < 0 ? -1 : 1) * (0.1 + 2 * rng.uniform(2L * i + 1)), dims);
    }

    /// float64 in [0.5, 2.5).
    public static Tensor positive(long seed, int... dims) {
        Rng rng = Rng.of(seed);
        return tensor(i -> 0.5 + 2 * rng.uniform(i), dims);
    }

    /// float64, any two at least 0.01 apart.
    public static Tensor distinct(long seed, int... dims) {
        Rng rng = Rng.of(seed);
        int n = Shape.of(dims).size();
        int step = 1;
        while (step % n == 0 || gcd(step, n) != 1 || step < n / 3) {
            step++;
        }
        int stride = step;
        return tensor(i -> 0.1 * (((long) i * stride + rng.index(0, n)) % n - n / 2.0) + 0.04 * rng.uniform(i), dims);
    }

    /// float64 from a function of the row-major position. Elements are rounded to float32, so that the same tensor in
    /// float32 holds the same numbers.
    public static Tensor tensor(IntToDoubleFunction element, int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) element.applyAsDouble(i);
        }
        return Tensor.of(values, dims);
    }

    /// Whole numbers in 0 … bound-1.
    public static Indices indices(long seed, int bound, int... dims) {
        Rng rng = Rng.of(seed);
        int[] values = new int[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rng.index(i, bound);
        }
        return Indices.of(Shape.of(dims), values);
    }

    /// Shapes of the ranks from, up to and including, with sizes of 1, even and odd; at most some 600 elements.
    public static Arbitrary<Shape> shapes(int from, int to) {
        return Arbitraries.integers()
                .between(from, to)
                .flatMap(rank -> Arbitraries.integers()
                        .between(1, rank <= 1 ? 70 : rank == 2 ? 19 : rank == 3 ? 7 : 4)
                        .array(int[].class)
                        .ofSize(rank)
                        .map(Shape::of));
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
