package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.NormKernels;
import gradus.tensor.kernel.cuda.CudaSoftmax.RowFunction;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// `norms.cu`: normalisation of rows. The gradients of gain and bias are sums over all rows, in two stages.
final class CudaNorms implements NormKernels {
    private static final int THREADS = 256;

    private final CudaReductions reductions;
    private final RowFunction layerNorm;
    private final RowFunction rmsNorm;
    private final RowFunction backward;
    private final CudaFunction gains;

    CudaNorms(Card card, CudaReductions reductions) {
        this.reductions = reductions;
        layerNorm = new RowFunction(card, "norms", "layer_norm");
        rmsNorm = new RowFunction(card, "norms", "rms_norm");
        backward = new RowFunction(card, "norms", "norm_backward");
        gains = card.function("norms", "norm_gains");
    }

    @Override
    public void layerNorm(Buffer x, Buffer gain, Buffer bias, double eps, int rows, int columns, Norm norm) {
        layerNorm
                .begin(rows, columns)
                .buffer(x)
                .buffer(gain)
                .buffer(bias)
                .real((float) eps)
                .integer(rows)
                .integer(columns)
                .result(norm.y())
                .result(norm.mean())
                .result(norm.rstd())
                .run(THREADS);
    }

    @Override
    public void rmsNorm(Buffer x, Buffer gain, double eps, int rows, int columns, Norm norm) {
        rmsNorm.begin(rows, columns)
                .buffer(x)
                .buffer(gain)
                .real((float) eps)
                .integer(rows)
                .integer(columns)
                .result(norm.y())
                .result(norm.rstd())
                .run(THREADS);
    }

    @Override
    public void layerNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        backward(x, gain, norm.mean(), norm.rstd(), dy, rows, columns, gradients);
    }

    @Override
    public void rmsNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        backward(x, gain, null, norm.rstd(), dy, rows, columns, gradients);
    }

    private void backward(
            Buffer x,
            Buffer gain,
            Buffer mean,
            Buffer rstd,
            Buffer dy,
            int rows,
            int columns,
            NormGradients gradients) {
        // dx first: a vector may be its own gain and bias, and the other gradients are then added to dx.
        if (gradients.dx() != null) {
            backward.begin(rows, columns)
                    .buffer(x)
                    .buffer(gain)
                    .buffer(mean)
                    .buffer(rstd)
                    .buffer(dy)
                    .integer(rows)
                    .integer(columns)
                    .destination(gradients.dx())
                    .run(THREADS);
        }
        sums(x, mean, rstd, dy, rows, columns, gradients);
    }

    private void sums(Buffer x, Buffer mean, Buffer rstd, Buffer dy, int rows, int columns, NormGradients gradients) {
        if (gradients.dgain() == null && gradients.dbias() == null) {
            return;
        }
        int pieces = CudaReductions.pieces(rows);
        Buffer gain = gradients.dgain() == null ? null : x.like(pieces * columns);
        Buffer bias = gradients.dbias() == null ? null : x.like(pieces * columns);
        gains.begin()
                .buffer(x)
                .buffer(mean)
                .buffer(rstd)
                .buffer(dy)
                .integer(rows)
                .integer(columns)
                .integer(CudaReductions.COLUMN_PIECE)
                .result(gain)
                .result(bias)
                .blocks(pieces * CudaReductions.blocksOfColumns(columns))
                .run(THREADS);
        add(gain, pieces, columns, gradients.dgain());
        add(bias, pieces, columns, gradients.dbias());
    }

    private void add(Buffer parts, int pieces, int columns, Destination sum) {
        if (parts != null) {
            reductions.longColumns(parts, 1, pieces, columns, 1, sum);
            parts.release("a norm's backward has been ordered");
        }
    }
}
