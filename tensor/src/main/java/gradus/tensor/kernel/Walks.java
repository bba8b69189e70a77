package gradus.tensor.kernel;

import java.util.Arrays;

/// Several ways through the same index space, walked together and made as short as possible: axes of size 1 are
/// dropped, and neighbouring axes that every way treats as one become one. Two equal shapes thus always become a
/// single run. The last axis is the run that a kernel does at a stretch; the others are counted like an odometer.
public final class Walks {
    /// The axes that are left; the last is the run.
    public final int[] dims;

    /// The strides of each way along them; there may be unused places behind.
    public final int[][] strides;

    /// The elements of a run.
    public final int run;

    /// How many runs there are.
    public final int outer;

    /// Where each way begins.
    public final int[] offsets;

    /// The ways, which have the same dimensions.
    public Walks(Strided... ways) {
        int rank = ways[0].dims().length;
        int[] keptDims = new int[rank + 1];
        int[][] keptStrides = new int[ways.length][rank + 1];
        int kept = 0;
        for (int axis = 0; axis < rank; axis++) {
            int dim = ways[0].dims()[axis];
            if (dim == 1) {
                continue;
            }
            boolean joins = kept > 0;
            for (int w = 0; joins && w < ways.length; w++) {
                joins = keptStrides[w][kept - 1] == ways[w].strides()[axis] * dim;
            }
            int at = joins ? kept - 1 : kept++;
            keptDims[at] = joins ? keptDims[at] * dim : dim;
            for (int w = 0; w < ways.length; w++) {
                keptStrides[w][at] = ways[w].strides()[axis];
            }
        }
        if (kept == 0) { // one element
            keptDims[kept++] = 1;
        }
        dims = Arrays.copyOf(keptDims, kept);
        strides = keptStrides;
        run = dims[kept - 1];
        int count = 1;
        for (int axis = 0; axis < kept - 1; axis++) {
            count *= dims[axis];
        }
        outer = count;
        offsets = new int[ways.length];
        for (int w = 0; w < ways.length; w++) {
            offsets[w] = ways[w].offset();
        }
    }

    /// The stride of a way along the run.
    public int runStride(int way) {
        return strides[way][dims.length - 1];
    }

    /// Where a way stands at the beginning of the n-th run, in elements.
    public long start(int way, int n) {
        long at = offsets[way];
        for (int axis = dims.length - 2; axis >= 0; axis--) {
            at += (long) (n % dims[axis]) * strides[way][axis];
            n /= dims[axis];
        }
        return at;
    }

    /// The walk through the same index space that meets neighbours one after the other.
    public static Strided contiguous(Strided walk) {
        int[] strides = new int[walk.dims().length];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= walk.dims()[axis];
        }
        return new Strided(walk.dims(), 0, strides);
    }
}
