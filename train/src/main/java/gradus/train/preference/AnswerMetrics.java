package gradus.train.preference;

import java.util.SequencedMap;

/// What is counted of the answers of a step.
interface AnswerMetrics {

    /// Means under TRL's names; empty before a step is computed.
    SequencedMap<String, Double> means();
}
