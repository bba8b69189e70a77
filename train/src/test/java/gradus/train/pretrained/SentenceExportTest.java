package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `gradus export` wrote of an encoder that `gradus train --task contrastive` had trained, and the vectors
/// that sentence-transformers made with it (`sentence_golden.py`).
class SentenceExportTest {
    private static final Path EXPORTED = Path.of("src/test/resources/gradus/train/pretrained/sentence");

    /// Sums of 16 terms of order 1 in float32, one layer: 16 roundings of 6e-8 and those of the functions.
    @Test
    void sentenceTransformersMakesTheSameVectors() {
        JsonNode expected = JsonMapper.shared().readTree(EXPORTED.resolve("expected.json"));
        List<String> texts =
                expected.get("texts").valueStream().map(JsonNode::asString).toList();
        float[][] vectors = SentenceEmbedding.load(EXPORTED).embed(texts);
        assertThat(vectors).hasDimensions(texts.size(), 16);
        for (int i = 0; i < vectors.length; i++) {
            for (int c = 0; c < 16; c++) {
                assertThat((double) vectors[i][c])
                        .as("%s, %s", texts.get(i), c)
                        .isCloseTo(expected.get("vectors").get(i).get(c).asDouble(), within(2e-6));
            }
        }
    }

    /// The files that it opened are those that are written.
    @Test
    void theFilesAreThoseThatItOpened(@TempDir Path folder) throws IOException {
        SentenceFiles.write(folder, SentenceEmbedding.load(EXPORTED).settings(), 16);
        for (String file : List.of("modules.json", "sentence_bert_config.json", "1_Pooling/config.json")) {
            assertThat(folder.resolve(file)).as(file).hasSameTextualContentAs(EXPORTED.resolve(file));
        }
        assertThat(Files.exists(folder.resolve("2_Normalize"))).isFalse(); // it has no settings
    }
}
