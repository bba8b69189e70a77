package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.tensor.Tensor;
import gradus.tensor.quant.NestedScales;
import gradus.tensor.quant.Nf4;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.train.checkpoint.RawTensor;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against what bitsandbytes 0.50 wrote; nf4_digests.py says how. The 48 matrices are random and hard ones:
/// zeros, equal numbers, ties, huge numbers, denormal ones, odd counts and ragged last blocks.
class FourBitTensorsTest {
    @TempDir
    private Path folder;

    private Safetensors inputs;

    @BeforeEach
    void open() throws IOException {
        for (String name : new String[] {"inputs", "nf4", "nf4-nested"}) {
            try (InputStream in = golden(name + ".safetensors")) {
                Files.copy(in, folder.resolve(name + ".safetensors"));
            }
        }
        inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
    }

    private static InputStream golden(String name) {
        return FourBitTensorsTest.class.getResourceAsStream("nf4/" + name);
    }

    private FourBitTensors fourBit(String name) {
        return new FourBitTensors(Safetensors.open(folder.resolve(name)));
    }

    /// Codes, scales, nested scales, levels and states, and the file as a whole.
    @ParameterizedTest
    @CsvSource({"nf4, false", "nf4-nested, true"})
    void quantisesToTheByteAsBitsandbytesDoes(String file, boolean nested) throws IOException {
        QuantConfig config = new QuantConfig(new Nf4(), nested);
        SequencedMap<String, RawTensor> own = new TreeMap<>();
        inputs.names()
                .forEach(name -> BitsAndBytes.put(own, name, inputs.read(name).quantize(config)));
        Path theirs = folder.resolve(file + ".safetensors");
        Safetensors read = Safetensors.open(theirs);
        assertThat(own.keySet()).isEqualTo(new TreeSet<>(read.names()));
        own.forEach((name, tensor) -> {
            assertThat(tensor.bytes().array()).as(name).isEqualTo(read.bytes(name));
            assertThat(tensor.shape()).as(name).isEqualTo(read.shape(name));
        });
        Path written = folder.resolve("own.safetensors");
        SafetensorsWriter.write(written, new LinkedHashMap<>(), own, Map.of());
        assertThat(Files.mismatch(written, theirs)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nf4", "nf4-nested"})
    void readsAndWritesTheSameBytes(String file) throws IOException {
        Path theirs = folder.resolve(file + ".safetensors");
        FourBitTensors read = fourBit(file + ".safetensors");
        assertThat(read.names()).isEqualTo(read.quantized()).hasSize(48);
        assertThat(read.others().names()).isEmpty();
        SequencedMap<String, RawTensor> again = new TreeMap<>();
        read.quantized().forEach(name -> BitsAndBytes.put(again, name, read.matrix(name)));
        Path written = folder.resolve("again.safetensors");
        SafetensorsWriter.write(written, new LinkedHashMap<>(), again, Map.of());
        assertThat(Files.mismatch(written, theirs)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"nf4, plain", "nf4-nested, nested"})
    void dequantisesToTheBitAsBitsandbytesDoes(String file, String kind) throws Exception {
        Map<String, String> digests;
        try (InputStream in = golden("dequantized.sha256")) {
            digests = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(line -> line[0], line -> line[1]));
        }
        assertThat(digests).hasSize(96);
        FourBitTensors read = fourBit(file + ".safetensors");
        for (String name : read.names()) {
            float[] values = read.read(name).toFloatArray();
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            assertThat(HexFormat.of().formatHex(digest)).as(name).isEqualTo(digests.get(name + "." + kind));
            assertThat(read.shape(name)).isEqualTo(inputs.shape(name));
        }
    }

    /// A mean of scales as Python prints it, in every range of exponents.
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5",
        "1, 1.0",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "1e16, 1e+16",
        "1.5e16, 1.5e+16",
        "123456789012345680, 1.2345678901234568e+17",
        "9999999999999998, 9999999999999998.0",
        "2.2039778523981402e30, 2.2039778523981402e+30",
        "9.999999350456404e-39, 9.999999350456404e-39",
        "0, 0.0",
        "-0.00001, -1e-05",
        "2.548947811126709, 2.548947811126709",
        "1e-320, 1e-320"
    })
    void numbersAreWrittenAsPythonWritesThem(double number, String text) {
        assertThat(BitsAndBytes.python(number)).isEqualTo(text);
    }

    // --- what a file must not say

    /// A small matrix in both layouts, with one of its tensors changed.
    private Path changed(boolean nested, String part, UnaryOperator<RawTensor> change) {
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        float[] values = new float[130];
        Random random = new Random(5);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        QuantizedMatrix matrix = Tensor.of(values, 13, 10).quantize(new QuantConfig(new Nf4(), nested));
        BitsAndBytes.put(tensors, "w", matrix);
        RawTensor replaced = change.apply(tensors.remove("w" + part));
        if (replaced != null) {
            tensors.put("w" + part, replaced);
        }
        Path file = folder.resolve("changed.safetensors");
        SafetensorsWriter.write(file, new LinkedHashMap<>(), tensors, Map.of());
        return file;
    }

    private static RawTensor text(RawTensor state, String from, String to) {
        String json = new String(state.bytes().array(), StandardCharsets.UTF_8);
        assertThat(json).contains(from);
        byte[] bytes = json.replace(from, to).getBytes(StandardCharsets.UTF_8);
        return new RawTensor(state.type(), new long[] {bytes.length}, ByteBuffer.wrap(bytes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"nf4\" | \"fp4\" | quant_type = \"fp4\" is not supported",
                "64 | 128 | blocksize = 128 is not supported",
                "64 | 64.5 | blocksize must be a whole number",
                "[13, 10] | [13] | shape = [13] is not supported",
                "[13, 10] | [13, -10] | shape = [13,-10] is not supported",
                "[13, 10] | [1e9, 1e9] | shape",
                "[13, 10] | [13, 12] | w must be U8 [78, 1]; got U8 [65, 1]",
                "[13, 10] | [0, 10] | shape = [0,10] is not supported",
                "[13, 10] | \"x\" | shape must be a list of numbers",
                "256 | 128 | nested_blocksize = 128 is not supported",
                "\"nested_dtype\": \"float32\" | \"nested_dtype\": \"float16\" | nested_dtype",
                "\"nested_offset\" | \"nested_mean\" | the key 'nested_mean' is not known",
                "\"nested_offset\": | \"nested_offset\": 1e999, \"x\": | 'x' is not known",
                "{ | [ | is not valid JSON",
                "\"blocksize\": 64 | \"blocksize\": 64, \"blocksize\": 64 | is not valid JSON"
            })
    void statesThatMeanSomethingElseAreRefused(String from, String to, String message) {
        Path file = changed(true, ".quant_state.bitsandbytes__nf4", state -> text(state, from, to));
        assertThatThrownBy(() -> new FourBitTensors(Safetensors.open(file)))
                .isInstanceOfAny(CorruptCheckpointException.class, CheckpointMismatchException.class)
                .hasMessageContaining("changed.safetensors")
                .hasMessageContaining(message);
    }

    @Test
    void aHugeOffsetIsRefused() {
        Path file = changed(
                true,
                ".quant_state.bitsandbytes__nf4",
                state -> text(state, "nested_offset\": ", "nested_offset\": 9e99"));
        assertThatThrownBy(() -> new FourBitTensors(Safetensors.open(file)))
                .isInstanceOf(CorruptCheckpointException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".absmax", ".quant_map", ".nested_absmax", ".nested_quant_map"})
    void aMissingPartIsNamed(String part) {
        Path file = changed(true, part, tensor -> null);
        assertThatThrownBy(() -> new FourBitTensors(Safetensors.open(file)))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("w" + part + " must be")
                .hasMessageContaining("got none");
    }

    @ParameterizedTest
    @CsvSource({"false, .absmax", "true, .nested_absmax", "true, .quant_map", "true, .nested_quant_map"})
    void numbersThatAreNotFiniteOrNotTheLevelsAreNamed(boolean nested, String part) {
        Path file = changed(nested, part, tensor -> {
            tensor.bytes().putFloat(0, Float.NaN);
            return tensor;
        });
        assertThatThrownBy(() -> new FourBitTensors(Safetensors.open(file)).read("w"))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("w" + part);
        if (part.endsWith("map")) {
            Path other = changed(nested, part, tensor -> {
                tensor.bytes().putFloat(0, tensor.bytes().getFloat(0) * (1 + 1e-6f));
                return tensor;
            });
            assertThatThrownBy(() -> new FourBitTensors(Safetensors.open(other)).read("w"))
                    .isInstanceOf(CorruptCheckpointException.class)
                    .hasMessageContaining("w" + part + ": level 0 must be");
        }
    }

    /// Whatever bit of the matrix's tensors is flipped: the file is refused in our words, or other numbers
    /// are read.
    @Test
    void everyFlippedBitIsRefusedOrRead() throws IOException {
        for (boolean nested : new boolean[] {false, true}) {
            Path file = changed(nested, ".absmax", tensor -> tensor);
            byte[] bytes = Files.readAllBytes(file);
            Random random = new Random(3);
            int refused = 0;
            for (int i = 0; i < 400; i++) {
                int bit = random.nextInt(8 * bytes.length);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                Path flipped = folder.resolve("flipped.safetensors");
                Files.write(flipped, bytes);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                try {
                    FourBitTensors read = new FourBitTensors(Safetensors.open(flipped));
                    for (String name : read.names()) {
                        if (read.quantized().contains(name)) {
                            assertThat(read.matrix(name).columns()).isPositive();
                        }
                    }
                } catch (GradusException expected) {
                    refused++;
                }
            }
            assertThat(refused).isPositive();
        }
    }

    @Test
    void otherFormatsAreNotPutThere() {
        QuantizedMatrix eight = Tensor.ones(2, 32).quantize(QuantConfig.Q8_0);
        assertThatThrownBy(() -> BitsAndBytes.put(new LinkedHashMap<>(), "w", eight))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("w: is in q8_0");
    }

    @Test
    void scalesOfBothKindsAreTold() {
        assertThat(fourBit("nf4-nested.safetensors").matrix("layer11.weight").scales())
                .isInstanceOf(NestedScales.class);
        assertThat(Stream.of("nf4", "nf4-nested")
                        .map(name -> fourBit(name + ".safetensors").matrix("layer11.weight"))
                        .map(QuantizedMatrix::toString))
                .containsExactly(
                        "QuantizedMatrix(257 × 65, nf4, 9401 bytes)",
                        "QuantizedMatrix(257 × 65, nf4, double, 8627 bytes)");
    }
}
