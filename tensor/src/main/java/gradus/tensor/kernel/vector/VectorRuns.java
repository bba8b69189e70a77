package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.tail;
import static gradus.tensor.kernel.vector.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Loops over n neighbouring elements, beginning anywhere: registers first, then what is left under a mask. `add` turns
/// writing into adding. Like all loops over rows these count in int: one that counts in long is compiled as two nested
/// ones, which short rows notice.
final class VectorRuns {
    /// Elements summed in float before the sum goes over to double.
    private static final int SUM_BLOCK = 4096;

    private VectorRuns() {}

    /// `Σ aᵢ·bᵢ` over n floats.
    static float dot(long a, long b, int n) {
        FloatVector s = zero();
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            s = load(a + at).fma(load(b + at), s);
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            s = load(a + end, rest).fma(load(b + end, rest), s);
        }
        return Lanes.sum(s);
    }

    static void affine(long x, float scale, float shift, long y, int n, VectorMask<Float> add) {
        FloatVector s = broadcast(scale);
        FloatVector t = broadcast(shift);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at, add).add(load(x + at).fma(s, t)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(y + end, rest.and(add)).add(load(x + end, rest).fma(s, t)), rest);
        }
    }

    static void add(long a, long b, long y, int n, VectorMask<Float> add) {
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at, add).add(load(a + at).add(load(b + at))));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector v = load(a + end, rest).add(load(b + end, rest));
            store(y + end, load(y + end, rest.and(add)).add(v), rest);
        }
    }

    static void subtract(long a, long b, long y, int n, VectorMask<Float> add) {
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at, add).add(load(a + at).sub(load(b + at))));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector v = load(a + end, rest).sub(load(b + end, rest));
            store(y + end, load(y + end, rest.and(add)).add(v), rest);
        }
    }

    static void multiply(long a, long b, long y, int n, VectorMask<Float> add) {
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(a + at).fma(load(b + at), load(y + at, add)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector v = load(a + end, rest).fma(load(b + end, rest), load(y + end, rest.and(add)));
            store(y + end, v, rest);
        }
    }

    static void divide(long a, long b, long y, int n, VectorMask<Float> add) {
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at, add).add(load(a + at).div(load(b + at))));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector v = load(a + end, rest).div(load(b + end, rest));
            store(y + end, load(y + end, rest.and(add)).add(v), rest);
        }
    }

    static void divideBy(long a, float b, long y, int n, VectorMask<Float> add) {
        FloatVector divisor = broadcast(b);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at, add).add(load(a + at).div(divisor)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(y + end, rest.and(add)).add(load(a + end, rest).div(divisor)), rest);
        }
    }

    static void divideInto(float a, long b, long y, int n, VectorMask<Float> add) {
        FloatVector dividend = broadcast(a);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at, add).add(dividend.div(load(b + at))));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(y + end, rest.and(add)).add(dividend.div(load(b + end, rest))), rest);
        }
    }

    static void max(long x, long y, int n) {
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at).max(load(x + at)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(y + end, rest).max(load(x + end, rest)), rest);
        }
    }

    static void min(long x, long y, int n) {
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at).min(load(x + at)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(y + end, rest).min(load(x + end, rest)), rest);
        }
    }

    /// `Σ x`, in blocks of floats added up as doubles, so that a long sum loses no more than a short one.
    static double sum(long x, int n) {
        double total = 0;
        for (int from = 0; from < n; from += SUM_BLOCK) {
            total += blockSum(x + 4L * from, Math.min(SUM_BLOCK, n - from));
        }
        return total;
    }

    private static float blockSum(long x, int n) {
        FloatVector a = zero();
        FloatVector b = zero();
        long end = 4L * (n - n % (2 * W));
        long i = 0;
        for (; i < end; i += 2 * STEP) {
            a = a.add(load(x + i));
            b = b.add(load(x + i + STEP));
        }
        for (; i < 4L * (n - n % W); i += STEP) {
            a = a.add(load(x + i));
        }
        if (n % W != 0) {
            b = b.add(load(x + i, tail(n % W)));
        }
        return Lanes.sum(a.add(b));
    }

    /// The sums of n columns over the rows from, not including to: `y (+)= scale·Σ x`.
    static void columns(long x, long stride, int rows, float scale, long y, int n, VectorMask<Float> add) {
        int done = 0;
        for (; done + 4 * W <= n; done += 4 * W) {
            fourColumns(x + 4L * done, stride, rows, scale, y + 4L * done, add);
        }
        for (; done < n; done += W) {
            VectorMask<Float> mask = tail(Math.min(W, n - done));
            FloatVector s = zero();
            for (int r = 0; r < rows; r++) {
                s = s.add(load(x + 4L * done + r * stride, mask));
            }
            store(y + 4L * done, s.fma(broadcast(scale), load(y + 4L * done, mask.and(add))), mask);
        }
    }

    /// Four registers of columns at once, so that four chains of additions overlap.
    private static void fourColumns(long x, long stride, int rows, float scale, long y, VectorMask<Float> add) {
        FloatVector a = zero();
        FloatVector b = zero();
        FloatVector c = zero();
        FloatVector d = zero();
        for (int r = 0; r < rows; r++) {
            long row = x + r * stride;
            a = a.add(load(row));
            b = b.add(load(row + STEP));
            c = c.add(load(row + 2 * STEP));
            d = d.add(load(row + 3 * STEP));
        }
        FloatVector s = broadcast(scale);
        store(y, a.fma(s, load(y, add)));
        store(y + STEP, b.fma(s, load(y + STEP, add)));
        store(y + 2 * STEP, c.fma(s, load(y + 2 * STEP, add)));
        store(y + 3 * STEP, d.fma(s, load(y + 3 * STEP, add)));
    }
}
