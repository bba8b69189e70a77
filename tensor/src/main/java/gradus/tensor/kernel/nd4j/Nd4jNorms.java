package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.NormKernels;
import gradus.tensor.memory.Buffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Normalisation of rows in ND4J's operations. ND4J's own `layer_norm` knows no ε, so it is not used.
final class Nd4jNorms implements NormKernels {
    @Override
    public void layerNorm(Buffer x, Buffer gain, Buffer bias, double eps, int rows, int columns, Norm norm) {
        norm.y().changed();
        temporarily(() -> {
            INDArray in = x.view(rows, columns);
            INDArray mean = in.mean(true, 1); // (rows, 1)
            INDArray centred = in.sub(mean);
            INDArray rstd = rstd(centred, eps);
            norm.mean().view(rows, 1).assign(mean);
            norm.rstd().view(rows, 1).assign(rstd);
            norm.y()
                    .view(rows, columns)
                    .assign(centred.mul(rstd).mul(gain.view(1, columns)).add(bias.view(1, columns)));
        });
    }

    @Override
    public void layerNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        temporarily(() -> {
            INDArray upstream = dy.view(rows, columns);
            INDArray rstd = norm.rstd().view(rows, 1);
            INDArray normal =
                    x.view(rows, columns).sub(norm.mean().view(rows, 1)).mul(rstd);
            INDArray g = upstream.mul(gain.view(1, columns));
            INDArray along = normal.mul(g.mul(normal).mean(true, 1));
            put(g.sub(g.mean(true, 1)).sub(along).mul(rstd), gradients.dx());
            put(upstream.mul(normal).sum(true, 0), gradients.dgain());
            put(upstream.sum(true, 0), gradients.dbias());
        });
    }

    @Override
    public void rmsNorm(Buffer x, Buffer gain, double eps, int rows, int columns, Norm norm) {
        norm.y().changed();
        temporarily(() -> {
            INDArray in = x.view(rows, columns);
            INDArray rstd = rstd(in, eps);
            norm.rstd().view(rows, 1).assign(rstd);
            norm.y().view(rows, columns).assign(in.mul(rstd).mul(gain.view(1, columns)));
        });
    }

    @Override
    public void rmsNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        temporarily(() -> {
            INDArray upstream = dy.view(rows, columns);
            INDArray rstd = norm.rstd().view(rows, 1);
            INDArray normal = x.view(rows, columns).mul(rstd);
            INDArray g = upstream.mul(gain.view(1, columns));
            INDArray along = normal.mul(g.mul(normal).mean(true, 1));
            put(g.sub(along).mul(rstd), gradients.dx());
            put(upstream.mul(normal).sum(true, 0), gradients.dgain());
        });
    }

    /// `1/√(mean(x²) + eps)` of each row.
    private static INDArray rstd(INDArray x, double eps) {
        return Transforms.sqrt(x.mul(x).mean(true, 1).addi(eps), false).rdivi(1);
    }
}
