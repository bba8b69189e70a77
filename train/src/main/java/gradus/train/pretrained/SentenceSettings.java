package gradus.train.pretrained;

import static gradus.error.ConfigException.require;

/// How a [SentenceEmbedding] makes a vector of a text.
///
/// @param maxLength the most tokens of a text, its frame's included; what is longer loses its end
/// @param pooling   how the states of tokens become one
/// @param normalize whether the vector is scaled to length 1
public record SentenceSettings(int maxLength, Pooling pooling, boolean normalize) {
    /// What all-MiniLM-L6-v2 was published with. Its tokenizer.json cuts at 128, which sentence-transformers
    /// overrides by sentence_bert_config.json's 256.
    public static final SentenceSettings MINI_LM = new SentenceSettings(256, Pooling.MEAN, true);

    /// @throws gradus.error.ConfigException if the length is below 1 or the pooling missing
    public SentenceSettings {
        require(maxLength >= 1, "SentenceSettings: maxLength must be at least 1; got %d", maxLength);
        require(pooling != null, "SentenceSettings: a pooling must be given; got null");
    }

    public SentenceSettings withMaxLength(int maxLength) {
        return new SentenceSettings(maxLength, pooling, normalize);
    }

    public SentenceSettings withPooling(Pooling pooling) {
        return new SentenceSettings(maxLength, pooling, normalize);
    }

    public SentenceSettings withNormalize(boolean normalize) {
        return new SentenceSettings(maxLength, pooling, normalize);
    }
}
