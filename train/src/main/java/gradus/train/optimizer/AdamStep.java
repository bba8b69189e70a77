package gradus.train.optimizer;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.OptimizerKernels;
import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import java.util.List;

/// The step that [Adam] and [AdamW] share, on one parameter: computed by a kernel of the device in one pass
/// over the memory, or by its equation if the device has no such kernel.
final class AdamStep {
    private AdamStep() {}

    /// @param m the mean of gradients, changed in place
    /// @param v the mean of squared gradients, changed in place
    static void run(AdamWStep step, Tensor parameter, Tensor gradient, Tensor m, Tensor v) {
        OptimizerKernels kernels = Kernels.of(parameter.buffer()).optimizers();
        if (kernels == null) {
            plain(step, parameter, gradient, m, v);
        } else {
            kernels.adamW(List.of(update(step, parameter, gradient, m, v)));
        }
    }

    static AdamWUpdate update(AdamWStep step, Tensor parameter, Tensor gradient, Tensor m, Tensor v) {
        return new AdamWUpdate(step, parameter.buffer(), gradient.buffer(), m.buffer(), v.buffer());
    }

    /// The equation of [AdamW], line by line.
    static void plain(AdamWStep step, Tensor parameter, Tensor gradient, Tensor m, Tensor v) {
        m.copyFrom(m.mul(step.beta1()).add(gradient.mul(1 - step.beta1())));
        v.copyFrom(v.mul(step.beta2()).add(gradient.square().mul(1 - step.beta2())));
        Tensor mHat = m.div(1 - Math.pow(step.beta1(), step.step()));
        Tensor vHat = v.div(1 - Math.pow(step.beta2(), step.step()));
        Tensor decayed = parameter.mul(1 - step.learningRate() * step.weightDecay());
        parameter.copyFrom(decayed.sub(mHat.div(vHat.sqrt().add(step.eps())).mul(step.learningRate())));
    }
}
