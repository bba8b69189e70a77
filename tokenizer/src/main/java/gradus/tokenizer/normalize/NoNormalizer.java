package gradus.tokenizer.normalize;

/// Leaves the text as it is: GPT-2, Llama 3.
public record NoNormalizer() implements Normalizer {
    @Override
    public String normalize(String text) {
        return text;
    }
}
