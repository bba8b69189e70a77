package gradus.tokenizer.format;

import gradus.tokenizer.Texts;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.sentencepiece.SentencePieceProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// The golden file of the SentencePiece tests; `make_sentencepiece_golden.py` makes it.
public final class SentencePieceGolden {
    static final int TEXTS = 10_000;
    static final int BLOCK = 100;
    static final JsonFields FILE = Texts.golden("sentencepiece");

    private SentencePieceGolden() {}

    static List<String> models() {
        return List.copyOf(FILE.object("models").fields().keySet());
    }

    public static List<String> tokenizers() {
        return List.copyOf(FILE.object("tokenizers").fields().keySet());
    }

    static byte[] model(String name) {
        return Base64.getDecoder().decode(FILE.object("models").object(name).text("model"));
    }

    /// A model as a `tokenizer.model` in the folder.
    public static Path modelFile(String name, Path folder) {
        return write(folder.resolve("tokenizer.model"), model(name));
    }

    /// A converted tokenizer as a tokenizer.json in the folder.
    public static Path jsonFile(String name, Path folder) {
        ObjectNode json = ((ObjectNode)
                        FILE.object("tokenizers").object(name).object("json").node())
                .deepCopy();
        String text = JsonFile.compact(json);
        if (text.contains("\"@\"")) {
            byte[] charsmap = SentencePieceProto.read(model(name.substring(0, name.indexOf('/'))))
                    .spec()
                    .charsmap()
                    .bytes();
            text = text.replace("\"@\"", "\"" + Base64.getEncoder().encodeToString(charsmap) + "\"");
        }
        return write(folder.resolve("tokenizer.json"), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Path write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> expected(JsonFields golden, String field) {
        return golden.list(field).stream().map(JsonFields::text).toList();
    }

    /// The hashes that the golden file should have of these ids.
    static List<String> hashes(List<int[]> ids) {
        return textHashes(ids.stream()
                .map(each -> Arrays.stream(each).mapToObj(Integer::toString).collect(Collectors.joining(" ")))
                .toList());
    }

    static List<String> textHashes(List<String> rows) {
        var hashes = new ArrayList<String>();
        for (int i = 0; i < rows.size(); i += BLOCK) {
            String block = String.join("\n", rows.subList(i, i + BLOCK)) + "\n";
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(block.getBytes(StandardCharsets.UTF_8));
                hashes.add(HexFormat.of().formatHex(digest, 0, 6));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
        return hashes;
    }
}
