package gradus.train.optimizer;

/// The factor by which [Muon] multiplies the step of a matrix, as a function of its numbers of rows and
/// columns.
public enum MuonScale {
    /// `√max(1, rows/columns)`, as first published; the learning rate is about 20 times that of AdamW.
    ORIGINAL,
    /// `0.2·√max(rows, columns)`: the elements move about as far as with AdamW, so one learning rate works
    /// for both. Liu et al. 2025, "Muon is scalable for LLM training", arXiv:2502.16982.
    AS_ADAMW;

    double of(int rows, int columns) {
        return switch (this) {
            case ORIGINAL -> Math.sqrt(Math.max(1, (double) rows / columns));
            case AS_ADAMW -> 0.2 * Math.sqrt(Math.max(rows, columns));
        };
    }
}
