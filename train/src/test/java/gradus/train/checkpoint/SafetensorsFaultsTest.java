package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import gradus.error.CorruptCheckpointException;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever is done to a file, it is refused by name, or it is another sound file and is read as what it
/// says.
@Timeout(value = 2, unit = TimeUnit.MINUTES) // nothing may hang; all of it takes seconds
class SafetensorsFaultsTest {
    private static final String[] VALUES = {
        "null",
        "true",
        "{}",
        "[]",
        "\"\"",
        "\"F32\"",
        "\"F16\"",
        "\"I64\"",
        "\"F4\"",
        "\"f32\"",
        "[6]",
        "[3,2]",
        "[2,3]",
        "[1,1,6]",
        "[0]",
        "[-1,6]",
        "[0,24]",
        "[24,0]",
        "[0,44]",
        "[24,40]",
        "[40,44]",
        "[20,28]",
        "[0,9223372036854775807]",
        "[9223372036854775807,9223372036854775807]",
        "[4294967296,4294967296]",
        "[1099511627776]",
        "[1.5,4]",
        "[\"2\",3]",
        "[1e2]",
        "[18446744073709551616]",
        "[[2,3]]",
        "[".repeat(200) + "]".repeat(200)
    };

    @TempDir
    private Path folder;

    private Path file;
    private byte[] sound;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("small.safetensors");
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", Tensor.randn(Rng.of(1), 2, 3));
        tensors.put("b", Tensor.of(new double[] {1, -2}, 2));
        tensors.put("c", Tensor.scalar(3));
        SafetensorsWriter.write(file, tensors, SafetensorsWriter.METADATA);
        sound = Files.readAllBytes(file);
    }

    /// Whether the bytes were taken for a sound file.
    private boolean accepted(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        Safetensors read;
        try {
            read = Safetensors.open(file);
        } catch (CorruptCheckpointException refused) {
            assertThat(refused).hasMessageContaining(file.toString());
            return false;
        }
        readsAsItSays(read, bytes);
        return true;
    }

    /// The reader's result against a second, short reading of the same bytes.
    private void readsAsItSays(Safetensors read, byte[] bytes) {
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int start = 8 + (int) all.getLong(0);
        JsonNode header = JsonMapper.shared().readTree(new String(bytes, 8, start - 8, StandardCharsets.UTF_8));
        List<String> names = new ArrayList<>(header.propertyNames());
        names.remove("__metadata__");
        assertThat(read.names()).containsExactlyElementsOf(names);
        for (String name : names) {
            JsonNode entry = header.get(name);
            String type = entry.get("dtype").stringValue();
            int begin = start + entry.get("data_offsets").get(0).asInt();
            int end = start + entry.get("data_offsets").get(1).asInt();
            boolean wide = type.equals("F64");
            if (!wide && !type.equals("F32") || begin == end) {
                continue;
            }
            double[] expected = new double[(end - begin) / (wide ? 8 : 4)];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = wide ? all.getDouble(begin + 8 * i) : all.getFloat(begin + 4 * i);
            }
            assertThat(read.dtype(name)).isEqualTo(wide ? DType.FLOAT64 : DType.FLOAT32);
            assertThat(read.read(name).toArray()).isEqualTo(expected);
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        assertThat(accepted(sound)).isTrue();
        for (int length = 0; length < sound.length; length++) {
            if (accepted(Arrays.copyOf(sound, length))) {
                fail("accepted with %d of %d bytes", length, sound.length);
            }
        }
    }

    @Test
    void everyFlippedBitIsRefusedOrReadAsItStands() throws IOException {
        int accepted = 0;
        for (int bit = 0; bit < 8 * sound.length; bit++) {
            byte[] flipped = sound.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            accepted += accepted(flipped) ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(8 * 44); // the data's 44 bytes have no checksum of their own
    }

    /// The manifest beside a checkpoint's files finds what the format itself cannot. // BAD-INPUT 123
    @Test
    void everyFlippedBitFailsTheManifest() throws IOException {
        Manifest.write(folder, List.of("small.safetensors"));
        Manifest.verify(folder, List.of("small.safetensors"));
        for (int bit = 0; bit < 8 * sound.length; bit++) {
            sound[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, sound);
            sound[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                Manifest.verify(folder, List.of());
                fail("bit %d", bit);
            } catch (CorruptCheckpointException refused) {
                assertThat(refused).hasMessageContaining("changed or damaged");
            }
        }
    }

    /// Bytes of the header replaced, removed, doubled or moved, and numbers grown, by chance.
    @Test
    void tenThousandMutatedHeaders() throws IOException {
        Random random = new Random(7);
        int length = (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] data = Arrays.copyOfRange(sound, 8 + length, sound.length);
        String header = new String(sound, 8, length, StandardCharsets.UTF_8);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder mutated = new StringBuilder(header);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                mutate(mutated, random);
            }
            byte[] json = mutated.toString().getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .put(json)
                    .put(data);
            accepted += accepted(bytes.array()) ? 1 : 0;
        }
        assertThat(accepted).isBetween(1, 5_000); // both ways were taken
    }

    /// Headers that are sound JSON and say something wrong: another type, shape or place, a name twice, a field more
    /// or less, numbers beyond every file. // BAD-INPUT 101
    @Test
    void tenThousandWrongHeaders() throws IOException {
        Random random = new Random(8);
        int length = (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
        JsonNode header = JsonMapper.shared().readTree(new String(sound, 8, length, StandardCharsets.UTF_8));
        byte[] data = Arrays.copyOfRange(sound, 8 + length, sound.length);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            List<Map<String, String>> entries = new ArrayList<>();
            for (String name : List.of("a.weight", "b", "c")) {
                Map<String, String> entry = new LinkedHashMap<>();
                entry.put("", name);
                header.get(name)
                        .properties()
                        .forEach(field ->
                                entry.put(field.getKey(), field.getValue().toString()));
                entries.add(entry);
            }
            for (int n = 1 + random.nextInt(2); n > 0; n--) {
                change(entries, random);
            }
            byte[] json = text(entries).getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .put(json)
                    .put(data);
            accepted += accepted(bytes.array()) ? 1 : 0;
        }
        assertThat(accepted).isBetween(1, 5_000); // both ways were taken
    }

    private static void change(List<Map<String, String>> entries, Random random) {
        Map<String, String> entry = entries.get(random.nextInt(entries.size()));
        List<String> fields = List.of("dtype", "shape", "data_offsets");
        String field = fields.get(random.nextInt(3));
        switch (random.nextInt(6)) {
            case 0 -> entry.remove(field);
            case 1 -> entries.add(entry);
            case 2 -> entry.put("", pick(random, "a.weight", "b", "", "__metadata__", "../b", "é", "a\\u0000b"));
            case 3 -> entry.put(pick(random, "more", "Dtype", "shape "), pick(random, VALUES));
            default -> entry.put(field, pick(random, VALUES));
        }
    }

    private static String text(List<Map<String, String>> entries) {
        return entries.stream()
                .map(entry -> "\"" + entry.get("") + "\":"
                        + entry.entrySet().stream()
                                .filter(field -> !field.getKey().isEmpty())
                                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                                .collect(Collectors.joining(",", "{", "}")))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String pick(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }

    private static void mutate(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        String[] pieces = {
            "9",
            "-",
            "0",
            "[",
            "]",
            "{",
            "}",
            "\"",
            ",",
            ":",
            ".",
            "e9",
            "null",
            "F16",
            "\\u0000",
            "4294967296",
            "é",
            " "
        };
        switch (random.nextInt(4)) {
            case 0 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
            case 1 -> text.delete(at, Math.min(text.length() - 1, at + 1 + random.nextInt(8)));
            case 2 -> text.insert(at, pieces[random.nextInt(pieces.length)]);
            default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(60))));
        }
    }
}
