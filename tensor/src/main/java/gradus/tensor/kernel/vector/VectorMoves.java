package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.set;

import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.VectorMask;

/// Broadcasting arithmetic, strided copies, sums over broadcast axes, reductions, gather and scatter: everything that
/// walks its operands in different ways. [Walks] shortens the walk; runs of neighbours go to [VectorRuns].
final class VectorMoves {
    private static final int GRAIN = VectorPointwise.GRAIN;

    private VectorMoves() {}

    /// The work of a walk, split over the threads: by runs, or within the run where there is but one.
    @FunctionalInterface
    private interface Run {
        void run(int number, int from, int to);
    }

    private static void split(Walks walks, Run work) {
        if (walks.outer == 1) {
            Parallel.rows(walks.run, GRAIN, (from, to) -> work.run(0, from, to));
        } else {
            Parallel.rows(walks.outer, Math.max(1, GRAIN / walks.run), (from, to) -> {
                for (int number = from; number < to; number++) {
                    work.run(number, 0, walks.run);
                }
            });
        }
    }

    static void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y) {
        Walks walks = new Walks(walkA, walkB, contiguous(walkA));
        long as = a.address();
        long bs = b.address();
        long ys = y.buffer().address();
        int strideA = walks.runStride(0);
        int strideB = walks.runStride(1);
        VectorMask<Float> add = accumulating(y.accumulate());
        split(walks, (number, from, to) -> {
            long startA = as + 4 * (walks.start(0, number) + (long) from * strideA);
            long startB = bs + 4 * (walks.start(1, number) + (long) from * strideB);
            long startY = ys + 4 * (walks.start(2, number) + from);
            run(f, startA, strideA, startB, strideB, startY, to - from, y.accumulate(), add);
        });
    }

    private static void run(
            BinaryFunction f,
            long a,
            int strideA,
            long b,
            int strideB,
            long y,
            int n,
            boolean accumulate,
            VectorMask<Float> add) {
        if (strideA == 1 && strideB == 1) {
            switch (f) {
                case ADD -> VectorRuns.add(a, b, y, n, add);
                case SUBTRACT -> VectorRuns.subtract(a, b, y, n, add);
                case MULTIPLY -> VectorRuns.multiply(a, b, y, n, add);
                case DIVIDE -> VectorRuns.divide(a, b, y, n, add);
            }
        } else if (strideA == 1 && strideB == 0) {
            float number = get(b);
            switch (f) {
                case ADD -> VectorRuns.affine(a, 1, number, y, n, add);
                case SUBTRACT -> VectorRuns.affine(a, 1, -number, y, n, add);
                case MULTIPLY -> VectorRuns.affine(a, number, 0, y, n, add);
                case DIVIDE -> VectorRuns.divideBy(a, number, y, n, add);
            }
        } else if (strideA == 0 && strideB == 1) {
            float number = get(a);
            switch (f) {
                case ADD -> VectorRuns.affine(b, 1, number, y, n, add);
                case SUBTRACT -> VectorRuns.affine(b, -1, number, y, n, add);
                case MULTIPLY -> VectorRuns.affine(b, number, 0, y, n, add);
                case DIVIDE -> VectorRuns.divideInto(number, b, y, n, add);
            }
        } else {
            for (int i = 0; i < n; i++) {
                float left = get(a + 4L * i * strideA);
                float right = get(b + 4L * i * strideB);
                float value = switch (f) {
                    case ADD -> left + right;
                    case SUBTRACT -> left - right;
                    case MULTIPLY -> left * right;
                    case DIVIDE -> left / right;
                };
                set(y + 4L * i, accumulate ? get(y + 4L * i) + value : value);
            }
        }
    }

    static void copy(Buffer x, Strided walkX, float scale, Strided walkY, Destination y) {
        Walks walks = new Walks(walkX, walkY);
        long xs = x.address();
        long ys = y.buffer().address();
        int strideX = walks.runStride(0);
        int strideY = walks.runStride(1);
        boolean accumulate = y.accumulate();
        VectorMask<Float> add = accumulating(accumulate);
        split(walks, (number, from, to) -> {
            long startX = xs + 4 * (walks.start(0, number) + (long) from * strideX);
            long startY = ys + 4 * (walks.start(1, number) + (long) from * strideY);
            if (strideX == 1 && strideY == 1) {
                VectorRuns.affine(startX, scale, 0, startY, to - from, add);
                return;
            }
            for (int i = 0; i < to - from; i++) {
                float value = scale * get(startX + 4L * i * strideX);
                long at = startY + 4L * i * strideY;
                set(at, accumulate ? get(at) + value : value);
            }
        });
    }

    static void sumTo(Buffer x, Strided walkY, float scale, Destination y) {
        Walks walks = new Walks(contiguous(walkY), walkY);
        long xs = x.address();
        long ys = y.buffer().address();
        VectorMask<Float> add = accumulating(y.accumulate());
        int[] strides = walks.strides[1];
        int run = walks.run;
        if (walks.dims.length == 2 && strides[0] == 0 && strides[1] == 1) { // sums of columns
            int rows = walks.dims[0];
            Parallel.rows(
                    run,
                    Math.max(W, GRAIN / rows / W * W),
                    (from, to) ->
                            VectorRuns.columns(xs + 4L * from, 4L * run, rows, scale, ys + 4L * from, to - from, add));
            return;
        }
        if (walks.dims.length == 2 && strides[0] == 1 && strides[1] == 0) { // sums of rows
            Parallel.rows(walks.outer, Math.max(1, GRAIN / run), (from, to) -> {
                for (int r = from; r < to; r++) {
                    float value = (float) (scale * VectorRuns.sum(xs + 4L * r * run, run));
                    set(ys + 4L * r, y.accumulate() ? get(ys + 4L * r) + value : value);
                }
            });
            return;
        }
        if (!y.accumulate()) {
            Lanes.zero(ys, 4L * y.buffer().length());
        }
        int stride = walks.runStride(1);
        for (int number = 0; number < walks.outer; number++) { // in order: runs may meet in the same place
            long startX = xs + 4 * walks.start(0, number);
            long startY = ys + 4 * walks.start(1, number);
            if (stride == 1) {
                VectorRuns.affine(startX, scale, 0, startY, run, Lanes.ALL);
            } else if (stride == 0) {
                set(startY, (float) (get(startY) + scale * VectorRuns.sum(startX, run)));
            } else {
                for (int i = 0; i < run; i++) {
                    long at = startY + 4L * i * stride;
                    set(at, get(at) + scale * get(startX + 4L * i));
                }
            }
        }
    }

    static void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y) {
        long xs = x.address();
        long ys = y.address();
        if (inner == 1) {
            Parallel.rows(outer, Math.max(1, GRAIN / n), (from, to) -> {
                for (int r = from; r < to; r++) {
                    set(ys + 4L * r, reduceRow(reduction, xs + 4L * r * n, n));
                }
            });
            return;
        }
        Parallel.rows(outer, Math.max(1, GRAIN / n / inner), (from, to) -> {
            for (int r = from; r < to; r++) {
                long row = xs + 4L * r * n * inner;
                long out = ys + 4L * r * inner;
                if (reduction == Reduction.SUM) {
                    VectorRuns.columns(row, 4L * inner, n, 1, out, inner, Lanes.NONE);
                    continue;
                }
                Lanes.copy(row, out, 4L * inner);
                for (int j = 1; j < n; j++) {
                    if (reduction == Reduction.MAX) {
                        VectorRuns.max(row + 4L * j * inner, out, inner);
                    } else {
                        VectorRuns.min(row + 4L * j * inner, out, inner);
                    }
                }
            }
        });
    }

    private static float reduceRow(Reduction reduction, long x, int n) {
        return switch (reduction) {
            case SUM -> (float) VectorRuns.sum(x, n);
            case MAX -> VectorSoftmax.maxRow(x, n);
            case MIN -> {
                float least = Float.POSITIVE_INFINITY;
                for (int i = 0; i < n; i++) {
                    least = Math.min(least, get(x + 4L * i));
                }
                yield least;
            }
        };
    }

    static void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y) {
        long xs = x.address();
        long ys = y.address();
        int m = indices.length;
        Parallel.rows(outer * m, Math.max(1, GRAIN / inner), (from, to) -> {
            for (int r = from; r < to; r++) {
                long row = (long) (r / m) * n + indices[r % m];
                VectorRuns.affine(xs + 4 * row * inner, 1, 0, ys + 4L * r * inner, inner, Lanes.NONE);
            }
        });
    }

    /// Every thread takes some of the columns of all rows, so that rows named twice meet in a fixed order.
    static void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx) {
        long dys = dy.address();
        long dxs = dx.buffer().address();
        int m = indices.length;
        if (!dx.accumulate()) {
            VectorPointwise.fill(dx.buffer(), 0);
        }
        int grain = Math.max(W, GRAIN / Math.max(1, outer * m) / W * W);
        Parallel.rows(inner, grain, (from, to) -> {
            for (int r = 0; r < outer * m; r++) {
                long row = (long) (r / m) * n + indices[r % m];
                long start = dys + 4 * ((long) r * inner + from);
                VectorRuns.affine(start, 1, 0, dxs + 4 * (row * inner + from), to - from, Lanes.ALL);
            }
        });
    }

    private static Strided contiguous(Strided walk) {
        int[] strides = new int[walk.dims().length];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= walk.dims()[axis];
        }
        return new Strided(walk.dims(), 0, strides);
    }
}
