package gradus.lessons.lab.norms;

import gradus.layers.WeightKind;
import gradus.layers.model.Gpt;
import gradus.layers.model.InitialWeights;
import gradus.lessons.lab.material.HeldOutText;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.task.LanguageModelling;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The gradient of a model that has not learned anything yet, in the Euclidean norm.
///
/// @param whole of all weights
/// @param first of the matrix that ends the feed-forward layer of the first block
/// @param last  of the same of the last block
record StartGradient(double whole, double first, double last) {

    /// Of one batch of a text.
    ///
    /// @param size of the model and the batch
    /// @param even whether the matrices that end a branch start as large as all others, as Xiong et al.
    ///     have it; else
    ///             they are smaller by `1/√(2·L)`, as in GPT-2 and in this library
    static StartGradient of(Norming norming, NormRun.Size size, boolean even, HeldOutText text, long seed) {
        Rng rng = Rng.of(seed).at("model");
        Gpt gpt = new Gpt(norming.config(size.layers(), size.dim(), text.vocabulary(), size.context()), rng);
        if (even) {
            InitialWeights usual = InitialWeights.small(size.dim(), size.layers());
            new InitialWeights(usual.table(), usual.matrix(), usual.matrix()).start(gpt, rng);
        }
        gpt.train();
        LanguageModelling task = new LanguageModelling(
                gpt,
                text.split(),
                new LanguageModelling.Sizes(size.batch(), 1),
                Rng.of(seed).at("batches"));
        try (var scope = Scope.open()) {
            task.parts(0).getFirst().loss().backward();
            Map<String, Tensor> parameters = gpt.namedParameters();
            return new StartGradient(
                    norm(parameters.values()),
                    norm(List.of(parameters.get(end(gpt, 0)))),
                    norm(List.of(parameters.get(end(gpt, size.layers() - 1)))));
        }
    }

    /// The name of the matrix that ends the feed-forward layer of a block.
    private static String end(Gpt gpt, int block) {
        return gpt.weightKinds().entrySet().stream()
                .filter(each -> each.getValue() == WeightKind.OUTPUT_PROJECTION)
                .map(Map.Entry::getKey)
                .filter(name -> name.startsWith("h." + block + ".mlp."))
                .findFirst()
                .orElseThrow();
    }

    private static double norm(Collection<Tensor> weights) {
        double squares = 0;
        for (Tensor weight : weights) {
            for (double each : weight.grad().toArray()) {
                squares += each * each;
            }
        }
        return Math.sqrt(squares);
    }
}
