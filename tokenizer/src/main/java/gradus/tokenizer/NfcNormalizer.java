package gradus.tokenizer;

import java.text.Normalizer.Form;

/// Unicode's composed form (UAX 15): `e` and a combining acute become `é`. Qwen2. Decoding gives the composed text.
public record NfcNormalizer() implements Normalizer {
    @Override
    public String normalize(String text) {
        return java.text.Normalizer.isNormalized(text, Form.NFC)
                ? text
                : java.text.Normalizer.normalize(text, Form.NFC);
    }
}
