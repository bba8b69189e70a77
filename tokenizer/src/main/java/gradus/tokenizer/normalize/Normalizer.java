package gradus.tokenizer.normalize;

/// What is done to a text before it is cut into pre-tokens: lower case, accents taken away, one Unicode form.
///
/// **One of your own** may be given to `BpeTrainerOptions.withNormalizer`. The tokenizer that is trained with it
/// normalizes with it, but cannot be saved: a tokenizer.json can hold only the normalizers it has names for.
@FunctionalInterface
public interface Normalizer {

    /// The normalized text. The same text always gives the same; many threads may call it at the same time.
    String normalize(String text);
}
