package gradus.layers.model;

import gradus.layers.Layer;
import gradus.layers.model.config.Start;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// The initial weights of a model. The layer that owns a parameter gives it a kind
/// ([gradus.layers.WeightKind]). This table says how each kind is initialised in each family of models, by
/// the standard deviation of normally distributed numbers:
///
/// | kind | [#small]: the decoders | [#gpt2]: GPT-2 as published | [#bert] |
/// |---|---|---|---|
/// | `TABLE`: tokens, positions, head | 0.02 | 0.02 | 0.02 |
/// | `MATRIX` | √(2/(5·C)) | 0.02 | 0.02 |
/// | `OUTPUT_PROJECTION` | √(2/(5·C)) / √(2·L) | 0.02 / √(2·L) | 0.02 |
/// | `BIAS` | all 0 | all 0 | all 0 |
/// | of no kind: gains, and what a layer of your own starts by itself | as the layer made it | same | same |
///
/// - *small* is Nguyen & Salazar 2019, arXiv:1910.05895 ("small init"). It follows the width C: 0.023 for the
///   768 channels of GPT-2, which took 0.02, and 0.056 for 128, where 0.02 is so small that training loses
///   hundreds of steps. Tables and heads are small at every width, so that an untrained model gives all tokens
///   nearly the same probability.
/// - *gpt2* is Radford et al. 2019, section 2.3, and OpenAI's code: 0.02, and the projections that end the
///   2L residual branches smaller by 1/√(2·L), so that their sum varies as much as one.
/// - *bert* is Devlin et al. 2018, arXiv:1810.04805: 0.02 for every matrix and table.
///
/// The random numbers of a parameter follow from its full name, so adding a layer does not change the numbers
/// of the others.
///
/// @param table  the standard deviation of tables
/// @param matrix the standard deviation of matrices
/// @param output the standard deviation of output projections
public record InitialWeights(double table, double matrix, double output) {
    private static final double PUBLISHED = 0.02;

    /// @param dim    C, channels
    /// @param layers L, blocks
    public static InitialWeights small(int dim, int layers) {
        double matrix = Math.sqrt(2.0 / (5.0 * dim));
        return new InitialWeights(PUBLISHED, matrix, matrix / Math.sqrt(2.0 * layers));
    }

    /// @param layers L, blocks
    public static InitialWeights gpt2(int layers) {
        return new InitialWeights(PUBLISHED, PUBLISHED, PUBLISHED / Math.sqrt(2.0 * layers));
    }

    public static InitialWeights bert() {
        return new InitialWeights(PUBLISHED, PUBLISHED, PUBLISHED);
    }

    /// What a configuration asks for.
    static InitialWeights of(Start start, int dim, int layers) {
        return switch (start) {
            case SMALL -> small(dim, layers);
            case GPT2 -> gpt2(layers);
        };
    }

    /// Initialises every parameter of a model that has a kind. A model calls this at the end of its
    /// constructor.
    ///
    /// @param rng random numbers for the initial weights; those of a parameter follow from its name
    public void start(Layer model, Rng rng) {
        var parameters = model.namedParameters();
        model.weightKinds().forEach((name, kind) -> {
            Tensor parameter = parameters.get(name);
            int[] dims = parameter.shape().dims();
            switch (kind) {
                case TABLE -> normal(parameter, table, rng.at(name), dims);
                case MATRIX -> normal(parameter, matrix, rng.at(name), dims);
                case OUTPUT_PROJECTION -> normal(parameter, output, rng.at(name), dims);
                case BIAS -> parameter.startAs(() -> Tensor.zeros(dims));
            }
        });
    }

    private static void normal(Tensor parameter, double deviation, Rng rng, int[] dims) {
        parameter.startAs(() -> Tensor.randn(rng, dims).mul(deviation));
    }
}
