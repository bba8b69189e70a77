package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.flat;
import static gradus.tensor.kernel.nd4j.Nd4jViews.once;
import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.read;
import static gradus.tensor.kernel.nd4j.Nd4jViews.repeated;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.ReductionKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/// Sums and extremes.
final class Nd4jReductions implements ReductionKernels {
    @Override
    public void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y) {
        y.changed();
        temporarily(() -> {
            INDArray cube = x.view(outer, n, inner);
            y.view(outer, inner)
                    .assign(
                            switch (reduction) {
                                case SUM -> cube.sum(1);
                                case MAX -> cube.max(1).addi(nanIfAny(cube));
                                case MIN -> cube.min(1).addi(nanIfAny(cube));
                            });
        });
    }

    /// NaN where the middle axis holds one, which ND4J's extremes pass over, else 0.
    private static INDArray nanIfAny(INDArray cube) {
        INDArray none = cube.isNaN().castTo(cube.dataType()).sum(1).eq(0).castTo(cube.dataType());
        return none.div(none).subi(1); // 1/1 - 1 = 0, 0/0 - 1 = NaN
    }

    @Override
    public void sumTo(Buffer x, Strided walkY, double scale, Destination y) {
        temporarily(() -> {
            if (y != null) {
                INDArray all = read(x, new Strided(walkY.dims(), 0, rowMajor(walkY.dims())));
                int[] axes = repeated(walkY);
                INDArray sum = axes.length == 0 ? all : all.sum(true, axes);
                put(sum.mul(scale), once(y.buffer(), walkY), y.accumulate());
            }
        });
    }

    @Override
    public double sumOfSquares(List<Buffer> xs) {
        double sum = 0;
        for (Buffer x : xs) {
            sum += squares(x);
        }
        return sum;
    }

    private static double squares(Buffer x) {
        double[] sum = new double[1];
        temporarily(() -> {
            INDArray wide = flat(x).castTo(DataType.DOUBLE);
            sum[0] = wide.mul(wide).sumNumber().doubleValue();
        });
        return sum[0];
    }

    private static int[] rowMajor(int[] dims) {
        int[] strides = new int[dims.length];
        for (int axis = dims.length - 1, stride = 1; axis >= 0; stride *= dims[axis], axis--) {
            strides[axis] = stride;
        }
        return strides;
    }
}
