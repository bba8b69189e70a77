package gradus.layers.model;

import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// How the weights of a decoder start. Matrices are normal with deviation `√(2/(5·C))` (Nguyen & Salazar
/// 2019, arXiv:1910.05895, "small init"), which follows the width: 0.023 for the 768 channels of GPT-2, which
/// took 0.02, and 0.056 for 128, where 0.02 is so small that training loses hundreds of steps. Tables and
/// heads start at 0.02, so that the first guess is even; biases at 0. The projections that end a residual
/// branch start smaller by `1/√(2L)`, so that the sum of the 2L branches varies as much as one.
///
/// @param dim    C
/// @param layers L
record SmallInit(int dim, int layers) {
    private static final double TABLE_DEVIATION = 0.02;
    private static final Set<String> TABLES = Set.of("wte", "wpe", "embed_tokens", "lm_head", "position");
    private static final Set<String> ENDS_OF_BRANCHES = Set.of("c_proj", "o_proj", "down_proj", "w2");

    /// Draws every parameter from the stream of its name.
    void start(LanguageModel model, Rng rng) {
        model.namedParameters().forEach((name, parameter) -> {
            if (parameter.rank() == 2) {
                Tensor drawn = Tensor.randn(rng.at(name), parameter.shape().dims());
                parameter.copyFrom(drawn.mul(deviation(List.of(name.split("\\.")))));
            } else if (name.endsWith("bias")) {
                parameter.copyFrom(Tensor.zeros(parameter.shape().dims()));
            }
        });
    }

    private double deviation(List<String> path) {
        if (path.stream().anyMatch(TABLES::contains)) {
            return TABLE_DEVIATION;
        }
        double deviation = Math.sqrt(2.0 / (5 * dim));
        boolean endsBranch = path.stream().anyMatch(ENDS_OF_BRANCHES::contains);
        return endsBranch ? deviation / Math.sqrt(2 * layers) : deviation;
    }
}
