package gradus.train.generate.constrain;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.FileReason;
import gradus.tokenizer.json.JsonFault;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON of a schema.
final class SchemaText {
    private static final int DEEPEST = 100;
    private static final int LONGEST = 1 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private SchemaText() {}

    static String read(Path file) {
        try {
            require(!Files.isDirectory(file), "%s: is a folder; name a file with a JSON schema", file);
            require(
                    !Files.exists(file) || Files.size(file) <= LONGEST,
                    "%s: a schema has at most %d bytes",
                    file,
                    LONGEST);
            return Files.readString(file);
        } catch (CharacterCodingException notUtf8) {
            throw new ConfigException(file + ": is not UTF-8", notUtf8);
        } catch (IOException unreadable) {
            throw new ConfigException(file + ": cannot be read: " + FileReason.of(unreadable), unreadable);
        }
    }

    static JsonNode parse(String json) {
        try {
            JsonNode root = MAPPER.readTree(json);
            require(!root.isMissingNode(), "the schema is empty");
            return root;
        } catch (JacksonException broken) {
            TokenStreamLocation at = broken.getLocation();
            throw new ConfigException(
                    (at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ")
                            + "no valid JSON: " + JsonFault.reason(broken),
                    broken);
        }
    }

    /// What a pointer such as `#/$defs/name` points to (RFC 6901).
    static JsonNode at(JsonNode root, String pointer) {
        try {
            return root.at(pointer.substring(1));
        } catch (IllegalArgumentException none) {
            throw new ConfigException(pointer + ": is no JSON pointer", none);
        }
    }
}
