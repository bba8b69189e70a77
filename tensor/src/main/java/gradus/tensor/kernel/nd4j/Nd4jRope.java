package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.RopeKernels;
import gradus.tensor.kernel.Rotation;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import org.nd4j.linalg.api.ndarray.INDArray;

/// Rotations of pairs in ND4J's operations: the first and the second channels of all pairs are two views of
/// x.
final class Nd4jRope implements RopeKernels {
    @Override
    public void rotate(Buffer x, Rotation r, Destination y) {
        temporarily(() -> {
            if (y != null) {
                INDArray c = angles(x, r, r.cos());
                INDArray s = angles(x, r, r.sin());
                if (r.backwards()) {
                    s = s.neg();
                }
                INDArray a = channels(x, r, 0);
                INDArray b = channels(x, r, r.pairs().apart(r.headDim()));
                INDArray turnedA = a.mul(c).sub(b.mul(s));
                INDArray turnedB = b.mul(c).add(a.mul(s));
                put(turnedA, channels(y.buffer(), r, 0), y.accumulate());
                put(turnedB, channels(y.buffer(), r, r.pairs().apart(r.headDim())), y.accumulate());
            }
        });
    }

    /// One channel of each pair, (sequences, positions, heads, D/2).
    private static INDArray channels(Buffer x, Rotation r, int offset) {
        int row = r.columns();
        int[] strides = {r.positions().length * row, row, r.headDim(), r.pairs().first(1)};
        return x.view(offset, dims(x, r), strides);
    }

    /// The table's rows for the positions, repeated over sequences and heads.
    private static INDArray angles(Buffer x, Rotation r, Buffer table) {
        int half = r.headDim() / 2;
        INDArray rows =
                Nd4jViews.OPS.gather(table.view(table.length() / half, half), Nd4jViews.integers(r.positions()), 0);
        int[] dims = dims(x, r);
        return rows.reshape(1, dims[1], 1, half).broadcast(dims[0], dims[1], dims[2], half);
    }

    private static int[] dims(Buffer x, Rotation r) {
        int positions = r.positions().length;
        return new int[] {x.length() / (positions * r.columns()), positions, r.heads(), r.headDim() / 2};
    }
}
