package gradus.tensor.kernel;

import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Output;

/// Whether two implementations of a kernel gave the same.
final class Agreement {
    /// A hundred roundings of float32, which is what sums in another order and a polynomial for exp leave.
    static final double TOLERANCE = 1e-5;

    private Agreement() {}

    /// Compares what two calls with the same seed wrote.
    ///
    /// @return the largest difference, as a part of the largest magnitude of its array
    /// @throws AssertionError if one is above the tolerance
    static double compare(String kernel, long seed, Call actual, Call expected) {
        double worst = 0;
        for (int i = 0; i < expected.outputs.size(); i++) {
            String what = kernel + ", seed " + seed + ", sizes " + expected.sizes;
            worst = Math.max(worst, compare(what, actual.outputs.get(i), expected.outputs.get(i)));
        }
        return worst;
    }

    /// Within the tolerance of the largest magnitude of the array: where terms cancel, what is left is as uncertain as
    /// they are.
    private static double compare(String what, Output actual, Output expected) {
        float[] wanted = expected.buffer().toFloats();
        float[] got = actual.buffer().toFloats();
        double scale = expected.magnitude();
        for (float value : wanted) {
            scale = Math.max(scale, Float.isFinite(value) ? Math.abs(value) : 0);
        }
        double worst = 0;
        for (int i = 0; i < wanted.length; i++) {
            boolean equal = Float.compare(got[i], wanted[i]) == 0;
            double difference = equal ? 0 : Math.abs((double) got[i] - wanted[i]);
            boolean same = equal || difference <= TOLERANCE * scale;
            if (!same || Float.isNaN(wanted[i])) {
                throw new AssertionError("%s: %s[%d] of %d: expected %s, got %s, largest %.3g"
                        .formatted(what, expected.name(), i, wanted.length, wanted[i], got[i], scale));
            }
            worst = Math.max(worst, difference == 0 ? 0 : difference / scale);
        }
        return worst;
    }
}
