package gradus.train;

import static gradus.error.ConfigException.require;

/// When a [Trainer] measures the model on data that it does not learn from.
///
/// @param every    steps between evaluations; 0 for one at the end only
/// @param batches  batches of an evaluation during training, 0 for the whole validation split; the evaluation
///                 after the last step always uses the whole split
/// @param patience training ends early after this many evaluations in a row without a new lowest validation
///                 loss; with 0 it never does
public record EvaluationConfig(int every, int batches, int patience) {

    /// @throws gradus.error.ConfigException if a number is negative
    public EvaluationConfig {
        require(every >= 0, "evalEvery must be at least 0; got %d", every);
        require(batches >= 0, "evalBatches must be at least 0; got %d", batches);
        require(patience >= 0, "patience must be at least 0; got %d", patience);
    }

    /// An evaluation every 250 steps on 50 batches; training never ends early.
    public static EvaluationConfig defaults() {
        return new EvaluationConfig(250, 50, 0);
    }

    public EvaluationConfig withEvery(int every) {
        return new EvaluationConfig(every, batches, patience);
    }

    public EvaluationConfig withBatches(int batches) {
        return new EvaluationConfig(every, batches, patience);
    }

    public EvaluationConfig withPatience(int patience) {
        return new EvaluationConfig(every, batches, patience);
    }
}
