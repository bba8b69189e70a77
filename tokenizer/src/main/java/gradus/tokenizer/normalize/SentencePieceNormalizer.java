package gradus.tokenizer.normalize;

import gradus.tokenizer.sentencepiece.Charsmap;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Spec;
import gradus.tokenizer.text.PieceTrie;
import gradus.tokenizer.text.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What the SentencePiece library does to a text before it cuts: characters are rewritten by the longest rule
/// that fits, of several spaces one stays, a space is put before the text, and spaces are written `▁`.
/// Source: google/sentencepiece, `normalizer.cc`.
///
/// User-defined symbols pass unchanged: the longest that fits is taken before any rule. Cost O(n · longest
/// rule).
public final class SentencePieceNormalizer implements NormalizerStep {
    private static final byte[] SPACE = "▁".getBytes(StandardCharsets.UTF_8);

    private final Spec spec;
    private final PieceTrie symbols;

    /// @param symbols the user-defined symbols
    public SentencePieceNormalizer(Spec spec, List<String> symbols) {
        this.spec = spec;
        this.symbols = PieceTrie.of(symbols);
    }

    public Spec spec() {
        return spec;
    }

    @Override
    public String normalize(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream(in.length + in.length / 2 + 8);
        boolean removes = spec.removeExtraWhitespaces();
        boolean begun = false;
        boolean afterSpace = removes; // spaces that come now are left out
        for (int i = 0; i < in.length; ) {
            long symbol = symbols.longest(in, i, in.length);
            long rule = symbol >= 0 || spec.charsmap() == null
                    ? -1
                    : spec.charsmap().longest(in, i, in.length);
            int length = symbol >= 0 ? PieceTrie.length(symbol) : rule >= 0 ? Charsmap.length(rule) : Utf8.width(in[i]);
            byte[] to = rule >= 0
                    ? spec.charsmap().replacement(rule).getBytes(StandardCharsets.UTF_8)
                    : Arrays.copyOfRange(in, i, i + length);
            i += length;
            if (!begun && !(removes && to.length == 1 && to[0] == ' ')) {
                begun = true;
                if (spec.addDummyPrefix()) {
                    addSpace(out);
                }
            }
            int from = 0;
            while (afterSpace && from < to.length && to[from] == ' ') {
                from++;
            }
            for (int k = from; k < to.length; k++) {
                if (to[k] == ' ') {
                    addSpace(out);
                } else {
                    out.write(to[k]);
                }
            }
            if (from < to.length) {
                afterSpace = removes && to[to.length - 1] == ' ';
            }
        }
        String result = out.toString(StandardCharsets.UTF_8);
        return removes ? withoutLastSpaces(result) : result;
    }

    private void addSpace(ByteArrayOutputStream out) {
        if (spec.escapeWhitespaces()) {
            out.writeBytes(SPACE);
        } else {
            out.write(' ');
        }
    }

    /// An `▁` that stood in the text goes as well.
    private String withoutLastSpaces(String text) {
        char space = spec.escapeWhitespaces() ? '▁' : ' ';
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == space) {
            end--;
        }
        return text.substring(0, end);
    }
}
