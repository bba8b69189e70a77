package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.VectorPointwise.GRAIN;

import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.ReductionKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.Walks;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Sums and extremes along an axis, sums over broadcast axes, and sums of squares.
final class VectorReductions implements ReductionKernels {
    /// Elements summed by one piece of [#sumOfSquares]; the pieces are added in order, whoever summed them.
    private static final int PIECE = 1 << 16;

    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

    @Override
    public void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y) {
        y.changed();
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

    @Override
    public void sumTo(Buffer x, Strided walkY, double scale, Destination y) {
        if (y == null) {
            return;
        }
        float factor = (float) scale;
        Walks walks = new Walks(Walks.contiguous(walkY), walkY);
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
                            VectorRuns.columns(xs + 4L * from, 4L * run, rows, factor, ys + 4L * from, to - from, add));
            return;
        }
        if (walks.dims.length == 2 && strides[0] == 1 && strides[1] == 0) { // sums of rows
            Parallel.rows(walks.outer, Math.max(1, GRAIN / run), (from, to) -> {
                for (int r = from; r < to; r++) {
                    float value = (float) (factor * VectorRuns.sum(xs + 4L * r * run, run));
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
                VectorRuns.affine(startX, factor, 0, startY, run, Lanes.ALL);
            } else if (stride == 0) {
                set(startY, (float) (get(startY) + factor * VectorRuns.sum(startX, run)));
            } else {
                for (int i = 0; i < run; i++) {
                    long at = startY + 4L * i * stride;
                    set(at, get(at) + factor * get(startX + 4L * i));
                }
            }
        }
    }

    @Override
    public double sumOfSquares(List<Buffer> xs) {
        Pieces pieces = new Pieces(xs, PIECE);
        double[] sums = new double[pieces.count()];
        pieces.split((buffer, piece, from, to) ->
                sums[piece] = sumOfSquares(xs.get(buffer).address() + 4L * from, to - from));
        double total = 0;
        for (int i = 0; i < xs.size(); i++) {
            double sum = 0;
            for (int piece = pieces.first(i); piece < pieces.first(i + 1); piece++) {
                sum += sums[piece];
            }
            total += sum;
        }
        return total;
    }

    private static double sumOfSquares(long x, int n) {
        int whole = n - n % Lanes.W;
        DoubleVector a = DoubleVector.zero(D);
        DoubleVector b = DoubleVector.zero(D);
        for (long i = 0; i < 4L * whole; i += STEP) {
            FloatVector v = load(x + i);
            DoubleVector low = (DoubleVector) v.convertShape(VectorOperators.F2D, D, 0);
            DoubleVector high = (DoubleVector) v.convertShape(VectorOperators.F2D, D, 1);
            a = low.fma(low, a);
            b = high.fma(high, b);
        }
        double[] lanes = a.add(b).toArray();
        double total = 0;
        for (double lane : lanes) {
            total += lane;
        }
        for (int i = whole; i < n; i++) {
            double value = Lanes.get(x + 4L * i);
            total = Math.fma(value, value, total);
        }
        return total;
    }
}
