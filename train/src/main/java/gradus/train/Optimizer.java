package gradus.train;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// Changes parameters by their gradients.
public interface Optimizer {
    /// One step at a learning rate. Parameters without a gradient stay as they are.
    ///
    /// @throws gradus.error.ConfigException if the rate is negative or no number; nothing has changed then
    void step(double learningRate);

    /// Forgets every gradient.
    void zeroGrad();

    /// What it remembers from step to step, by name. Whoever copies other elements into these tensors makes it
    /// go on from where those were taken.
    SequencedMap<String, Tensor> state();

    /// Refuses a rate that would spoil the weights.
    static void requireRate(double learningRate) {
        require(
                learningRate >= 0 && Double.isFinite(learningRate),
                "optimizer: the learning rate must be a number of at least 0; got %s",
                learningRate);
    }

    /// The optimiser that a configuration names.
    ///
    /// @param parameters the model's, by name, as [gradus.layers.Layer#namedParameters] gives them
    static Optimizer of(SequencedMap<String, Tensor> parameters, TrainConfig config) {
        List<Tensor> all = List.copyOf(parameters.values());
        return switch (config.optimizer()) {
            case ADAMW -> new AdamW(all, config);
            case ADAM -> new Adam(all, config);
            case SGD -> new Sgd(all, config.beta1(), true, config.weightDecay());
            case LION -> new Lion(all, config);
            case MUON -> new Muon(parameters, MuonScale.AS_ADAMW, config);
            case RMSPROP -> new RmsProp(all, config.beta2(), config.eps(), config.weightDecay());
            case ADAGRAD -> new Adagrad(all, config.eps(), config.weightDecay());
        };
    }
}
