package gradus.tokenizer.normalize;

import gradus.tokenizer.sentencepiece.Charsmap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// SentencePiece's rules for characters as the Rust library applies them: T5, XLM-RoBERTa in tokenizer.json.
///
/// It goes by what readers take for one character (`Clusters`): a cluster of fewer than six
/// bytes in which a rule fits *at the beginning* is replaced as a whole by the *shortest* such rule; else each
/// of its characters is looked up alone. [SentencePieceNormalizer] applies the same table by the longest rule at
/// each place, which differs where a letter has marks that no rule knows: `ﬁ` with an acute loses the acute
/// here. Source: huggingface/tokenizers, `normalizers/precompiled.rs`, and the crate `spm_precompiled`.
///
/// Equal by the table's bytes. Cost O(n).
public record Precompiled(Charsmap charsmap) implements NormalizerStep {
    private static final int WHOLE = 6; // bytes from which a cluster is not looked up as a whole

    @Override
    public String normalize(String text) {
        var out = new StringBuilder(text.length());
        var clusters = new Clusters(text);
        for (int i = 0; i < text.length(); ) {
            int end = clusters.end(i);
            append(text, i, end, out);
            i = end;
        }
        return out.toString();
    }

    private void append(String text, int from, int to, StringBuilder out) {
        String cluster = text.substring(from, to);
        byte[] utf8 = cluster.length() < WHOLE ? cluster.getBytes(StandardCharsets.UTF_8) : null;
        if (utf8 != null && utf8.length < WHOLE) {
            long rule = charsmap.shortest(utf8, 0, utf8.length);
            if (rule >= 0) {
                out.append(charsmap.replacement(rule));
                return;
            }
        }
        for (int i = 0; i < cluster.length(); ) {
            int c = cluster.codePointAt(i);
            byte[] one = Character.toString(c).getBytes(StandardCharsets.UTF_8);
            long rule = charsmap.shortest(one, 0, one.length);
            if (rule >= 0) {
                out.append(charsmap.replacement(rule));
            } else {
                out.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Precompiled precompiled
                && Arrays.equals(charsmap.bytes(), precompiled.charsmap.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(charsmap.bytes());
    }
}
