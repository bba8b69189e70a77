package gradus.tokenizer.normalize;

/// What is done to a text before it is cut into pre-tokens.
public sealed interface Normalizer permits NoNormalizer, NfcNormalizer, BertNormalizer, NormalizerStep {
    String normalize(String text);
}
