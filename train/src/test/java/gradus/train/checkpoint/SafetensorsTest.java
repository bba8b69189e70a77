package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("test.safetensors");
    }

    // --- round trips

    @Test
    void readsWhatItWrote() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", Tensor.randn(Rng.of(1), 3, 5));
        tensors.put("scalar", Tensor.scalar(-0.0));
        tensors.put("wide", Tensor.of(new double[] {Math.PI, Double.MIN_VALUE, -1e300}, 3));
        tensors.put("öµ \"quoted\"", Tensor.of(new float[] {Float.NaN, Float.MAX_VALUE}, 1, 2, 1));
        tensors.put("large", Tensor.randn(Rng.of(2), 300_001)); // more than one chunk
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt", "note", "Größe"));
        Safetensors read = Safetensors.open(file);
        assertThat(read.names()).containsExactlyElementsOf(tensors.keySet());
        assertThat(read.metadata()).isEqualTo(Map.of("format", "pt", "note", "Größe"));
        tensors.forEach((name, tensor) -> {
            assertThat(read.dtype(name)).isEqualTo(tensor.dtype());
            assertThat(read.read(name).shape()).isEqualTo(tensor.shape());
            assertThat(read.read(name).toArray()).isEqualTo(tensor.toArray());
        });
    }

    @Test
    void theSameTensorsGiveTheSameBytes() throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>(Map.of("x", Tensor.randn(Rng.of(1), 7)));
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
        byte[] first = Files.readAllBytes(file);
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        assertThat(ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                .isZero();
    }

    /// A file that the Python package safetensors 0.8 wrote; safetensors_golden.py made it.
    @Test
    void readsWhatHuggingFaceWrote() throws IOException {
        try (InputStream golden = SafetensorsTest.class.getResourceAsStream("golden.safetensors")) {
            Files.copy(golden, file);
        }
        Safetensors read = Safetensors.open(file);
        assertThat(read.metadata()).containsEntry("format", "pt");
        assertThat(read.names()).containsExactlyInAnyOrder("single", "double", "half", "brain", "whole", "scalar");
        assertThat(read.read("single").toString())
                .isEqualTo(Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3).toString());
        assertThat(read.read("double").toArray()).containsExactly(0.1, -2.5);
        assertThat(read.read("half").toArray()).containsExactly(0.5, -65504, Double.POSITIVE_INFINITY);
        assertThat(read.read("brain").toArray()).containsExactly(1.5, -0.0078125, 3.3895313892515355e38);
        assertThat(read.read("scalar").item()).isEqualTo(7);
        assertThat(read.read("brain").dtype()).isEqualTo(DType.FLOAT32);
        assertThatThrownBy(() -> read.read("whole"))
                .isInstanceOf(CheckpointMismatchException.class) // BAD-INPUT 136
                .hasMessageContaining("I64");
        assertThat(read.readIndices("whole").values()).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> read.read("none")).isInstanceOf(CheckpointMismatchException.class);
    }

    @Test
    void wholeNumbersAndTruths() {
        StringBuilder header = new StringBuilder("{");
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(-3).putLong(Integer.MAX_VALUE);
        add(header, "I64", data);
        data.putInt(-5).putInt(Integer.MIN_VALUE);
        add(header, "I32", data);
        data.putShort((short) -7).putShort(Short.MAX_VALUE);
        add(header, "I16", data);
        data.put((byte) -9).put((byte) 127);
        add(header, "I8", data);
        data.put((byte) -1).put((byte) 3);
        add(header, "U8", data);
        data.put((byte) 0).put((byte) 1);
        add(header, "BOOL", data);
        data.putLong(1L << 31).putLong(0);
        add(header, "I64", data, "wide");
        write(header.append("}").toString(), Arrays.copyOf(data.array(), data.position()));
        Safetensors read = Safetensors.open(file);
        assertThat(read.readIndices("I64").values()).containsExactly(-3, Integer.MAX_VALUE);
        assertThat(read.readIndices("I32").values()).containsExactly(-5, Integer.MIN_VALUE);
        assertThat(read.readIndices("I16").values()).containsExactly(-7, Short.MAX_VALUE);
        assertThat(read.readIndices("I8").values()).containsExactly(-9, 127);
        assertThat(read.readIndices("U8").values()).containsExactly(255, 3);
        assertThat(read.readIndices("BOOL").values()).containsExactly(0, 1);
        assertThatThrownBy(() -> read.readIndices("wide"))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("2147483648, does not fit an int");
    }

    private static void add(StringBuilder header, String type, ByteBuffer data) {
        add(header, type, data, type);
    }

    /// Two elements that end where the data ends now.
    private static void add(StringBuilder header, String type, ByteBuffer data, String name) {
        int end = data.position();
        int begin = end - 2 * ElementType.valueOf(type).bits / 8;
        header.append(header.length() > 1 ? "," : "")
                .append("\"%s\":{\"dtype\":\"%s\",\"shape\":[2],\"data_offsets\":[%d,%d]}"
                        .formatted(name, type, begin, end));
    }

    @Test
    void halvesAreRoundedToNearestEven() {
        float[] values = {1, -2.5f, 1 + 0x1p-8f, 1 + 3 * 0x1p-8f, Float.NaN, Float.MAX_VALUE, -0f, 0x1p-140f};
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>(Map.of("x", Tensor.of(values, 8)));
        SafetensorsWriter.write(file, tensors, ElementType.BF16);
        // ties go to the even neighbour; what lies above the largest bfloat16 becomes infinite
        assertThat(Safetensors.open(file).read("x").toFloatArray())
                .containsExactly(1, -2.5f, 1, 1 + 0x1p-6f, Float.NaN, Float.POSITIVE_INFINITY, -0f, 0);
        assertThat(ElementType.bfloat16(Float.intBitsToFloat(0x7F800001))).isEqualTo((short) 0x7FC0); // a NaN stays NaN
        SafetensorsWriter.write(file, tensors, ElementType.F16);
        assertThat(Safetensors.open(file).type("x")).isEqualTo(ElementType.F16);
        assertThat(Safetensors.open(file).read("x").toFloatArray())
                .containsExactly(1, -2.5f, 1 + 0x1p-8f, 1 + 3 * 0x1p-8f, Float.NaN, Float.POSITIVE_INFINITY, -0f, 0);
        assertThatThrownBy(() -> SafetensorsWriter.write(file, tensors, ElementType.I8))
                .isInstanceOf(ConfigException.class);
    }

    // --- damage

    /// A file of a header and so many bytes of data.
    private void write(String header, int dataBytes) {
        write(header, new byte[dataBytes]);
    }

    private void write(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        write(json.length, json, data);
    }

    private void write(long length, byte[] json, byte... data) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(json).put(data);
        try {
            Files.write(file, bytes.array());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private void refused(String reason) {
        ThrowingCallable open = () -> Safetensors.open(file);
        assertThatThrownBy(open)
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    private static String entry(String dtype, String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(dtype, shape, offsets);
    }

    @Test
    void aSoundOneIsRead() {
        write(entry("F32", "[2]", "[0,8]") + "   ", 8);
        assertThat(Safetensors.open(file).read("a").toArray()).containsExactly(0, 0);
        write("{}", 0);
        assertThat(Safetensors.open(file).names()).isEmpty();
    }

    @Test
    void theLengthOfTheHeader() throws IOException {
        Files.write(file, new byte[] {1, 2, 3});
        refused("at least 8 bytes; has 3"); // BAD-INPUT 101
        Files.write(file, new byte[0]);
        refused("has 0");
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        write(100_000_001, json);
        refused("at most 100,000,000"); // BAD-INPUT 102
        write(3, json);
        refused("only 2 follow"); // BAD-INPUT 103
        write(-1, json);
        refused("18446744073709551615"); // BAD-INPUT 104
    }

    @Test
    void theHeaderItself() {
        write(2, new byte[] {'{', (byte) 0xFF});
        refused("not UTF-8"); // BAD-INPUT 105
        for (String text : new String[] {"{\"a\":", "{'a':1}", "", "nonsense", "{\"a\"}"}) {
            write(text, 0);
            assertThatThrownBy(() -> Safetensors.open(file))
                    .isInstanceOf(CorruptCheckpointException.class); // BAD-INPUT 106
        }
        write("[1]", 0);
        refused("must be a JSON object"); // BAD-INPUT 107
        write("{} {}", 0);
        refused("must end");
        write("{\"a\":[1]}", 0);
        refused("tensor a must be an object");
        String twice = entry("F32", "[1]", "[0,4]").replace("}}", "},\"a\":{}}");
        write(twice, 4);
        refused("not valid JSON"); // BAD-INPUT 108
        write("[".repeat(100_000), 0);
        assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(CorruptCheckpointException.class);
        write("{\"a\":" + "{\"b\":".repeat(100_000), 0);
        assertThatThrownBy(() -> Safetensors.open(file)).isInstanceOf(CorruptCheckpointException.class);
        write("{\"__metadata__\":{\"n\":1}}", 0);
        refused("strings only; \"n\" is none"); // BAD-INPUT 120
        write("{\"__metadata__\":[]}", 0);
        refused("__metadata__ must be an object");
    }

    private static String two(String first, String second) {
        return ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s}}")
                .formatted(first, second);
    }

    @Test
    void theRanges() {
        write(two("[0,4]", "[2,6]"), 6);
        refused("tensor b begins at 2 inside the one before it"); // BAD-INPUT 109
        write(two("[0,4]", "[0,4]"), 4);
        refused("inside");
        write(two("[0,4]", "[8,12]"), 12);
        refused("a hole of 4 bytes before tensor b"); // BAD-INPUT 110
        write(two("[4,8]", "[0,4]"), 8); // any order will do
        assertThat(Safetensors.open(file).names()).containsExactly("a", "b");
        write(entry("F32", "[2]", "[0,8]"), 9);
        refused("1 bytes follow"); // BAD-INPUT 111
        write(entry("F32", "[2]", "[0,8]"), 7);
        refused("need 8 bytes; the file holds 7"); // BAD-INPUT 112
        write(entry("F32", "[3]", "[0,8]"), 8);
        refused("takes 12 bytes; its data_offsets span 8"); // BAD-INPUT 113
        write(entry("F32", "[4294967296,4294967296]", "[0,8]"), 8);
        refused("over 2^63"); // BAD-INPUT 114
        write(entry("F64", "[2000000000000000000]", "[0,8]"), 8);
        refused("over 2^63"); // BAD-INPUT 115
        write(entry("F32", "[2]", "[8,0]"), 8);
        refused("begin at 8 after their end at 0"); // BAD-INPUT 117
    }

    @ParameterizedTest // BAD-INPUT 116
    @ValueSource(
            strings = {"[-8,0]", "[0.0,8]", "[\"0\",8]", "[0,1e1]", "[0,9223372036854775808]", "[null,8]", "[true,8]"})
    void offsetsThatAreNoWholeNumbers(String offsets) {
        write(entry("F32", "[2]", offsets), 8);
        refused("data_offsets must hold whole numbers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F32 | [2] | [0]       | data_offsets must be two numbers",
                "F32 | [2] | 8         | data_offsets must be an array",
                "F32 | 2   | [0,8]     | shape must be an array",
                "F32 | [-2]| [0,8]     | shape must hold whole numbers",
                "F99 | [2] | [0,8]     | unknown dtype", // BAD-INPUT 118
                "f32 | [2] | [0,8]     | unknown dtype",
                "F4  | [3] | [0,2]     | ends inside a byte", // BAD-INPUT 119
            })
    void entriesThatSayNonsense(String dtype, String shape, String offsets, String reason) {
        write(entry(dtype, shape, offsets), 8);
        refused(reason);
    }

    @Test
    void entriesThatLackOrAddAField() {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8);
        refused("must have dtype, shape and data_offsets");
        write("{\"a\":{\"dtype\":1,\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
        refused("dtype must be a string");
        write("{\"a\":{\"kind\":1}}", 0);
        refused("unknown field \"kind\"");
    }

    @Test
    @Timeout(60) // a fraction of a second on an idle machine; time that grows with the square would not fit
    void manyEntriesTakeLittleTime() { // BAD-INPUT 121
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"t%d\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%d,%d]}".formatted(i, i, i + 1));
        }
        write(header.append("}").toString(), 100_000);
        assertThat(Safetensors.open(file).names()).hasSize(100_000);
    }

    @Test
    void namesThatLookLikePaths() { // BAD-INPUT 122
        for (String name : new String[] {"../../etc/passwd", "a\\u0000b", ""}) {
            write(entry("F32", "[2]", "[0,8]").replace("\"a\"", "\"" + name + "\""), 8);
            refused("is no name for a tensor");
        }
    }

    @Test
    void otherFormatsAreRefusedByName() throws IOException { // BAD-INPUT 127
        Files.write(file, new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0, 8, 0, 1, 2});
        refused("zip archive");
        Files.write(file, new byte[] {(byte) 0x80, 2, '}', 'q', 0, '(', 'X', 6, 0, 0, 0, 'w'});
        refused("Python pickle");
    }

    @Test
    void readingRefusesWhatNoTensorHolds() {
        write(entry("F32", "[0,4]", "[0,0]"), 0); // sound, but empty
        Safetensors empty = Safetensors.open(file);
        assertThat(empty.shape("a")).containsExactly(0, 4);
        assertThatThrownBy(() -> empty.read("a")).isInstanceOf(CheckpointMismatchException.class);
        write(entry("F32", "[1" + ",1".repeat(1000) + "]", "[0,4]"), 4);
        Safetensors deep = Safetensors.open(file);
        assertThatThrownBy(() -> deep.read("a"))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("of rank 1001");
    }

    @Test
    void aFileThatShrinksAfterItWasOpened() throws IOException {
        write(entry("F32", "[2]", "[0,8]"), 8);
        Safetensors open = Safetensors.open(file);
        byte[] all = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(all, all.length - 1));
        assertThatThrownBy(() -> open.read("a"))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("8 bytes were expected");
    }

    @Test
    void missingFilesAndFolders() {
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none")))
                .isInstanceOf(DataException.class) // BAD-INPUT 88
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> Safetensors.open(folder))
                .isInstanceOf(DataException.class) // BAD-INPUT 97
                .hasMessageContaining("not a file");
    }
}
