package gradus.train.optimizer;

/// By what [Muon] multiplies the step of a matrix, depending on how many rows and columns it has.
public enum MuonScale {
    /// `√max(1, rows/columns)`, as first published; its rate is about 20 times AdamW's.
    ORIGINAL,
    /// `0.2·√max(rows, columns)`: the elements move as much as AdamW's do, so that one rate serves both. Liu
    /// et al. 2025, "Muon is scalable for LLM training", arXiv:2502.16982.
    AS_ADAMW;

    double of(int rows, int columns) {
        return switch (this) {
            case ORIGINAL -> Math.sqrt(Math.max(1, (double) rows / columns));
            case AS_ADAMW -> 0.2 * Math.sqrt(Math.max(rows, columns));
        };
    }
}
