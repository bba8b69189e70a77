package gradus.layers.model.config;

/// Where the weights of a [gradus.layers.model.Gpt]'s head, `logits = norm(x)·W_Hᵀ`, come from.
public enum Head {
    /// The token table once more, `W_H = W_E`: V·C parameters less, and each token learns from what is read and
    /// from what is written. Press & Wolf 2017, "Using the output embedding to improve language models",
    /// arXiv:1608.05859. GPT-2 does so.
    TIED,
    /// A matrix of its own, `lm_head.weight`, as most large models have it.
    OWN
}
