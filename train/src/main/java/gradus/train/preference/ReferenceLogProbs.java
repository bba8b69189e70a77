package gradus.train.preference;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.train.task.Examples;

/// What a reference says of answers: ln ref of each, summed over its own tokens. A reference never changes, so
/// this is computed once, without gradients, and kept: a number an answer, where a second model would need
/// memory and a pass in every step. TRL's `precompute_ref_log_probs`.
///
/// @param values of S lists of n answers; checkpoints hold them, so that a resumed training has the same
///     reference; (S, n)
record ReferenceLogProbs(Tensor values) {

    /// @param dtype     of the values
    /// @param batchSize answers of each list that are asked about together
    /// @param sides     lists of n answers each
    static ReferenceLogProbs of(LanguageModel reference, DType dtype, int batchSize, Examples... sides) {
        int count = sides[0].count();
        double[] values = new double[sides.length * count];
        try (var pause = Autograd.noGrad()) {
            for (int[] which : AnswerBatches.inOrder(count, batchSize, 0)) {
                try (var scope = Scope.open()) {
                    double[] said =
                            AnswerRows.of(which, 0, sides).logProbs(reference).toArray();
                    for (int side = 0; side < sides.length; side++) {
                        System.arraycopy(said, side * which.length, values, side * count + which[0], which.length);
                    }
                }
            }
        }
        return new ReferenceLogProbs(Tensor.of(values, sides.length, count).to(dtype));
    }

    /// Of the answers of these numbers, list by list: S·N values.
    double[] of(int[] which) {
        double[] all = values.toArray();
        int count = values.dim(1);
        double[] some = new double[values.dim(0) * which.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[i / which.length * count + which[i % which.length]];
        }
        return some;
    }
}
