package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.sum;
import static gradus.tensor.kernel.vector.Lanes.tail;
import static gradus.tensor.kernel.vector.Lanes.zero;

import gradus.tensor.kernel.NormKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// LayerNorm and RMSNorm, row by row: a row stays in the first cache while it is read for the mean, read for
/// the variance and written. RMSNorm is LayerNorm with a mean of 0, so the two share their loops; its mean
/// address is 0.
///
/// In the backward every thread sums the gradients of gain and bias over its own rows, and the sums are added
/// in the order of the threads.
final class VectorNorms implements NormKernels {
    @Override
    public void layerNorm(Buffer x, Buffer gain, Buffer bias, double eps, int rows, int columns, Norm norm) {
        forward(x, gain, bias, (float) eps, rows, columns, norm, true);
    }

    @Override
    public void layerNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        backward(x, gain, norm, dy, rows, columns, gradients);
    }

    @Override
    public void rmsNorm(Buffer x, Buffer gain, double eps, int rows, int columns, Norm norm) {
        forward(x, gain, null, (float) eps, rows, columns, norm, false);
    }

    @Override
    public void rmsNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        backward(x, gain, norm, dy, rows, columns, gradients);
    }

    /// Rows that make a thread worthwhile: some 4,096 elements.
    private static int grain(int columns) {
        return Math.max(1, VectorPointwise.GRAIN / columns);
    }

    private static void forward(
            Buffer x, Buffer gain, Buffer bias, float eps, int rows, int columns, Norm norm, boolean centred) {
        norm.y().changed();
        long xs = x.address();
        long gains = gain.address();
        long biases = bias == null ? 0 : bias.address();
        long ys = norm.y().address();
        long means = centred ? norm.mean().address() : 0;
        long rstds = norm.rstd().address();
        long stride = 4L * columns;
        Parallel.rows(rows, grain(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                long row = xs + r * stride;
                float mean = centred ? sumRow(row, columns) / columns : 0;
                float rstd = (float) (1 / Math.sqrt(squaresRow(row, columns, mean) / columns + (double) eps));
                if (centred) {
                    set(means + 4L * r, mean);
                }
                set(rstds + 4L * r, rstd);
                scaleRow(row, columns, mean, rstd, gains, biases, ys + r * stride);
            }
        });
    }

    private static float sumRow(long x, int n) {
        FloatVector s = zero();
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            s = s.add(load(x + at));
        }
        if (n % W != 0) {
            s = s.add(load(x + end, tail(n % W)));
        }
        return sum(s);
    }

    private static float squaresRow(long x, int n, float mean) {
        FloatVector s = zero();
        FloatVector m = broadcast(mean);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector d = load(x + at).sub(m);
            s = d.fma(d, s);
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector d = load(x + end, rest).sub(m).blend(0f, rest.not());
            s = d.fma(d, s);
        }
        return sum(s);
    }

    /// `y = (x·rstd - mean·rstd)·gain + bias`
    private static void scaleRow(long x, int n, float mean, float rstd, long gain, long bias, long y) {
        FloatVector r = broadcast(rstd);
        FloatVector m = broadcast(mean);
        VectorMask<Float> hasBias = accumulating(bias != 0);
        long b = bias == 0 ? gain : bias; // an address to name where there is no bias; the mask keeps it unread
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector normalised = load(x + at).sub(m).mul(r);
            store(y + at, normalised.fma(load(gain + at), load(b + at, hasBias)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector normalised = load(x + end, rest).sub(m).mul(r);
            store(y + end, normalised.fma(load(gain + end, rest), load(b + end, rest.and(hasBias))), rest);
        }
    }

    private static void backward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        long xs = x.address();
        long gains = gain.address();
        long dys = dy.address();
        boolean centred = norm.mean() != null;
        long means = centred ? norm.mean().address() : 0;
        long rstds = norm.rstd().address();
        Destination dx = gradients.dx();
        long dxs = dx == null ? 0 : dx.buffer().address();
        VectorMask<Float> add = accumulating(dx != null && dx.accumulate());
        long stride = 4L * columns;
        int padded = (columns + W - 1) / W * W;
        int parts = rows < 2 * grain(columns) ? 1 : Parallel.THREADS;
        Buffer partial = x.like(2 * parts * padded);
        long sums = partial.address();
        Lanes.zero(sums, 8L * parts * padded);
        Parallel.Part work = (part, all) -> {
            if (part >= parts) {
                return;
            }
            long dgain = sums + 8L * part * padded;
            long dbias = dgain + 4L * padded;
            int to = (int) ((long) rows * (part + 1) / parts);
            for (int r = (int) ((long) rows * part / parts); r < to; r++) {
                float mean = centred ? Lanes.get(means + 4L * r) : 0;
                float rstd = Lanes.get(rstds + 4L * r);
                long row = r * stride;
                sumsRow(xs + row, dys + row, columns, mean, rstd, dgain, dbias);
                if (dxs != 0) {
                    inputRow(xs + row, dys + row, gains, columns, mean, rstd, centred, dxs + row, add);
                }
            }
        };
        if (parts == 1) {
            work.run(0, 1);
        } else {
            Parallel.run(work);
        }
        combine(sums, parts, padded, columns, gradients.dgain());
        combine(sums + 4L * padded, parts, padded, columns, gradients.dbias());
        partial.release("the backward of a norm has ended");
    }

    /// `dgain += dy·x̂`, `dbias += dy`; the sums are padded to whole registers.
    private static void sumsRow(long x, long dy, int n, float mean, float rstd, long dgain, long dbias) {
        FloatVector m = broadcast(mean);
        FloatVector r = broadcast(rstd);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector d = load(dy + at);
            store(dgain + at, load(x + at).sub(m).mul(r).fma(d, load(dgain + at)));
            store(dbias + at, load(dbias + at).add(d));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector d = load(dy + end, rest);
            store(dgain + end, load(x + end, rest).sub(m).mul(r).fma(d, load(dgain + end)));
            store(dbias + end, load(dbias + end).add(d));
        }
    }

    /// `dx (+)= rstd(g - mean(g) - x̂·mean(g·x̂))` with g = dy·gain; RMSNorm has no mean(g).
    private static void inputRow(
            long x,
            long dy,
            long gain,
            int n,
            float mean,
            float rstd,
            boolean centred,
            long dx,
            VectorMask<Float> add) {
        FloatVector m = broadcast(mean);
        FloatVector r = broadcast(rstd);
        FloatVector sumG = zero();
        FloatVector sumGx = zero();
        int whole = n - n % W;
        long end = 4L * whole;
        VectorMask<Float> rest = tail(n % W);
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector g = load(dy + at).mul(load(gain + at));
            sumG = sumG.add(g);
            sumGx = load(x + at).sub(m).mul(r).fma(g, sumGx);
        }
        if (n % W != 0) {
            FloatVector g = load(dy + end, rest).mul(load(gain + end, rest));
            sumG = sumG.add(g);
            sumGx = load(x + end, rest).sub(m).mul(r).fma(g, sumGx);
        }
        FloatVector meanG = broadcast(centred ? sum(sumG) / n : 0);
        FloatVector meanGx = broadcast(-sum(sumGx) / n);
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector g = load(dy + at).mul(load(gain + at)).sub(meanG);
            FloatVector normalised = load(x + at).sub(m).mul(r);
            store(dx + at, normalised.fma(meanGx, g).fma(r, load(dx + at, add)));
        }
        if (n % W != 0) {
            FloatVector g = load(dy + end, rest).mul(load(gain + end, rest)).sub(meanG);
            FloatVector normalised = load(x + end, rest).sub(m).mul(r);
            store(dx + end, normalised.fma(meanGx, g).fma(r, load(dx + end, rest.and(add))), rest);
        }
    }

    /// Adds the threads' sums, which lie two padded rows apart, in order.
    private static void combine(long sums, int parts, int padded, int columns, Destination to) {
        if (to == null) {
            return;
        }
        long target = to.buffer().address();
        VectorMask<Float> add = accumulating(to.accumulate());
        for (int i = 0; i < columns; i += W) { // the target is padded too
            FloatVector s = load(sums + 4L * i);
            for (int part = 1; part < parts; part++) {
                s = s.add(load(sums + 8L * part * padded + 4L * i));
            }
            store(target + 4L * i, load(target + 4L * i, add).add(s));
        }
    }
}
