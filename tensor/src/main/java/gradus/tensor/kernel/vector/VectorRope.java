package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.S;
import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.tail;

import gradus.tensor.kernel.RopeKernels;
import gradus.tensor.kernel.RopePairs;
import gradus.tensor.kernel.Rotation;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Rotations of pairs, row by row. A row's cosines and sines are a few hundred bytes that stay in the first
/// cache for all its heads, so the cost is that of reading x and writing y once.
final class VectorRope implements RopeKernels {
    /// Every lane of the lower half twice: 0 0 1 1 2 2 …
    private static final VectorShuffle<Float> TWICE = VectorShuffle.fromOp(S, lane -> lane / 2);

    /// Neighbours exchanged: 1 0 3 2 5 4 …
    private static final VectorShuffle<Float> EXCHANGED = VectorShuffle.fromOp(S, lane -> lane ^ 1);

    @Override
    public void rotate(Buffer x, Rotation r, Destination y) {
        if (y == null) {
            return;
        }
        long xs = x.address();
        long ys = y.buffer().address();
        long cos = r.cos().address();
        long sin = r.sin().address();
        int[] positions = r.positions();
        int half = r.headDim() / 2;
        int heads = r.heads();
        long stride = 4L * r.columns();
        boolean halves = r.pairs() == RopePairs.HALVES;
        float sign = r.backwards() ? -1 : 1;
        VectorMask<Float> add = accumulating(y.accumulate());
        int rows = x.length() / r.columns();
        Parallel.rows(rows, Math.max(1, VectorPointwise.GRAIN / r.columns()), (from, to) -> {
            for (int row = from; row < to; row++) {
                long at = 4L * half * positions[row % positions.length];
                if (halves) {
                    halves(xs + row * stride, ys + row * stride, heads, half, cos + at, sin + at, sign, add);
                } else {
                    neighbours(xs + row * stride, ys + row * stride, heads, half, cos + at, sin + at, sign, add);
                }
            }
        });
    }

    /// The first half of a head in some registers, the second in others. The factors of a register of pairs
    /// are read once for all heads.
    private static void halves(
            long x, long y, int heads, int half, long cos, long sin, float sign, VectorMask<Float> add) {
        FloatVector turn = broadcast(sign);
        long apart = 4L * half;
        long end = 4L * (half - half % W);
        for (long i = 0; i < end; i += STEP) {
            FloatVector c = load(cos + i);
            FloatVector s = load(sin + i).mul(turn);
            for (int h = 0; h < heads; h++) {
                long a = 2 * apart * h + i;
                long b = a + apart;
                FloatVector first = load(x + a);
                FloatVector second = load(x + b);
                store(y + a, first.fma(c, load(y + a, add).sub(second.mul(s))));
                store(y + b, second.fma(c, first.fma(s, load(y + b, add))));
            }
        }
        if (half % W != 0) {
            VectorMask<Float> rest = tail(half % W);
            VectorMask<Float> old = rest.and(add);
            FloatVector c = load(cos + end, rest);
            FloatVector s = load(sin + end, rest).mul(turn);
            for (int h = 0; h < heads; h++) {
                long a = 2 * apart * h + end;
                long b = a + apart;
                FloatVector first = load(x + a, rest);
                FloatVector second = load(x + b, rest);
                store(y + a, first.fma(c, load(y + a, old).sub(second.mul(s))), rest);
                store(y + b, second.fma(c, first.fma(s, load(y + b, old))), rest);
            }
        }
    }

    /// Pairs side by side: `y = x∘(c₀ c₀ c₁ c₁ …) + exchanged(x)∘(-s₀ s₀ -s₁ s₁ …)`, each register of
    /// factors made once for all heads.
    private static void neighbours(
            long x, long y, int heads, int half, long cos, long sin, float sign, VectorMask<Float> add) {
        FloatVector signs = broadcast(sign).blend(-sign, VectorMask.fromLong(S, 0x5555555555555555L));
        int headDim = 2 * half;
        for (int i = 0; i < headDim; i += W) {
            int n = Math.min(W, headDim - i);
            VectorMask<Float> here = tail(n);
            VectorMask<Float> old = here.and(add);
            FloatVector c = load(cos + 2L * i, tail(n / 2)).rearrange(TWICE);
            FloatVector s = load(sin + 2L * i, tail(n / 2)).rearrange(TWICE).mul(signs);
            for (int h = 0; h < heads; h++) {
                long at = 4L * (h * headDim + i);
                FloatVector pairs = load(x + at, here);
                FloatVector rotated = pairs.rearrange(EXCHANGED).mul(s).add(load(y + at, old));
                store(y + at, pairs.fma(c, rotated), here);
            }
        }
    }
}
