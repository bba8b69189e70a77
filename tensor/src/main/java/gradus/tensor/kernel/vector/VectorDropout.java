package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.set;

import gradus.tensor.kernel.DropoutKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.random.Rng;

/// Dropout by the counter-based generator: every element's fate depends on its position alone.
final class VectorDropout implements DropoutKernels {
    @Override
    public void dropout(Buffer x, Rng rng, double p, Destination y) {
        if (y == null) {
            return;
        }
        long xs = x.address();
        long ys = y.buffer().address();
        float scale = p < 1 ? (float) (1 / (1 - p)) : 0;
        // uniform = (bits >>> 11)·2⁻⁵³ ≥ p, compared as whole numbers
        long least = (long) Math.ceil(p * 0x1p53);
        boolean accumulate = y.accumulate();
        Parallel.rows(x.length(), VectorPointwise.GRAIN, (from, to) -> {
            for (int i = from; i < to; i++) {
                float kept = (rng.bits(i) >>> 11) >= least ? get(xs + 4L * i) * scale : 0;
                set(ys + 4L * i, accumulate ? get(ys + 4L * i) + kept : kept);
            }
        });
    }
}
