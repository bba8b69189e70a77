package gradus.train.pretrained;

import gradus.tensor.Tensor;

/// How the states of a text's tokens become one vector. Each names what sentence-transformers calls it.
public enum Pooling {
    /// `mean`: the mean of all.
    MEAN("mean", "pooling_mode_mean_tokens"),
    /// `cls`: that of the first, which stands before the text.
    CLS("cls", "pooling_mode_cls_token"),
    /// `max`: channel by channel the largest.
    MAX("max", "pooling_mode_max_tokens"),
    /// `mean_sqrt_len_tokens`: their sum over the square root of their number.
    MEAN_SQRT_LENGTH("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"),
    /// `lasttoken`: that of the last.
    LAST("lasttoken", "pooling_mode_lasttoken");

    final String mode;
    final String flag; // in files before sentence-transformers 5

    Pooling(String mode, String flag) {
        this.mode = mode;
        this.flag = flag;
    }

    /// **Shapes** states (B, T, C), all T of them of the text → (B, C)
    Tensor apply(Tensor states) {
        int time = states.dim(1);
        return switch (this) {
            case MEAN -> states.mean(1);
            case CLS -> states.select(1, 0);
            case MAX -> states.amax(1);
            case MEAN_SQRT_LENGTH -> states.sum(1).mul(1 / Math.sqrt(time));
            case LAST -> states.select(1, time - 1);
        };
    }
}
