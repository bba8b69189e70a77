package gradus.train.generate.constrain;

import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// All 256 bytes, some longer tokens, among them parts of characters and two with the same bytes, and an end.
final class PartsTokenizer implements Tokenizer {
    private static final List<byte[]> LONGER = List.of(
            utf8("{\""),
            utf8("\":"),
            utf8("\": "),
            utf8(",\""),
            utf8(" \""),
            utf8("true"),
            utf8("null"),
            utf8("\\\""),
            utf8("}]"),
            utf8("10"),
            utf8("1."),
            utf8("né"),
            utf8("né"),
            new byte[] {(byte) 0xE8, (byte) 0xAA},
            new byte[] {(byte) 0x9E, '"'},
            new byte[] {(byte) 0x98, (byte) 0x80, '\\'},
            new byte[0]);

    static final int END = 256 + LONGER.size();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] spelled(int id) {
        return id < 256 ? new byte[] {(byte) id} : id < END ? LONGER.get(id - 256) : new byte[0];
    }

    @Override
    public int vocabularySize() {
        return END + 1;
    }

    @Override
    public int[] encode(String text, Set<String> allowedSpecial) {
        byte[] bytes = utf8(text);
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
                return spelled(checkId(id));
            }
        };
    }

    @Override
    public String idToToken(int id) {
        return id == END ? "<end>" : new String(spelled(id), StandardCharsets.ISO_8859_1);
    }

    @Override
    public int tokenToId(String token) {
        for (int id = 0; id <= END; id++) {
            if (idToToken(id).equals(token)) {
                return id;
            }
        }
        return -1;
    }

    @Override
    public Set<String> specialTokens() {
        return Set.of("<end>");
    }

    @Override
    public String name() {
        return "parts";
    }
}
