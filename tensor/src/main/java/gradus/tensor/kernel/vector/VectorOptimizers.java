package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.store;

import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.OptimizerKernels;
import gradus.tensor.memory.Buffer;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/// The passes over all parameters at the end of a step. Memory is the limit here, so each is one pass.
final class VectorOptimizers implements OptimizerKernels {

    @Override
    public void adamW(List<AdamWUpdate> updates) {
        for (AdamWUpdate each : updates) {
            each.parameter().changed();
            each.m().changed();
            each.v().changed();
        }
        List<Buffer> parameters = updates.stream().map(AdamWUpdate::parameter).toList();
        new Pieces(parameters, Pieces.SMALL).split((i, piece, from, to) -> adamW(updates.get(i), 4L * from, 4L * to));
    }

    private static void adamW(AdamWUpdate update, long from, long to) {
        long p = update.parameter().address();
        long g = update.gradient().address();
        long m = update.m().address();
        long v = update.v().address();
        AdamWStep step = update.step();
        double correction1 = 1 - Math.pow(step.beta1(), step.step());
        double correction2 = 1 - Math.pow(step.beta2(), step.step());
        // lr·m̂/(√v̂ + ε) = (lr/c₁)·m/(√v/√c₂ + ε)
        float rate = (float) (step.learningRate() / correction1);
        float root = (float) (1 / Math.sqrt(correction2));
        float keep = (float) (1 - step.learningRate() * step.weightDecay());
        loop(step, p, g, m, v, rate, root, keep, from, to);
    }

    private static void loop(
            AdamWStep step, long p, long g, long m, long v, float rate, float root, float keep, long from, long to) {
        FloatVector beta1 = broadcast((float) step.beta1());
        FloatVector beta2 = broadcast((float) step.beta2());
        FloatVector rest1 = broadcast((float) (1 - step.beta1()));
        FloatVector rest2 = broadcast((float) (1 - step.beta2()));
        FloatVector eps = broadcast((float) step.eps());
        FloatVector roots = broadcast(root);
        FloatVector rates = broadcast(-rate);
        FloatVector keeps = broadcast(keep);
        for (long i = from; i < to; i += STEP) {
            FloatVector gradient = load(g + i);
            FloatVector mean = load(m + i).mul(beta1).add(gradient.mul(rest1));
            FloatVector square =
                    load(v + i).mul(beta2).add(gradient.mul(gradient).mul(rest2));
            store(m + i, mean);
            store(v + i, square);
            FloatVector move = mean.div(square.sqrt().fma(roots, eps));
            store(p + i, move.fma(rates, load(p + i).mul(keeps)));
        }
    }
}
