package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.flat;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.OptimizerKernels;
import gradus.tensor.memory.Buffer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/// AdamW as its paper writes it.
final class Nd4jOptimizers implements OptimizerKernels {
    @Override
    public void adamW(List<AdamWUpdate> updates) {
        updates.forEach(each -> adamW(each.step(), each.parameter(), each.gradient(), each.m(), each.v()));
    }

    private static void adamW(AdamWStep step, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {
        parameter.changed();
        m.changed();
        v.changed();
        temporarily(() -> {
            INDArray theta = flat(parameter);
            INDArray g = flat(gradient);
            INDArray mean = flat(m);
            INDArray square = flat(v);
            mean.muli(step.beta1()).addi(g.mul(1 - step.beta1()));
            square.muli(step.beta2()).addi(g.mul(g).muli(1 - step.beta2()));
            INDArray mHat = mean.div(1 - Math.pow(step.beta1(), step.step()));
            INDArray vHat = square.div(1 - Math.pow(step.beta2(), step.step()));
            theta.muli(1 - step.learningRate() * step.weightDecay());
            theta.subi(mHat.divi(Transforms.sqrt(vHat, false).addi(step.eps())).muli(step.learningRate()));
        });
    }
}
