package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.adapter.Adapters;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// The policy as it was before training, from which it is not to depart too far. It is never trained and gets
/// no gradient.
public final class ReferenceModel {
    private final LanguageModel model;
    private final Adapters adapters; // or null

    private ReferenceModel(LanguageModel model, Adapters adapters) {
        this.model = model;
        this.adapters = adapters;
    }

    /// A model of its own, which is frozen.
    public static ReferenceModel frozen(LanguageModel model) {
        require(model != null, "reference: a model must be given; got null");
        return new ReferenceModel(model.freeze(), null);
    }

    /// A copy of the policy.
    ///
    /// @param same a model with the same parameters, such as a new one of the same configuration; it gets the
    ///             policy's values
    /// @throws gradus.error.ConfigException if its parameters are others, or are the policy's own
    public static ReferenceModel copy(LanguageModel policy, LanguageModel same) {
        require(policy != same, "reference: the copy must be another model than the policy");
        Map<String, Tensor> from = policy.state();
        Map<String, Tensor> to = same.state();
        require(
                from.keySet().equals(to.keySet()),
                "reference: the copy must have the same parameters as the policy; got %d and %d",
                to.size(),
                from.size());
        to.forEach((name, tensor) -> tensor.copyFrom(from.get(name)));
        return frozen(same);
    }

    /// The policy itself with its adapters taken out of use for as long as the reference is asked: LoRA needs
    /// no second model.
    ///
    /// @param policy   whose base is the reference
    /// @param adapters of that model
    public static ReferenceModel withoutAdapters(LanguageModel policy, Adapters adapters) {
        require(adapters.model() == policy, "reference: the adapters must be the policy's");
        return new ReferenceModel(policy, adapters);
    }

    /// Asks the model, in evaluation and without gradients.
    public <R> R ask(Function<LanguageModel, R> question) {
        Map<String, Double> used = adapters == null ? Map.of() : new LinkedHashMap<>(adapters.used());
        boolean training = model.training();
        model.eval();
        if (adapters != null) {
            adapters.use();
        }
        try (var pause = Autograd.noGrad()) {
            return question.apply(model);
        } finally {
            if (adapters != null) {
                adapters.use(used);
            }
            if (training) {
                model.train();
            }
        }
    }

    /// Throws unless this can be the reference of a policy.
    ///
    /// @throws gradus.error.ConfigException if it has another vocabulary or a shorter context
    public void requireFits(LanguageModel policy) {
        require(
                model.vocabSize() == policy.vocabSize(),
                "reference: its vocabulary must be the policy's, %d tokens; got %d",
                policy.vocabSize(),
                model.vocabSize());
        require(
                model.context() >= policy.context(),
                "reference: its context must be at least the policy's, %d; got %d",
                policy.context(),
                model.context());
        require(
                adapters != null || model != policy,
                "reference: the policy cannot be its own reference, as it changes; copy it");
    }
}
