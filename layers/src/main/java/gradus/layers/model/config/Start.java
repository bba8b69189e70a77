package gradus.layers.model.config;

/// How the weights of a [gradus.layers.model.Gpt] start; [gradus.layers.model.InitialWeights] has the equations.
public enum Start {
    /// Matrices by the width of the model: what trains well at every size.
    SMALL,
    /// Matrices at 0.02 whatever the width, as OpenAI's GPT-2 started: for comparison with what others trained.
    GPT2
}
