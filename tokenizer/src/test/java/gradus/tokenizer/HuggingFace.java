package gradus.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;

/// The real Hugging Face tokenizers, the Rust library, as a referee.
public final class HuggingFace implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;

    static {
        System.setProperty("ai.djl.offline", "true");
    }

    public HuggingFace(Path folderOrFile) {
        try {
            Path file =
                    folderOrFile.toString().endsWith(".json") ? folderOrFile : folderOrFile.resolve("tokenizer.json");
            tokenizer = HuggingFaceTokenizer.newInstance(
                    file, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int[] encode(String text) {
        return ints(tokenizer.encode(text, false, false).getIds());
    }

    public Encoding encodeForModel(String text) {
        var encoding = tokenizer.encode(text, true, false);
        return new Encoding(ints(encoding.getIds()), ints(encoding.getTypeIds()));
    }

    public Encoding encodeForModel(String first, String second) {
        var encoding = tokenizer.encode(first, second, true, false);
        return new Encoding(ints(encoding.getIds()), ints(encoding.getTypeIds()));
    }

    public String decode(int[] ids) {
        long[] longs = java.util.Arrays.stream(ids).asLongStream().toArray();
        return tokenizer.decode(longs, false);
    }

    private static int[] ints(long[] ids) {
        return LongStream.of(ids).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
