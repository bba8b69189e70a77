package gradus.train.run;

import java.util.Locale;

/// What a run learns.
public enum RunTask {
    /// To predict the next token: a decoder.
    LM,
    /// To guess hidden tokens: an encoder, [gradus.train.task.MaskedLm].
    MLM,
    /// To tell which passage belongs to a text, by vectors: an encoder, [gradus.train.task.Contrastive].
    CONTRASTIVE;

    /// Whether its model is an encoder, which reads lines and writes none.
    public boolean isEncoder() {
        return this != LM;
    }

    /// As `--task` has it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
