package gradus.tokenizer;

import gradus.tokenizer.bpe.ByteAlphabet;
import gradus.tokenizer.text.Utf8;
import java.util.Set;

/// One id per byte of UTF-8: 256 ids, nothing to train, every text can be spelt (ByT5, Xue et al. 2021,
/// arXiv:2105.13626, without its special tokens). No other tokenizer makes longer sequences. Cost O(n).
public final class ByteTokenizer implements Tokenizer {
    @Override
    public int vocabularySize() {
        return 256;
    }

    @Override
    public int[] encode(String text, Set<String> allowedSpecial) {
        byte[] bytes = Utf8.encode(text);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xFF;
        }
        return ids;
    }

    @Override
    public StreamingDecoder decoder() {
        return new StreamingDecoder() {
            @Override
            protected byte[] next(int id, boolean first) {
                return new byte[] {(byte) checkId(id)};
            }
        };
    }

    /// The byte's symbol in GPT-2's byte alphabet.
    @Override
    public String idToToken(int id) {
        return String.valueOf(ByteAlphabet.symbol((byte) checkId(id)));
    }

    @Override
    public int tokenToId(String token) {
        return token != null && token.length() == 1 ? ByteAlphabet.byteOf(token.charAt(0)) : -1;
    }

    @Override
    public int safeCut(String text, int from) {
        return from > 0 && from < text.length() && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
    }

    @Override
    public String name() {
        return "byte";
    }
}
