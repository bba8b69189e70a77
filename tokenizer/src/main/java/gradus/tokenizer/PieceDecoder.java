package gradus.tokenizer;

import gradus.tokenizer.pretokenize.PreSplit;
import gradus.tokenizer.sentencepiece.SentencePieceModel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// How SentencePiece-style pieces become text again. Names and rules are those of huggingface/tokenizers,
/// `decoders/`.
///
/// `▁` becomes a space and `<0x0A>` the byte 0A, and the space that encoding put before the text is removed.
/// Bytes that are not UTF-8 become U+FFFD as everywhere in Gradus, one for each broken character; the Rust
/// library turns each byte of such a run of byte pieces into one U+FFFD.
///
/// @param steps in their order
public record PieceDecoder(List<Step> steps) {

    /// One step.
    public sealed interface Step {}

    /// Puts one text in the place of another.
    public record Replace(String pattern, String content) implements Step {}

    /// Reads `<0xNN>` as a byte.
    public record ByteFallback() implements Step {}

    /// Joins all pieces, so that what follows sees one text.
    public record Fuse() implements Step {}

    /// Takes up to `start` of these characters from the beginning of the fused text.
    public record Strip(char content, int start) implements Step {}

    /// `▁` becomes a space, but in the first piece it goes.
    public record Metaspace(char replacement, PreSplit.Prepend prepend, boolean cuts) implements Step {}

    /// The decoder of a Llama 2.
    static PieceDecoder llama(boolean stripsPrefix) {
        Step replace = new Replace("▁", " ");
        return new PieceDecoder(
                stripsPrefix
                        ? List.of(replace, new ByteFallback(), new Fuse(), new Strip(' ', 1))
                        : List.of(replace, new ByteFallback(), new Fuse()));
    }

    /// A decoder for one stream of tokens.
    StreamingDecoder over(Tokenizer tokenizer) {
        return new StreamingDecoder() {
            private int toStrip;

            @Override
            protected byte[] next(int id, boolean first) {
                if (!tokenizer.hasToken(tokenizer.checkId(id))) {
                    return null;
                }
                byte[] bytes = bytesOf(tokenizer.idToToken(id), first);
                toStrip = first ? stripCount() : toStrip;
                return stripped(bytes);
            }

            private byte[] stripped(byte[] bytes) {
                int cut = 0;
                while (cut < bytes.length && toStrip > 0) {
                    if (bytes[cut] == stripContent()) {
                        cut++;
                        toStrip--;
                    } else {
                        toStrip = 0;
                    }
                }
                return cut == 0 ? bytes : Arrays.copyOfRange(bytes, cut, bytes.length);
            }
        };
    }

    private int stripCount() {
        return steps.getLast() instanceof Strip strip ? strip.start : 0;
    }

    private char stripContent() {
        return steps.getLast() instanceof Strip strip ? strip.content : 0;
    }

    private byte[] bytesOf(String token, boolean first) {
        String text = token;
        for (Step step : steps) {
            switch (step) {
                case Replace replace -> text = text.replace(replace.pattern, replace.content);
                case ByteFallback fallback -> {
                    int value = SentencePieceModel.byteOf(text);
                    if (value >= 0) {
                        return new byte[] {(byte) value};
                    }
                }
                case Metaspace(char sign, PreSplit.Prepend prepend, boolean cuts) ->
                    text = first && prepend != PreSplit.Prepend.NEVER
                            ? text.replace(String.valueOf(sign), "")
                            : text.replace(sign, ' ');
                case Fuse fuse -> {}
                case Strip strip -> {}
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
