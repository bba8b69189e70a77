package gradus.tokenizer;

import gradus.tokenizer.text.Utf8;
import java.nio.file.Path;
import java.util.Set;

/// One id per byte of UTF-8: 256 ids, nothing to train, every text can be spelt (ByT5, Xue et al. 2021,
/// arXiv:2105.13626, without its specials). Sequences are the longest of all tokenizers'. Cost O(n).
public final class ByteTokenizer implements Tokenizer {
    static final String TYPE = "ByteTokenizer";

    private static final KnownKeys KEYS =
            KnownKeys.of("a byte tokenizer's file").obeyed("type").harmless("there is one version", "version");

    static ByteTokenizer read(JsonFields json) {
        json.check(KEYS);
        return new ByteTokenizer();
    }

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

    /// Of the form that earlier versions wrote, so that runs which remember the fingerprint still know their
    /// tokenizer.
    @Override
    public String fingerprint() {
        return JsonFile.sha256(JsonFile.object().put("version", "1.0").put("type", TYPE));
    }

    /// Writes a tokenizer.json that Hugging Face's libraries read too.
    @Override
    public void save(Path folder) {
        JsonFile.write(folder, "tokenizer.json", ByteTokenizerJson.write());
    }
}
