package gradus.tokenizer.json;

import gradus.error.TokenizerException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tokenizer files as JSON: strict, bounded in depth and size, and every fault told as a TokenizerException.
public final class JsonFile {
    private static final int MAX_DEPTH = 64; // a tokenizer.json nests about 8 deep
    private static final int MAX_BYTES = 256 << 20; // the largest published tokenizer.json is about 35 MB
    private static final int MAX_STRING = 1 << 20;

    // Names are not kept in a table that all files share: a file made of names that collide there, refused itself,
    // would
    // spoil the reading of sound files after it.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_BYTES)
                            .maxStringLength(MAX_STRING)
                            .maxNameLength(MAX_STRING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFile() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// Reads a file whose root is an object.
    public static JsonFields read(Path file) {
        return parse(readBytes(file), file.toString());
    }

    public static JsonFields parse(byte[] json, String source) {
        JsonNode root;
        try {
            root = MAPPER.readTree(TextLines.text(json, source)); // Jackson would read broken UTF-8 as U+FFFD here
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
            throw new TokenizerException(source + where + ": no valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw new TokenizerException(source + ": expected a JSON object; got " + root.getNodeType());
        }
        return new JsonFields(root, source, "");
    }

    public static byte[] readBytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new TokenizerException(file + ": " + size + " bytes is above the limit of " + MAX_BYTES);
            }
            if (Files.isDirectory(file)) {
                throw new TokenizerException(file + ": expected a file; got a folder");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TokenizerException(file + ": cannot be read: " + FileFault.reason(e), e);
        }
    }

    public static void write(Path folder, String name, ObjectNode root) {
        writeText(folder, name, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /// Writes to `NAME.tmp` beside the target and renames, so that a reader never meets half a file, not even
    /// after a crash. The file gets the permissions that any new file gets.
    public static void writeText(Path folder, String name, String text) {
        Path file = folder.resolve(name);
        Path temporary = folder.resolve(name + ".tmp");
        try {
            Files.createDirectories(folder);
            try {
                Files.writeString(temporary, text);
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new TokenizerException(file + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    public static String compact(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /// SHA-256, in hex, of the compact form.
    public static String sha256(ObjectNode root) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(compact(root).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
