package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.store;

import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.memory.Buffer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The passes over all parameters at the end of a step. Memory is the limit here, so each is one pass.
final class VectorOptimizers {
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;

    /// Elements summed by one piece of [#sumOfSquares]; pieces are added in order, whoever summed them.
    private static final int PIECE = 1 << 16;

    private VectorOptimizers() {}

    static void adamW(AdamWStep step, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {
        long p = parameter.address();
        long g = gradient.address();
        long ms = m.address();
        long vs = v.address();
        double correction1 = 1 - Math.pow(step.beta1(), step.step());
        double correction2 = 1 - Math.pow(step.beta2(), step.step());
        // lr·m̂/(√v̂ + ε) = (lr/c₁)·m/(√v/√c₂ + ε)
        float rate = (float) (step.learningRate() / correction1);
        float root = (float) (1 / Math.sqrt(correction2));
        float keep = (float) (1 - step.learningRate() * step.weightDecay());
        Parallel.rows(
                parameter.length(),
                VectorPointwise.GRAIN,
                (from, to) -> adamW(step, p, g, ms, vs, rate, root, keep, 4L * from, 4L * to));
    }

    private static void adamW(
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

    static double sumOfSquares(Buffer x) {
        long address = x.address();
        int n = x.length();
        int pieces = (n + PIECE - 1) / PIECE;
        if (pieces == 1) {
            return sumOfSquares(address, n);
        }
        double[] sums = new double[pieces];
        Parallel.rows(pieces, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                sums[i] = sumOfSquares(address + 4L * i * PIECE, Math.min(PIECE, n - i * PIECE));
            }
        });
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }

    private static double sumOfSquares(long x, int n) {
        int whole = n - n % Lanes.W;
        DoubleVector a = DoubleVector.zero(D);
        DoubleVector b = DoubleVector.zero(D);
        for (long i = 0; i < 4L * whole; i += STEP) {
            FloatVector v = load(x + i);
            DoubleVector low = (DoubleVector) v.convertShape(VectorOperators.F2D, D, 0);
            DoubleVector high = (DoubleVector) v.convertShape(VectorOperators.F2D, D, 1);
            a = low.fma(low, a);
            b = high.fma(high, b);
        }
        double[] lanes = a.add(b).toArray();
        double total = 0;
        for (double lane : lanes) {
            total += lane;
        }
        for (int i = whole; i < n; i++) {
            double value = Lanes.get(x + 4L * i);
            total = Math.fma(value, value, total);
        }
        return total;
    }
}
