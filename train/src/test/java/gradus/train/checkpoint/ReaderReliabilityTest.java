package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What readers do with files that are made to harm.
class ReaderReliabilityTest {
    @TempDir
    private Path folder;

    private Path withHeader(String json) throws IOException {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        return Files.write(folder.resolve("harm.safetensors"), file.array());
    }

    /// "ab" and "bA" have one hash in h = 33·h + c: 97·33 + 98 = 98·33 + 65. Twelve such pairs make 4,096 names of
    /// one hash, more than a shared table of names would take.
    @Test
    void r7_aFileOfCollidingNamesHarmsNoLaterOne() throws IOException {
        StringBuilder header = new StringBuilder("{");
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < 4096; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((i >> bit & 1) == 0 ? "ab" : "bA");
            }
            header.append(i == 0 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}".formatted(name));
            json.append(i == 0 ? "" : ",").append("\"%s\":1".formatted(name));
        }
        Path harm = withHeader(header.append("}").toString());
        Path config = Files.writeString(folder.resolve("harm.json"), json.append("}"));
        Path sound = folder.resolve("sound.safetensors");
        SafetensorsWriter.write(sound, new LinkedHashMap<>(Map.of("w", Tensor.ones(2))), SafetensorsWriter.METADATA);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> Safetensors.open(harm)).isInstanceOf(CorruptCheckpointException.class);
            assertThat(CheckpointJson.read(config).size()).isEqualTo(4096);
            assertThat(Safetensors.open(sound).names()).containsExactly("w");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"a\":2}  | the key 'a' stands there twice",
                "{\"a\":1           | it ends too early",
                "{\"a\"=1}          | '=' cannot stand there",
                "{\"a\":1} 2        | something follows its end",
                "{\"a\":tru}        | something there is no JSON",
                "[1]                | must be a JSON object",
            })
    void u5_faultsOfJsonAreToldInWordsOfTheirOwn(String json, String words) throws IOException {
        Path file = Files.writeString(folder.resolve("x.json"), json);
        assertThatThrownBy(() -> CheckpointJson.read(file))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(words)
                .hasMessageNotContainingAny("Jackson", "Feature", "jackson", "Token", "Source");
    }

    @Test
    void r15_numbersOfHundredsOfDigitsAndDeepNestsAreRefused() throws IOException {
        Path digits = Files.writeString(folder.resolve("x.json"), "{\"a\": " + "9".repeat(2000) + "}");
        assertThatThrownBy(() -> CheckpointJson.read(digits)).hasMessageContaining("too long");
        Path deep = Files.writeString(folder.resolve("y.json"), "{\"a\": " + "[".repeat(1000));
        assertThatThrownBy(() -> CheckpointJson.read(deep)).hasMessageContaining("too deeply");
        Path offset =
                withHeader("{\"a\":{\"dtype\":\"F32\",\"shape\":[" + "9".repeat(400) + "],\"data_offsets\":[0,4]}}");
        assertThatThrownBy(() -> Safetensors.open(offset))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("whole numbers");
    }

    @Test
    void r15_messagesAreShortAndPlain() throws IOException {
        for (String name : new String[] {"\\u0000", "\\ud800", "\\u001b[31m", "n".repeat(100_000), "\\u202e"}) {
            Path file = withHeader("{\"%s\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}".formatted(name));
            assertThatThrownBy(() -> Safetensors.open(file)).satisfies(thrown -> {
                assertThat(thrown).isInstanceOf(GradusException.class);
                assertThat(thrown.getMessage()).hasSizeLessThanOrEqualTo(500).contains(file.toString());
                assertThat(thrown.getMessage()
                                .codePoints()
                                .noneMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF || c == 0x202E))
                        .isTrue();
            });
        }
    }
}
