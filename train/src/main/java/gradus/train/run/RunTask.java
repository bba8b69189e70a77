package gradus.train.run;

import java.util.Locale;

/// What a run learns.
public enum RunTask {
    /// To predict the next token: a decoder.
    LM,
    /// To guess hidden tokens: an encoder, [gradus.train.task.MaskedLm].
    MLM;

    /// As `--task` has it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
