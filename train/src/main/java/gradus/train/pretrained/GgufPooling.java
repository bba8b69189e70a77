package gradus.train.pretrained;

/// How an encoder's states become the one vector of a text, in the order of llama.cpp's numbers.
public enum GgufPooling {
    /// They stay as they are, one for each token.
    NONE,
    /// Their mean, as [SentenceEmbedding] takes it.
    MEAN,
    /// The first token's.
    CLS,
    /// The last token's.
    LAST,
    /// A score, by a head of its own.
    RANK
}
