package gradus.layers.model;

import gradus.layers.model.config.Start;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// How the weights of a decoder start. Matrices are normal with deviation `√(2/(5·C))` (Nguyen & Salazar
/// 2019, arXiv:1910.05895, "small init"), which follows the width: 0.023 for the 768 channels of GPT-2, which
/// took 0.02, and 0.056 for 128, where 0.02 is so small that training loses hundreds of steps. Tables and
/// heads start at 0.02, so that the first guess is even; biases at 0. The projections that end a residual
/// branch start smaller by `1/√(2L)`, so that the sum of the 2L branches varies as much as one. With
/// [Start#GPT2] every matrix starts at GPT-2's 0.02 (Radford et al. 2019), those that end a branch at
/// `0.02/√(2L)`.
///
/// @param dim    C
/// @param layers L
/// @param start  which of the two
record InitialWeights(int dim, int layers, Start start) {
    private static final double TABLE_DEVIATION = 0.02;
    private static final double GPT2_DEVIATION = 0.02;
    private static final Set<String> TABLES = Set.of("wte", "wpe", "embed_tokens", "lm_head", "position");
    private static final Set<String> ENDS_OF_BRANCHES = Set.of("c_proj", "o_proj", "down_proj", "w2");

    /// Draws every parameter from the stream of its name.
    void start(LanguageModel model, Rng rng) {
        model.namedParameters().forEach((name, parameter) -> {
            int[] dims = parameter.shape().dims();
            if (parameter.rank() == 2) {
                double deviation = deviation(List.of(name.split("\\.")));
                parameter.startAs(() -> Tensor.randn(rng.at(name), dims).mul(deviation));
            } else if (name.endsWith("bias")) {
                parameter.startAs(() -> Tensor.zeros(dims));
            }
        });
    }

    private double deviation(List<String> path) {
        if (path.stream().anyMatch(TABLES::contains)) {
            return TABLE_DEVIATION;
        }
        double deviation = switch (start) {
            case SMALL -> Math.sqrt(2.0 / (5.0 * dim));
            case GPT2 -> GPT2_DEVIATION;
        };
        boolean endsBranch = path.stream().anyMatch(ENDS_OF_BRANCHES::contains);
        return endsBranch ? deviation / Math.sqrt(2.0 * layers) : deviation;
    }
}
