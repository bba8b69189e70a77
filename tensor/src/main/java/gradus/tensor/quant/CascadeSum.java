package gradus.tensor.quant;

/// The sum of float32 numbers in the order in which PyTorch adds them on a CPU with AVX2, so that it has the
/// same bits: 8 lanes, each of 4 columns, each summed on 4 levels, so that the error grows with the logarithm
/// of the count.
///
/// Source: pytorch/pytorch, `aten/src/ATen/native/cpu/SumKernel.cpp`.
final class CascadeSum {
    private static final int LANES = 8;
    private static final int COLUMNS = 4;
    private static final int LEVELS = 4;

    private CascadeSum() {}

    static float of(float[] values) {
        if (values.length < LANES) {
            return strided(values, 0, 1, values.length);
        }
        int rows = values.length / LANES;
        float sum = 0;
        for (int i = rows * LANES; i < values.length; i++) {
            sum += values[i];
        }
        for (int lane = 0; lane < LANES; lane++) {
            sum += strided(values, lane, LANES, rows);
        }
        return sum;
    }

    /// The sum of every `stride`-th number: four columns, then what is left over, then the columns together.
    private static float strided(float[] values, int from, int stride, int count) {
        int rows = count / COLUMNS;
        float sum = column(values, from, stride * COLUMNS, rows);
        for (int i = rows * COLUMNS; i < count; i++) {
            sum += values[from + i * stride];
        }
        for (int column = 1; column < COLUMNS; column++) {
            sum += column(values, from + column * stride, stride * COLUMNS, rows);
        }
        return sum;
    }

    /// A sum that is handed up one level after a power of two of terms, and from there after as many again.
    private static float column(float[] values, int from, int stride, int count) {
        int power = Math.max(4, ceilLog2(count) / LEVELS);
        int step = 1 << power;
        float[] sums = new float[LEVELS];
        int i = 0;
        while (i + step <= count) {
            for (int end = i + step; i < end; i++) {
                sums[0] += values[from + i * stride];
            }
            for (int level = 1; level < LEVELS; level++) {
                sums[level] += sums[level - 1];
                sums[level - 1] = 0;
                if ((i & step - 1 << level * power) != 0) {
                    break;
                }
            }
        }
        for (; i < count; i++) {
            sums[0] += values[from + i * stride];
        }
        return sums[0] + sums[1] + sums[2] + sums[3];
    }

    private static int ceilLog2(int count) {
        return count <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(count - 1);
    }
}
