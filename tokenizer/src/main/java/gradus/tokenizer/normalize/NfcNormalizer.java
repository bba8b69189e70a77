package gradus.tokenizer.normalize;

import java.text.Normalizer.Form;

/// Unicode's composed form (UAX 15): `e` and a combining acute become `é`. Qwen2. Decoding gives the composed text.
///
/// By the tables that huggingface/tokenizers has, whatever this JDK's: see [OlderUnicode].
public record NfcNormalizer() implements Normalizer {
    @Override
    public String normalize(String text) {
        if (java.text.Normalizer.isNormalized(text, Form.NFC)) {
            return text;
        }
        var out = new StringBuilder(text.length());
        int start = 0;
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (OlderUnicode.isLaterCombining(c)) {
                out.append(java.text.Normalizer.normalize(text.substring(start, i), Form.NFC));
                out.appendCodePoint(c);
                start = i + Character.charCount(c);
            }
        }
        return out.append(java.text.Normalizer.normalize(text.substring(start), Form.NFC))
                .toString();
    }
}
